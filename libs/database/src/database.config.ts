export interface PoolConfig {
  /** Connections of the app role. `DATABASE_POOL_MAX` @default 8 */
  appConnections: number;
  /** Connections of the platform role. `DATABASE_PLATFORM_POOL_MAX` @default 2 */
  platformConnections: number;
  /** Longest statement, ms. `DATABASE_STATEMENT_TIMEOUT_MS` @default 15000 */
  statementTimeoutMs: number;
  /** Longest wait for a lock, ms. `DATABASE_LOCK_TIMEOUT_MS` @default 10000 */
  lockTimeoutMs: number;
  /** Longest wait for a connection, ms. `DATABASE_CONNECT_TIMEOUT_MS` @default 5000 */
  connectTimeoutMs: number;
  /** Statements are prepared once per connection. `DATABASE_PREPARE=off` for poolers that do not know that. @default true */
  prepareStatements: boolean;
}

/** Thrown when variables are wrong: one sentence for each. */
export class DatabaseConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'DatabaseConfigurationError';
  }
}

/** @throws {DatabaseConfigurationError} with one sentence per variable that is wrong. */
export function databaseConfig(env: NodeJS.ProcessEnv = process.env): PoolConfig {
  const problems: string[] = [];
  const positive = (name: string, fallback: number): number => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    problems.push(`${name} is '${text}': give a whole number above 0.`);
    return fallback;
  };
  const prepare = env['DATABASE_PREPARE']?.trim() || 'on';
  if (prepare !== 'on' && prepare !== 'off') {
    problems.push(`DATABASE_PREPARE is '${prepare}': give on or off.`);
  }
  const config: PoolConfig = {
    appConnections: positive('DATABASE_POOL_MAX', 8),
    platformConnections: positive('DATABASE_PLATFORM_POOL_MAX', 2),
    statementTimeoutMs: positive('DATABASE_STATEMENT_TIMEOUT_MS', 15_000),
    lockTimeoutMs: positive('DATABASE_LOCK_TIMEOUT_MS', 10_000),
    connectTimeoutMs: positive('DATABASE_CONNECT_TIMEOUT_MS', 5_000),
    prepareStatements: prepare === 'on',
  };
  if (problems.length > 0) throw new DatabaseConfigurationError(problems);
  return config;
}
