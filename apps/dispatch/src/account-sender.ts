import { randomUUID } from 'node:crypto';
import type { Channel, SendResult } from '@clawdesk/channels';
import { deriveId, Topics } from '@clawdesk/envelope';
import type { Publisher } from '@clawdesk/messaging';
import { continueTrace, counter, logger } from '@clawdesk/tracing';
import { AccountPace } from './account-pace.js';
import type { Account, Delivery, UnreportedDelivery } from './delivery.js';
import type { SenderConfig } from './dispatch.config.js';
import { judgeAttempt, type Verdict } from './judge-attempt.js';
import type { SendsStore } from './sends.store.js';

const log = logger('dispatch');
const attemptsMade = counter('clawdesk_send_attempts_total', 'Attempts to send a reply, by their outcome', [
  'channel',
  'outcome',
]);

export interface SenderParts {
  sends: SendsStore;
  publisher: Publisher;
  config: SenderConfig;
}

/** Works off the deliveries of one channel account: the head of each thread first, threads side by side. */
export class AccountSender {
  private readonly holder = randomUUID();
  private readonly pace: AccountPace;
  private readonly inFlight = new Set<Promise<void>>();
  private heldUntil = 0;
  private wanted = false;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private timerDue = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly of: Account,
    private readonly channel: Channel,
    private readonly parts: SenderParts,
  ) {
    this.pace = new AccountPace(channel.capabilities.rate, parts.config);
  }

  /** There may be something to do. */
  wake(): void {
    if (this.stopping.signal.aborted) return;
    this.wanted = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
      // Woken between the last look and now.
      if (this.wanted) this.wake();
    });
  }

  /** Begins nothing more, waits for what is being sent, and lets another process go on. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.wanted = false;
    await this.working;
    await Promise.all(this.inFlight);
    if (this.heldUntil === 0) return;
    try {
      await this.report();
      await this.parts.sends.release(this.of, this.holder);
    } catch (error) {
      log.warn({ err: error }, 'A sender could not be handed over; it is taken over when its time is up');
    }
  }

  private async work(): Promise<void> {
    while (this.wanted && !this.stopping.signal.aborted) {
      this.wanted = false;
      try {
        await this.pass();
      } catch (error) {
        // Database or log away: the poll comes back to it.
        log.warn({ err: error, channel: this.channel.id }, 'The sender waits');
        return;
      }
    }
  }

  private async pass(): Promise<void> {
    if (!(await this.held())) return;
    await this.report();
    const free = this.pace.probing
      ? 1 - this.inFlight.size
      : this.parts.config.concurrency - this.inFlight.size;
    if (free <= 0) return;
    const most = Math.min(free, this.pace.available());
    if (most <= 0) {
      this.later(this.pace.waitMs());
      return;
    }
    const begun = await this.parts.sends.begin(this.of, most);
    this.pace.take(begun.length);
    for (const delivery of begun) this.track(this.send(delivery));
    // As many as were asked for: there may be more that only the rate holds back.
    if (begun.length === most && most < free) this.later(this.pace.waitMs());
  }

  private track(sending: Promise<void>): void {
    const tracked = sending.finally(() => {
      this.inFlight.delete(tracked);
      this.wake();
    });
    this.inFlight.add(tracked);
  }

  /** Wakes in that time, or sooner when something else is due sooner. */
  private later(ms: number): void {
    const due = Date.now() + ms;
    if (this.timer && this.timerDue <= due) return;
    clearTimeout(this.timer);
    this.timerDue = due;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.wake();
    }, ms);
  }

  /** An attempt must be over before the lease is: only then can nobody else send beside it. */
  private async held(): Promise<boolean> {
    const { config, sends } = this.parts;
    const now = Date.now();
    if (this.heldUntil - now > 2 * config.attemptMs) return true;
    const goesOn = this.heldUntil > now;
    const until = await sends.hold(this.of, this.holder, config.leaseMs);
    if (until === undefined) {
      this.heldUntil = 0;
      return false;
    }
    if (!goesOn) await sends.takeOver(this.of, this.channel.capabilities.whenUnknown === 'repeat');
    this.heldUntil = until;
    return true;
  }

  private async send(delivery: Delivery): Promise<void> {
    const { config } = this.parts;
    const result = await this.attempt(delivery);
    attemptsMade.inc({ channel: this.channel.id, outcome: result.outcome });
    const verdict = judgeAttempt(result, delivery.attempts, this.channel.capabilities, config);
    if (result.outcome === 'sent' || (result.outcome === 'failed' && result.retryAfterMs === undefined)) {
      // A refusal is an answer: the account works.
      this.pace.succeeded();
    } else if (result.accountWide) this.pace.pause(result.retryAfterMs ?? config.firstPauseMs);
    else if (this.pace.failed())
      log.warn({ channel: this.channel.id }, 'An account pauses after failures in a row');
    await this.keep(delivery, verdict);
  }

  private async attempt({ reply }: Delivery): Promise<SendResult> {
    const { textLimit } = this.channel.capabilities;
    if ([...reply.text].length > textLimit) {
      return {
        outcome: 'failed',
        detail: `The text is longer than the ${textLimit} characters of this channel.`,
      };
    }
    const signal = AbortSignal.timeout(this.parts.config.attemptMs);
    try {
      return await Promise.race([this.channel.send(reply, { signal }), overdue(signal)]);
    } catch (error) {
      if (!signal.aborted)
        log.error({ err: error, channel: this.channel.id }, 'A channel threw while sending');
      const detail = signal.aborted ? 'No answer in time.' : 'The channel failed unexpectedly.';
      return { outcome: 'unknown', detail };
    }
  }

  /** What is known must be kept: until it is, or the process ends, it is tried again. */
  private async keep({ reply: { reply } }: Delivery, verdict: Verdict): Promise<void> {
    const { sends, config } = this.parts;
    const { tenant } = this.of;
    for (let pause = config.firstPauseMs; ; pause = Math.min(5_000, pause * 2)) {
      try {
        if ('settle' in verdict) await sends.settle(tenant, reply, verdict.settle);
        else await sends.postpone(tenant, reply, verdict.againMs, verdict.detail);
        break;
      } catch (error) {
        log.warn({ err: error }, 'The outcome of a delivery could not be kept yet');
        if (this.stopping.signal.aborted) return;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    if ('againMs' in verdict) this.later(Math.max(verdict.againMs, this.pace.waitMs()));
  }

  /** The same outcome reported twice has the same event id. */
  private async report(): Promise<void> {
    const { sends, publisher } = this.parts;
    const { tenant } = this.of;
    for (const delivery of await sends.unreported(this.of)) {
      const { reply, origin } = delivery;
      const { traceparent, ...rest } = origin;
      const id = deriveId(
        'event',
        reply.reply,
        'dispatch.sender',
        Topics.replyDelivered.name,
        delivery.outcome,
      );
      await continueTrace('report_delivery', traceparent, {}, () =>
        publisher.publish(delivered(delivery), { tenant, id, ...rest }),
      );
      await sends.reported(tenant, reply.reply);
    }
  }
}

const delivered = ({ reply, outcome, providerId, detail }: UnreportedDelivery) =>
  Topics.replyDelivered.message({
    ...reply,
    outcome,
    ...(providerId !== undefined && { providerId: providerId.slice(0, 200) }),
    ...(detail !== undefined && { detail }),
  });

/** A channel that does not heed its signal must not hold the thread for ever. */
const overdue = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
