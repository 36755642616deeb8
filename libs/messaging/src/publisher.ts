import type { Outgoing } from '@clawdesk/envelope';

/** What an event from outside (an HTTP request, a timer) starts from. */
export interface Origin {
  tenant: string;
  /** Record key: the thread key, or the tenant for tenant-wide topics. */
  key: string;
  /** Event id, deterministic where the same cause may come again. */
  id: string;
  /** Whose data it carries; the key when left out. */
  subjectkey?: string;
  /** Id of what all this began with; `id` when left out. */
  correlationid?: string;
}

/** Publishes what does not come out of a handler: log-first ingress, HTTP commands, timers. Handlers return their outputs instead. */
export abstract class Publisher {
  /**
   * Resolves once the log has it durably.
   * @throws {TransportUnavailableError} when the log is down; nothing is promised then.
   */
  abstract publish(outgoing: Outgoing, origin: Origin): Promise<void>;
}
