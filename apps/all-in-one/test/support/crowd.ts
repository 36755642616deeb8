import { expect } from 'vitest';
import { until } from '@clawdesk/testing';
import { addFaults, checkHistory, noFaults, type Faults } from '@clawdesk/bench';
import { articles } from './articles.js';
import type { Customer } from './customer.js';
import type { World } from './world.js';

const messagesEach = 10;

/** Questions in turn, so that answers differ. */
const questionOf = (index: number): string =>
  `${articles[index % articles.length]?.title ?? ''}: how does that work?`;

/**
 * Many customers of both tenants who write at the same time. Every other one waits for each reply; the rest write on
 * without waiting. Each sends a message again until it is accepted.
 */
export class Crowd {
  private readonly talks: Promise<void>;
  private stopped: unknown;

  private constructor(
    private readonly world: World,
    readonly customers: readonly Customer[],
  ) {
    this.talks = Promise.all(customers.map((customer, index) => this.talk(customer, index))).then(
      () => undefined,
    );
    this.talks.catch((error: unknown) => (this.stopped = error));
  }

  static async of(world: World, size: number): Promise<Crowd> {
    const customers: Customer[] = [];
    for (let index = 0; index < size; index += 1) {
      customers.push(await world.customer(world.tenants[index % 2]));
    }
    return new Crowd(world, customers);
  }

  get accepted(): number {
    return this.customers.reduce((sum, { accepted }) => sum + accepted.length, 0);
  }

  get total(): number {
    return this.customers.length * messagesEach;
  }

  /** Resolves once so many messages have been accepted. */
  async hasSent(count: number): Promise<void> {
    await until(
      () => {
        if (this.stopped) throw this.stopped;
        return this.accepted >= count;
      },
      { what: `${count} accepted messages`, timeoutMs: 120_000 },
    );
  }

  /** Resolves once all messages have been accepted. */
  everythingSent(): Promise<void> {
    return this.talks;
  }

  /** Every accepted message ends in exactly one state, is replied to at most once, and in order; on the timeline and on the stream. */
  async expectPromiseKept(): Promise<void> {
    await until(async () => (await this.faults()).lost.length === 0, {
      what: 'the end of every turn',
      timeoutMs: 120_000,
    }).catch(
      // The faults say more than the time that is over.
      () => undefined,
    );
    expect(await this.faults()).toEqual(noFaults());
    expect(this.accepted).toBe(this.total);
    for (const customer of this.customers) {
      const { timeline } = await this.conversationOf(customer);
      const last = timeline.length;
      await customer.sees(
        ({ sequence }) => sequence === last,
        `entry ${last} of ${customer.thread.conversation}`,
        60_000,
      );
      const streamed = customer.entries;
      expect(streamed.map(({ sequence, kind, id }) => ({ sequence, kind, id }))).toEqual(
        timeline.slice(0, streamed.length).map(({ sequence, kind, id }) => ({ sequence, kind, id })),
      );
    }
  }

  private async talk(customer: Customer, index: number): Promise<void> {
    for (let message = 0; message < messagesEach; message += 1) {
      // The same client ids in both tenants.
      const id = await customer.send(questionOf(index + message), { clientId: `message-${message}` });
      if (index % 4 < 2) await customer.settled(id, 180_000);
    }
  }

  private async faults(): Promise<Faults> {
    const faults = noFaults();
    for (const customer of this.customers) {
      const { id, timeline } = await this.conversationOf(customer);
      addFaults(faults, checkHistory(id, customer.accepted, timeline));
    }
    return faults;
  }

  private conversationOf(customer: Customer): ReturnType<Customer['client']['conversation']> {
    return customer.client.conversation(customer.thread.conversation);
  }
}
