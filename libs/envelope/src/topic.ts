/** What is published: a payload for a topic. The engine adds ids, causation, tracing and encoding. */
export interface Outgoing<P extends object = object> {
  topic: Topic<P>;
  data: P;
  /** Record key; the key of the record being handled when left out. */
  key?: string;
  /** Whose personal data it carries; that of the record being handled when left out. */
  subjectkey?: string;
  /** Fixed event id, for events whose id is defined elsewhere (a command's, a timer's); derived when left out. */
  id?: string;
}

export interface TopicOptions {
  /** Services that may publish it. */
  producers: readonly string[];
  /** Consumer groups that read it, by their pinned names. Each must have exactly one handler. */
  groups: readonly string[];
  /** Services of which every replica reads it through `@Broadcasts`, from now on. Each must have exactly one listener. */
  broadcastTo?: readonly string[];
  /** A dead letter of this topic is a customer's turn that failed: publishes `turn.failed`. */
  partOfTurn?: boolean;
}

/** A row of the topic table: name, payload class and schema version in one place. */
export class Topic<P extends object = object> {
  readonly producers: readonly string[];
  readonly groups: readonly string[];
  readonly broadcast: boolean;
  readonly broadcastTo: readonly string[];
  readonly partOfTurn: boolean;

  constructor(
    readonly name: string,
    /** major.minor; within a major only optional additions. */
    readonly version: string,
    readonly payload: new () => P,
    options: TopicOptions,
  ) {
    this.producers = options.producers;
    this.groups = options.groups;
    this.broadcast = options.broadcastTo !== undefined;
    this.broadcastTo = options.broadcastTo ?? [];
    this.partOfTurn = options.partOfTurn ?? false;
  }

  /** CloudEvents `dataschema` of what is written now. */
  get dataschema(): string {
    return `clawdesk:${this.name}:${this.version}`;
  }

  /** Where records go that no handler can take. */
  get deadLetterTopic(): string {
    return `${this.name}.dead`;
  }

  message(data: P, options: Omit<Outgoing<P>, 'topic' | 'data'> = {}): Outgoing<P> {
    return { topic: this, data, ...options };
  }
}
