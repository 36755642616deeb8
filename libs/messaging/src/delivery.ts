import type { Envelope, Outgoing, Topic } from '@clawdesk/envelope';
import type { HandlerOptions } from './handles.js';
import type { LogRecord, OutgoingRecord } from './transport.js';

/** A handler as the strategy found it. */
export interface RegisteredHandler {
  topic: Topic;
  /** Service the group belongs to: what stands before the first dot of the group's name. */
  service: string;
  options: Required<HandlerOptions>;
  invoke(message: object, event: Envelope<object>, signal: AbortSignal): Promise<readonly Outgoing[]>;
}

/** One record on its way through the chain of one handler. */
export interface Delivery {
  readonly record: LogRecord;
  readonly handler: RegisteredHandler;
  /** Aborted when the partition is revoked or the process drains too long. */
  signal: AbortSignal;
  /** Set by readEnvelope; without it `unreadable` says why. `data` is set by decodePayload. */
  event: Envelope<object>;
  unreadable?: Error;
  /** Set once the record lies in the dead-letter topic: why. */
  deadLettered?: Error;
  /** Attempts begun so far. */
  attempts: number;
  /** When the current attempt began, ms; undefined while the record waits (back-off, breaker). */
  attemptStartedAt: number | undefined;
  /** Holds back the other records of this handler until the promise settles. */
  holdConsumption(until: Promise<void>): void;
}

/** Handles a delivery and returns what was, or is to be, published. */
export type Handle = (delivery: Delivery) => Promise<readonly OutgoingRecord[]>;

/** Wraps the rest of the chain. */
export type Middleware = (next: Handle) => Handle;

/** The first of the list becomes the outermost. */
export const compose = (middlewares: readonly Middleware[], innermost: Handle): Handle =>
  middlewares.reduceRight((next, middleware) => middleware(next), innermost);
