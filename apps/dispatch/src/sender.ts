import { Inject, Injectable } from '@nestjs/common';
import { TenantDirectory } from '@clawdesk/auth';
import { ChannelRegistry } from '@clawdesk/channels';
import { Lifecycle } from '@clawdesk/host';
import { Publisher } from '@clawdesk/messaging';
import { logger } from '@clawdesk/tracing';
import { AccountSender } from './account-sender.js';
import type { Account } from './delivery.js';
import type { SenderConfig } from './dispatch.config.js';
import { SendsStore } from './sends.store.js';

const log = logger('dispatch');

export const SENDER_CONFIG = Symbol('SENDER_CONFIG');

/**
 * Sends what was claimed for channels that a provider settles: one sender per channel account. Woken by claims in this
 * process; a poll finds what other processes left.
 */
@Injectable()
export class Sender {
  private readonly senders = new Map<string, AccountSender>();
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> | undefined;
  private running = false;

  constructor(
    private readonly sends: SendsStore,
    private readonly publisher: Publisher,
    private readonly tenants: TenantDirectory,
    private readonly channels: ChannelRegistry,
    @Inject(SENDER_CONFIG) private readonly config: SenderConfig,
    lifecycle: Lifecycle,
  ) {
    lifecycle.onReady(() => this.start());
    lifecycle.onDrain(() => this.stop());
  }

  /** Something was claimed for the account. */
  wake(account: Account): void {
    if (this.running) this.of(account)?.wake();
  }

  private start(): void {
    // With channels that settle by themselves there is nothing to send, and nothing to look for.
    if (this.channels.all.every(({ capabilities }) => capabilities.settledBy === 'timeline')) return;
    this.running = true;
    this.poll();
  }

  private async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.polling;
    await Promise.all([...this.senders.values()].map((sender) => sender.stop()));
  }

  private poll(): void {
    this.polling = this.lookAround()
      .catch((error: unknown) => log.warn({ err: error }, 'Looking for deliveries failed; trying again'))
      .then(() => {
        if (this.running) this.timer = setTimeout(() => this.poll(), this.config.pollMs);
      });
  }

  private async lookAround(): Promise<void> {
    for (const { id } of await this.tenants.all()) {
      for (const account of await this.sends.openAccounts(id)) this.wake(account);
    }
  }

  private of(account: Account): AccountSender | undefined {
    const key = JSON.stringify([account.tenant, account.channel, account.account]);
    let sender = this.senders.get(key);
    if (!sender) {
      const channel = this.channels.find(account.channel);
      if (!channel) {
        log.error({ channel: account.channel }, 'There are deliveries for a channel that is not listed');
        return undefined;
      }
      const { sends, publisher, config } = this;
      sender = new AccountSender(account, channel, { sends, publisher, config });
      this.senders.set(key, sender);
    }
    return sender;
  }
}
