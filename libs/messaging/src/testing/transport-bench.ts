import { randomBytes } from 'node:crypto';
import type { OutgoingRecord, TopicSpec, Transport } from '../transport.js';

/** A running log as a driver's contract test provides it. */
export interface TransportUnderTest {
  /** A further instance, not started yet, on the same log: another replica of the process. */
  transport(): Transport;
  /** Ends the server hard (kill -9) and starts it again on the same data; resolves when it answers. */
  restart?: () => Promise<void>;
  stop(): Promise<void>;
}

/** What the rules share: replicas that are closed after each rule, and names no other rule uses. */
export class TransportBench {
  private readonly replicas: Transport[] = [];
  readonly fatal: Error[] = [];

  constructor(private readonly server: TransportUnderTest) {}

  get canRestart(): boolean {
    return this.server.restart !== undefined;
  }

  restart(): Promise<void> {
    if (!this.server.restart) throw new Error('This driver cannot restart its server.');
    return this.server.restart();
  }

  /** A topic name or group name of this rule alone. */
  unique(word: string): string {
    return `contract.${word}-${randomBytes(6).toString('hex')}`;
  }

  topic(partitions = 1): TopicSpec {
    return { name: this.unique('topic'), partitions };
  }

  /** A further replica, started with these topics. */
  async replica(...topics: readonly TopicSpec[]): Promise<Transport> {
    const transport = this.server.transport();
    this.replicas.push(transport);
    transport.onFatal((error) => this.fatal.push(error));
    await transport.start(topics);
    return transport;
  }

  async closeReplicas(): Promise<void> {
    await Promise.all(this.replicas.splice(0).map((replica) => replica.close()));
    this.fatal.splice(0);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** A record whose value is this text. */
export const record = (
  topic: TopicSpec,
  key: string,
  value: string | Buffer,
  headers = {},
): OutgoingRecord => ({
  topic: topic.name,
  key,
  headers,
  value: Buffer.from(value),
});

/** `count` records of one key, valued `<key>#0`, `<key>#1`, … */
export const numbered = (topic: TopicSpec, key: string, count: number, from = 0): OutgoingRecord[] =>
  Array.from({ length: count }, (_, index) => record(topic, key, `${key}#${from + index}`));

/**
 * Polls until the condition holds; a condition that throws does not hold yet.
 * @throws when it does not within the time, with what was last seen.
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seen: () => unknown = () => '',
  limitMs = 60_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const state = JSON.stringify(seen());
      throw new Error(`Not within ${limitMs / 1000} s: ${what}. Seen: ${state}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
