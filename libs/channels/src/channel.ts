import type { AttachmentReference, ReplyComposed } from '@clawdesk/envelope';

/** What a channel can do. Whoever needs to know asks these; nobody asks for a channel's id. */
export interface ChannelCapabilities {
  /** Longest text of one message, in characters (code points). */
  textLimit: number;
  /** Content types that may be sent, e.g. `image/png`; empty: text only. */
  media: readonly string[];
  /** Hours after the customer's last message in which they may be written to. Undefined: always. */
  replyWindowHours?: number;
  /**
   * What makes a message sent. `timeline`: standing on the timeline, from where the customer's screen reads it; no
   * network is involved, and `send` is never called. `provider`: the provider's answer to `send`.
   */
  settledBy: 'timeline' | 'provider';
  /**
   * What may be done when nobody knows whether a message was sent. `repeat`: send it again, the provider recognises the
   * reply's id. `leave`: only a look-up, a later notice or a person can tell.
   */
  whenUnknown: 'repeat' | 'leave';
  /** Messages that one account may send per second, and at once. */
  rate: { perSecond: number; burst: number };
}

/** What identifies an inbound message on its channel. */
export interface InboundIdentity {
  /** Thread key, or the channel's own id of the thread: which of them is up to the channel, but for ever the same. */
  thread: string;
  /** The channel's own id of the message. */
  channelMessageId: string;
  /** An edit is an event of its own. @default message */
  kind?: 'message' | 'edit';
}

/** A customer's message as a webhook brought it, before the tenant's pseudonyms are known. */
export interface InboundMessage {
  /** The tenant's account on the channel, from the verified request. */
  account: string;
  /** The channel's own id of the thread. */
  channelThread: string;
  channelMessageId: string;
  contactPoint: string;
  text: string;
  attachments: readonly AttachmentReference[];
  /** ISO 8601. */
  channelTime: string;
  locale?: string;
  kind?: 'message' | 'edit';
}

export interface WebhookRequest {
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  /** The raw bytes: signatures are over these, not over what was parsed from them. */
  body: Buffer;
}

/** How a channel's provider calls us. */
export interface ChannelWebhook {
  /**
   * Whether the request is the provider's, by its signature under one of the account's secrets (the new and the old one while
   * they are rotated). Never throws.
   */
  verify(request: WebhookRequest, secrets: readonly string[]): boolean;
  /** The messages in a verified request; events of other kinds are left out. */
  receive(request: WebhookRequest): InboundMessage[];
}

/** What became of one attempt to send. */
export interface SendResult {
  /** `failed`: certainly not sent. `unknown`: nobody can tell, e.g. the connection broke before the answer. */
  outcome: 'sent' | 'failed' | 'unknown';
  /** The provider's id of the message. */
  providerId?: string;
  /** With `failed`: another attempt may succeed, not before this many milliseconds. Left out: it never will. */
  retryAfterMs?: number;
  /** With `retryAfterMs`: the whole account must wait, not just this thread. */
  accountWide?: boolean;
  /** Why, without the text of the message. */
  detail?: string;
}

export interface SendOptions {
  /** Aborted when the attempt takes too long. */
  signal: AbortSignal;
}

/** One way on which customers write and are written to. One file `<id>.channel.ts`, listed in channels.ts. */
export interface Channel {
  /** Never changes: it stands in the database and in records. */
  readonly id: string;
  readonly capabilities: ChannelCapabilities;
  /** How its provider calls us, for channels that are called. */
  readonly webhook?: ChannelWebhook;
  /** Same message, same key, however often the channel brings it; includes the thread and the kind of event. */
  dedupKey(message: InboundIdentity): string;
  /** Makes one attempt. What it throws counts as `unknown`. */
  send(outbound: ReplyComposed, options: SendOptions): Promise<SendResult>;
}
