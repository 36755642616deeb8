export interface SenderConfig {
  /** Deliveries of one account under way at once, each of another thread. */
  concurrency: number;
  /** Milliseconds that one attempt may take. */
  attemptMs: number;
  /** Attempts before a reply that was certainly not sent is given up. */
  attempts: number;
  /** Pause after the first attempt that failed, milliseconds; doubled with each, up to `longestPauseMs`. */
  firstPauseMs: number;
  longestPauseMs: number;
  /** Failures of an account in a row after which the whole account pauses. */
  breakAfter: number;
  /** How long an account is held without a sign of life. Longer than an attempt by far. */
  leaseMs: number;
  /** How often deliveries are looked for that nothing woke the sender for. */
  pollMs: number;
}

export const senderConfig: SenderConfig = {
  concurrency: 8,
  attemptMs: 10_000,
  attempts: 8,
  firstPauseMs: 500,
  longestPauseMs: 60_000,
  breakAfter: 5,
  leaseMs: 30_000,
  pollMs: 1_000,
};
