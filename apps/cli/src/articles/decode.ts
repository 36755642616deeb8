import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { UnreadableSourceError } from './source.js';

/** U+FFFD stands where bytes were no text in the file's encoding. */
export const broken = '\uFFFD';

const notText = 'is not a text file';

/** Tells the encoding from the first bytes. @throws {UnreadableSourceError} for what is no text at all. */
export function encodingOf(start: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start.includes(0)) throw new UnreadableSourceError(notText);
  return 'utf-8';
}

/** A whole text file. @throws {UnreadableSourceError} when it is no text, or bytes of it are none. */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file);
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof UnreadableSourceError) throw error;
    throw new UnreadableSourceError(`is not UTF-8${lineOfBrokenText(bytes)}: save it as UTF-8`);
  }
}

function lineOfBrokenText(bytes: Buffer): string {
  const before = new TextDecoder().decode(bytes).split(broken)[0];
  return before === undefined ? '' : ` (line ${before.split('\n').length})`;
}

/** A text file piece by piece; bytes that are no text become U+FFFD, so that only the rows with them are lost. */
export async function* textChunks(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encodingOf(await firstBytes(file)));
  for await (const chunk of createReadStream(file)) {
    if (decoder.encoding === 'utf-8' && (chunk as Buffer).includes(0))
      throw new UnreadableSourceError(notText);
    yield decoder.decode(chunk as Buffer, { stream: true });
  }
  yield decoder.decode();
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
