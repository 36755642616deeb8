import { validatorOf } from './schemas.js';
import type { Topic } from './topic.js';
import { NewerSchemaError, UndecodableRecordError } from './undecodable.js';

/** Largest payload of a record, bytes. */
export const largestPayload = 256 * 1024;

/** Thrown when a payload does not fit its topic: a fault of whoever publishes it. */
export class UnfitPayloadError extends Error {
  constructor(topic: string, problem: string) {
    super(`A payload for '${topic}' ${problem}`);
    this.name = 'UnfitPayloadError';
  }
}

/**
 * Encodes a payload. The one place where payloads are written: fields marked as personal are protected here.
 * @throws {UnfitPayloadError} when it does not fit its schema or is too large.
 */
export function encode<P extends object>(topic: Topic<P>, data: P): Buffer {
  const validate = validatorOf(topic as Topic);
  const value = bytesOf(JSON.stringify(data));
  if (!validate(data)) throw new UnfitPayloadError(topic.name, problemOf(validate.errors));
  if (value.length > largestPayload) {
    throw new UnfitPayloadError(
      topic.name,
      `is ${value.length} bytes long; at most ${largestPayload} are allowed`,
    );
  }
  return value;
}

/** Not from Node's pool: a record that is kept for a while would keep the 64 KiB around it. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

/**
 * Decodes and checks a payload. Fields that this version does not know are carried on.
 * @throws {NewerSchemaError} when it was written by a newer major version.
 * @throws {UndecodableRecordError} when it is not JSON or does not fit its schema; names places, never values.
 */
export function decode<P extends object>(topic: Topic<P>, dataschema: string, value: Buffer): P {
  checkVersion(topic as Topic, dataschema);
  let data: unknown;
  try {
    data = JSON.parse(value.toString('utf8'));
  } catch {
    // The parser's message quotes the text; it must not reach a log.
    throw new UndecodableRecordError(`The payload of '${topic.name}' is not JSON`);
  }
  const validate = validatorOf(topic as Topic);
  if (!validate(data))
    throw new UndecodableRecordError(`The payload of '${topic.name}' ${problemOf(validate.errors)}`);
  return data as P;
}

function checkVersion(topic: Topic, dataschema: string): void {
  const match = /^clawdesk:(.+):(\d+)\.(\d+)$/.exec(dataschema);
  if (!match || match[1] !== topic.name) {
    throw new UndecodableRecordError(`Header 'ce_dataschema' does not name a schema of '${topic.name}'`);
  }
  const known = Number(topic.version.split('.')[0]);
  if (Number(match[2]) > known)
    throw new NewerSchemaError(topic.name, `${match[2]}.${match[3]}`, topic.version);
}

interface Problem {
  instancePath: string;
  message?: string;
  keyword: string;
}

function problemOf(errors: readonly Problem[] | null | undefined): string {
  const [first] = errors ?? [];
  return first ? `is wrong at '${first.instancePath || '/'}': ${first.message ?? first.keyword}` : 'is wrong';
}
