import type { Kafka } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import type { AdminConnection } from './admin-connection.js';
import { GroupMembership } from './group-membership.js';
import { kafkaConfig } from './kafka.config.js';

type Listener = (event: { payload: object }) => void;
type EachBatch = (payload: object) => Promise<void>;

/** A member of a group of one topic with one partition, whose kafkajs is played by hand. */
class Played {
  readonly accepted: string[] = [];
  private readonly listeners = new Map<string, Listener>();
  private eachBatch: EachBatch = () => Promise.resolve();
  readonly member: GroupMembership;

  constructor() {
    const events = Object.fromEntries(
      ['FETCH_START', 'START_BATCH_PROCESS', 'REBALANCING', 'DISCONNECT', 'STOP', 'GROUP_JOIN', 'CRASH'].map(
        (name) => [name, name],
      ),
    );
    const consumer = {
      events,
      // Of two for one event the last: the other is RunningConsumer's, which matters only when the member leaves.
      on: (name: string, listener: Listener) => this.listeners.set(name, listener),
      connect: () => Promise.resolve(),
      subscribe: () => Promise.resolve(),
      run: ({ eachBatch }: { eachBatch: EachBatch }) => {
        this.eachBatch = eachBatch;
        return Promise.resolve();
      },
    };
    this.member = new GroupMembership(
      { consumer: () => consumer } as unknown as Kafka,
      kafkaConfig({ KAFKA_BROKERS: 'nobody:1' }),
      {} as AdminConnection,
      {
        group: 'g',
        topic: 't',
        sink: {
          assigned: () => undefined,
          rebalancing: () => undefined,
          accept: (_partition, records) => {
            this.accepted.push(...records.map(({ value }) => value.toString()));
            return true;
          },
        },
      },
      (error) => {
        throw error;
      },
    );
    void this.member.start();
  }

  fetch(nodeId: number): void {
    this.listeners.get('FETCH_START')!({ payload: { nodeId } });
  }

  join(): void {
    this.listeners.get('GROUP_JOIN')!({ payload: { memberId: 'm', memberAssignment: { t: [0] } } });
  }

  batch(offset: number, value: string): Promise<void> {
    return this.eachBatch({
      batch: {
        topic: 't',
        partition: 0,
        messages: [
          { offset: String(offset), key: null, value: Buffer.from(value), timestamp: '0', headers: {} },
        ],
        lastOffset: () => String(offset),
      },
      resolveOffset: () => undefined,
      commitOffsetsIfNecessary: () => Promise.resolve(),
      pause: () => undefined,
    });
  }
}

describe('GroupMembership with several brokers', () => {
  it('does not take a batch that was fetched before the last join but one', async () => {
    const played = new Played();
    await new Promise((resolve) => setImmediate(resolve));
    played.join();
    played.fetch(1);
    played.fetch(2);
    played.join();
    // Broker 1 still holds its fetch from before this join when the next one comes.
    played.fetch(2);
    played.join();
    await played.batch(5, 'fetched from an old position');
    expect(played.accepted).toEqual([]);
    await played.batch(3, 'fetched anew');
    expect(played.accepted).toEqual(['fetched anew']);
  });
});
