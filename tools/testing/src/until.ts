export interface UntilOptions {
  /** @default 10000 */
  timeoutMs?: number;
  /** What is waited for, for the message when it does not come. */
  what: string;
}

/**
 * Polls until the condition gives something other than false, null or undefined, and returns that.
 * A condition that throws counts as not met; its last error becomes the cause.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, what }: UntilOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs;
  let cause: unknown;
  for (let delay = 2; ; delay = Math.min(50, delay * 2)) {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, delay));
  }
}
