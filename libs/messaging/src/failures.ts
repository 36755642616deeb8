export interface FailureOptions {
  cause?: unknown;
  /** Milliseconds to wait before the next attempt, where the other side says so. */
  retryAfterMs?: number;
}

/** Thrown when trying again may help. The record is retried in place with back-off; only its own key waits. */
export class TransientFailure extends Error {
  readonly retryAfterMs: number | undefined;
  constructor(message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'TransientFailure';
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Thrown when trying again cannot help. The record becomes a dead letter at once. */
export class PermanentFailure extends Error {
  constructor(message: string, options: Pick<FailureOptions, 'cause'> = {}) {
    super(message, options);
    this.name = 'PermanentFailure';
  }
}

/**
 * Thrown when something that many records need (log, database, model, channel) is not there. Opens the
 * dependency's breaker: consumption pauses and no record's attempts are used up.
 */
export class DependencyUnavailable extends TransientFailure {
  constructor(
    /** The breaker's name: `database`, `log`, `model:…`, `channel:…`. */
    readonly dependency: string,
    message: string,
    options: FailureOptions = {},
  ) {
    super(message, options);
    this.name = 'DependencyUnavailable';
  }
}

/** Thrown when the log cannot be reached. */
export class TransportUnavailableError extends DependencyUnavailable {
  constructor(message: string, options: FailureOptions = {}) {
    super('log', message, options);
    this.name = 'TransportUnavailableError';
  }
}
