import type { Citation, CommandType, OwnerKind, TimelineEntry, TurnState } from '@clawdesk/envelope';

export type { Citation, CommandType, OwnerKind, TimelineEntry, TurnState };

/** A visitor's thread: the token is all that is needed to write to it and to follow it. */
export interface Thread {
  token: string;
  thread: string;
  conversation: string;
  expiresAt: string;
}

/** A message that the log has durably. */
export interface Accepted {
  id: string;
  conversation: string;
  thread: string;
}

/** A timeline entry as it comes on the stream. */
export type StreamEvent = TimelineEntry & { conversation: string };

/** A help article as the API takes it. */
export interface Article {
  id: string;
  title: string;
  body: string;
  url?: string;
  language?: string;
  /** What the body is written in. @default text */
  format?: 'text' | 'markdown' | 'html';
  /** Where it was imported from, for people. */
  source?: string;
}

/** An article as lists show it. */
export interface ArticleSummary {
  id: string;
  version: number;
  title: string;
  language: string;
  url?: string;
  source?: string;
  updatedAt: string;
}

export type ImportOutcome = 'created' | 'updated' | 'unchanged' | 'rejected';

/** What became of one article of an import. */
export interface ImportedArticle {
  id: string;
  outcome: ImportOutcome;
  version?: number;
  /** Why it was rejected. */
  reason?: string;
}

export interface Tenant {
  id: string;
  name: string;
}

/** A new tenant with its first API key, which is shown only now. */
export interface NewTenant extends Tenant {
  apiKey: string;
}

export interface ConversationSummary {
  id: string;
  state?: string;
  owner?: OwnerKind;
}

/** A conversation with everything that was said in it. */
export interface Conversation extends ConversationSummary {
  timeline: TimelineEntry[];
}

/** What a person tells the platform to do with a conversation; the same id twice has one effect. */
export interface Command {
  id: string;
  type: CommandType;
  text?: string;
}

export interface ServiceHealth {
  ready: boolean;
  /** What is not there, for people; empty when ready. */
  missing: string[];
}
