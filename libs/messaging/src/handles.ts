import {
  applyDecorators,
  Controller,
  createParamDecorator,
  UseFilters,
  type ExecutionContext,
} from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Envelope, Outgoing, Topic } from '@clawdesk/envelope';
import { RethrowFilter } from './rethrow.filter.js';

export interface HandlerOptions {
  /** Consumer group: pinned, explicit, `<service>.<verb-noun>`, one per handler. */
  group: string;
  /**
   * `stateless`: no transaction, may call the network with the context's signal.
   * `stateful`: runs inside one short tenant-scoped transaction, no network; its outputs are stored with the event's id.
   */
  kind: 'stateless' | 'stateful';
  /** Keys handled side by side. @default 64 */
  concurrency?: number;
  /** Milliseconds after which one attempt is given up as a TransientFailure. @default 30000 */
  timeoutMs?: number;
  /** Attempts before a TransientFailure becomes a dead letter. @default 8 */
  attempts?: number;
  /** Name of the spans of its records. @default process_message */
  span?: string;
}

/** What a handler may use besides the message. */
export interface HandlerContext<P extends object = object> {
  event: Envelope<P>;
  /** Aborted when the attempt times out or the partition is revoked. */
  signal: AbortSignal;
}

/** Handlers return what to publish; the engine publishes it after the transaction has committed. */
export type HandlerMethod<P extends object> = (
  message: P,
  event: Envelope<P>,
  signal: AbortSignal,
) => Promise<Outgoing[] | void> | Outgoing[] | void;

export interface HandlesExtras extends HandlerOptions {
  kindOfSubscription: 'group';
}
export interface BroadcastsExtras {
  kindOfSubscription: 'broadcast';
}

const FromContext = createParamDecorator((name: keyof HandlerContext, context: ExecutionContext) => {
  return context.switchToRpc().getContext<HandlerContext>()[name];
});

function fillParameters(target: object, property: string | symbol): void {
  Payload()(target, property, 0);
  FromContext('event')(target, property, 1);
  FromContext('signal')(target, property, 2);
}

function subscribe(
  topic: string,
  extras: HandlesExtras | BroadcastsExtras,
  target: object,
  property: string | symbol,
  descriptor: PropertyDescriptor,
): void {
  fillParameters(target, property);
  EventPattern(topic, { ...extras })(target, property, descriptor);
}

/**
 * Makes a method of a `@Consumer()` class the handler of a topic for one consumer group.
 * The class goes into its module's `controllers`.
 */
export function Handles<P extends object>(topic: Topic<P>, options: HandlerOptions) {
  return <M extends HandlerMethod<P>>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const extras: HandlesExtras = { kindOfSubscription: 'group', ...options };
    subscribe(topic.name, extras, target, property, descriptor);
  };
}

/**
 * Every replica gets every record of the topic from now on. On each (re)connect the method is called without a
 * message first: reload from the store what may have been missed.
 */
export function Broadcasts<P extends object>(topic: Topic<P>) {
  return <M extends (message: P | undefined, event: Envelope<P> | undefined) => Promise<void>>(
    target: object,
    property: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const extras: BroadcastsExtras = { kindOfSubscription: 'broadcast' };
    subscribe(topic.name, extras, target, property, descriptor);
  };
}

/** Marks a class whose methods handle topics. Their errors reach the engine as they are. */
export const Consumer = (): ClassDecorator => applyDecorators(Controller(), UseFilters(RethrowFilter));
