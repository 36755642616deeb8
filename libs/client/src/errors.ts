/** One field of a request that the server refused. */
export interface RefusedField {
  field: string;
  message: string;
}

/** Anything that went wrong between this client and Clawdesk; the message is a sentence for people. */
export class ClawdeskError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Thrown when nothing answers at the address, or the connection broke before the answer. */
export class UnreachableError extends ClawdeskError {
  constructor(
    readonly url: string,
    options?: ErrorOptions,
  ) {
    super(
      `Clawdesk does not answer at ${new URL(url).origin}: start it with \`npm start\`, or set CLAWDESK_URL.`,
      options,
    );
  }
}

/** Thrown when the server answered with a problem (RFC 9457). */
export class ProblemError extends ClawdeskError {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | undefined,
    readonly errors: readonly RefusedField[],
    /** What the server asks to wait before the next attempt. */
    readonly retryAfterMs: number | undefined,
  ) {
    const fields = errors.map(({ field, message }) =>
      message.startsWith(field) ? message : `${field}: ${message}`,
    );
    super([detail ?? title, ...fields].join(' · ') + ` (HTTP ${status})`);
  }

  /** Whether the same request may succeed later. */
  get passing(): boolean {
    return this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** Thrown when what answers is not Clawdesk, or not one that this client understands. */
export class UnexpectedAnswerError extends ClawdeskError {
  constructor(
    readonly url: string,
    readonly status: number,
    found: string,
  ) {
    super(`${url} answered ${status} with ${found}: is CLAWDESK_URL the address of a Clawdesk server?`);
  }
}

/** Thrown when a stream left out a number of the timeline, also after it was asked again. */
export class StreamGapError extends ClawdeskError {
  constructor(
    readonly after: number,
    readonly received: number,
  ) {
    super(`The stream went from entry ${after} to ${received}: entries between them are missing.`);
  }
}
