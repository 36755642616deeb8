import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';
import { Lifecycle, RedisConnection } from '@clawdesk/host';
import { logger } from '@clawdesk/tracing';
import { wakingConfig } from './gateway.config.js';
import { LiveStreams, type ConversationRef } from './live-streams.js';
import { RedisWaking } from './redis-waking.js';
import { packWakes, readNotice, writeNotice, type Notice } from './wake-notices.js';

const log = logger('gateway');
const channel = 'clawdesk_gateway';

/**
 * The other processes that serve streams. They are told which conversations have new events, by Redis when it reaches them all,
 * else by NOTIFY; when there are none nobody is told anything. A wake-up carries no event: those are read from the store.
 */
@Injectable()
export class Replicas {
  private readonly self = randomUUID();
  private readonly seenAt = new Map<string, number>();
  private readonly waiting = new Map<string, ConversationRef>();
  private readonly redis: RedisWaking | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private greeting: NodeJS.Timeout | undefined;
  private stopListening: (() => Promise<void>) | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly streams: LiveStreams,
    redis: RedisConnection,
    lifecycle: Lifecycle,
  ) {
    this.redis =
      redis.client &&
      new RedisWaking(redis.client, channel, {
        onMessage: (text) => this.hear(text),
        onConnect: () => this.streams.wakeAll(),
      });
    lifecycle.onReady(() => this.start());
    lifecycle.onDrain(() => this.stop());
  }

  /** The conversation has new events in the store. */
  tell(ref: ConversationRef): void {
    if (this.seenAt.size === 0) return;
    this.waiting.set(`${ref.tenant}/${ref.conversation}`, ref);
    this.gathering ??= setTimeout(() => this.send(), wakingConfig.gatherMs);
  }

  private async start(): Promise<void> {
    this.stopListening = await this.database.listen(channel, (text) => {
      // Empty: connected (again), so that something may have been missed.
      if (text === '') {
        this.streams.wakeAll();
        this.greet();
      } else this.hear(text);
    });
    await this.redis?.start();
    this.greeting = setInterval(() => this.greet(), wakingConfig.helloMs);
  }

  private async stop(): Promise<void> {
    clearInterval(this.greeting);
    clearTimeout(this.gathering);
    if (this.waiting.size > 0) this.send();
    this.notify(writeNotice({ kind: 'bye', from: this.self }));
    for (let last; last !== this.telling;) await (last = this.telling);
    await this.stopListening?.();
    this.redis?.stop();
  }

  private greet(): void {
    const gone = Date.now() - wakingConfig.goneMs;
    for (const [replica, at] of this.seenAt) if (at < gone) this.seenAt.delete(replica);
    this.notify(writeNotice({ kind: 'hello', from: this.self }));
  }

  private hear(text: string): void {
    const notice = readNotice(text);
    if (!notice) {
      log.warn('A notice of another process could not be read: is it of another version?');
      return;
    }
    if (notice.from === this.self) return;
    this.meet(notice);
    if (notice.kind === 'wake') for (const ref of notice.refs) this.streams.wake(ref);
  }

  private meet({ kind, from }: Notice): void {
    if (kind === 'bye') {
      this.seenAt.delete(from);
      return;
    }
    const known = this.seenAt.has(from);
    this.seenAt.set(from, Date.now());
    if (known) return;
    // Neither told the other anything until now: let it know us, and look for what we were not told.
    this.greet();
    this.streams.wakeAll();
  }

  private send(): void {
    this.gathering = undefined;
    const refs = [...this.waiting.values()];
    this.waiting.clear();
    for (const text of packWakes(this.self, refs)) this.telling = this.telling.then(() => this.spread(text));
  }

  private async spread(text: string): Promise<void> {
    const reached = (await this.redis?.publish(text)) ?? 0;
    // This process hears itself, so that all others are reached only with one more than those that are known.
    if (reached <= this.seenAt.size) this.notify(text);
  }

  private notify(text: string): void {
    const notifying = this.database
      .platformScope((manager) => manager.query('SELECT pg_notify($1, $2)', [channel, text]))
      .then(
        () => undefined,
        // Whoever listens loses the connection as well, and looks into the store when it is back.
        (error: unknown) => log.debug({ err: error }, 'Other replicas could not be told'),
      );
    this.telling = this.telling.then(() => notifying);
  }
}
