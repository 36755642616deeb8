import type { ReplyComposed } from '@clawdesk/envelope';

/** What is kept of a reply until its outcome is reported. */
export interface StoredReply {
  reply: ReplyComposed;
  origin: { correlationid: string; subjectkey: string; key: string; traceparent?: string };
}

/** A channel account of a tenant. */
export interface Account {
  tenant: string;
  channel: string;
  account: string;
}

/** What became of a reply for good. */
export interface Settlement {
  outcome: 'sent' | 'failed' | 'unknown';
  providerId?: string;
  detail?: string;
}

/** A delivery that is being sent. */
export interface Delivery extends StoredReply {
  attempts: number;
}

/** A delivery whose outcome is known here and not yet on the log. */
export interface UnreportedDelivery extends StoredReply, Settlement {}
