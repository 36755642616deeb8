import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Envelope, Outgoing } from '@clawdesk/envelope';
import type { HandlerContext } from './handles.js';
import type { FoundHandler } from './registry.js';
import type { Router } from './router.js';

/** Nest's way into the engine: collects `@Handles` and `@Broadcasts` methods and starts the router with them. */
export class LogStrategy extends Server implements CustomTransportStrategy {
  private readonly found: FoundHandler[] = [];

  constructor(private readonly router: Router) {
    super();
  }

  // Nest chains handlers of one pattern into one; ours are separate consumer groups.
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    _isEvent = false,
    extras: object = {},
  ): void {
    this.found.push({ pattern: String(pattern), extras, invoke: invokerOf(callback) });
  }

  listen(callback: (error?: unknown) => void): void {
    this.router.start(this.found).then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  async close(): Promise<void> {
    await this.router.close();
  }

  override on(): never {
    throw new Error('The log has no events to listen to; see /metrics and the logs.');
  }

  override unwrap<T>(): T {
    return this.router as T;
  }
}

function invokerOf(callback: MessageHandler): FoundHandler['invoke'] {
  return async (
    message: object,
    event: Envelope<object>,
    signal: AbortSignal,
  ): Promise<readonly Outgoing[]> => {
    const context: HandlerContext = { event, signal };
    const returned: unknown = await callback(message, context);
    const outputs: unknown = isObservable(returned)
      ? await lastValueFrom(returned, { defaultValue: undefined })
      : returned;
    return (outputs as readonly Outgoing[] | undefined) ?? [];
  };
}
