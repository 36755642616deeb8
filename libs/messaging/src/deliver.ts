import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import type { Envelope, Outgoing, Topic } from '@clawdesk/envelope';

/**
 * Calls the `@Handles` method of `handler` for the event's topic and returns what it wants published:
 * tests a handler in one line, without the engine.
 */
export async function deliver<P extends object>(
  handler: object,
  topic: Topic<P>,
  event: Envelope<P>,
): Promise<Outgoing[]> {
  const prototype = Object.getPrototypeOf(handler) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (typeof method !== 'function') continue;
    const patterns: unknown = Reflect.getMetadata(PATTERN_METADATA, method);
    if (!Array.isArray(patterns) || !patterns.includes(topic.name)) continue;
    const outputs: unknown = await method.call(handler, event.data, event, new AbortController().signal);
    return (outputs as Outgoing[] | undefined) ?? [];
  }
  throw new Error(`${handler.constructor.name} has no @Handles for topic '${topic.name}'`);
}
