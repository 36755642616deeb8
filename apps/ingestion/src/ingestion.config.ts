import { ConfigurationError } from '@clawdesk/host';

/** A token bucket: `burst` at once, then `perSecond`. */
export interface Rate {
  perSecond: number;
  burst: number;
}

export interface IngestionConfig {
  /** Messages of one visitor. `RATE_VISITOR_PER_S` @default 2, `RATE_VISITOR_BURST` @default 20 */
  visitor: Rate;
  /** Messages of one tenant. `RATE_TENANT_PER_S` @default 500, `RATE_TENANT_BURST` @default 1000 */
  tenant: Rate;
  /** Threads opened from one address. `RATE_THREADS_PER_S` @default 300, `RATE_THREADS_BURST` @default 1000 */
  threads: Rate;
}

/** Largest request body of the chat. */
export const chatBodyLimit = 64 * 1024;
/** Longest message, in characters. */
export const longestText = 10_000;

/** @throws {ConfigurationError} listing every wrong variable. */
export function ingestionConfig(env: NodeJS.ProcessEnv = process.env): IngestionConfig {
  const problems: string[] = [];
  const number = (name: string, fallback: number, low: number): number => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    const value = Number(text);
    if (Number.isFinite(value) && value >= low) return value;
    problems.push(`${name} is '${text}': give a number of at least ${low}.`);
    return fallback;
  };
  const rate = (name: string, perSecond: number, burst: number): Rate => ({
    perSecond: number(`RATE_${name}_PER_S`, perSecond, 0.01),
    burst: number(`RATE_${name}_BURST`, burst, 1),
  });
  const config = {
    visitor: rate('VISITOR', 2, 20),
    tenant: rate('TENANT', 500, 1_000),
    threads: rate('THREADS', 300, 1_000),
  };
  if (problems.length > 0)
    throw new ConfigurationError(`The configuration is wrong.\n${problems.map((p) => `  ${p}`).join('\n')}`);
  return config;
}
