export interface PoolConfig {
  /** Connections of the app role. `DATABASE_POOL_MAX` @default 8 */
  appConnections: number;
  /** Connections of the platform role. `DATABASE_PLATFORM_POOL_MAX` @default 2 */
  platformConnections: number;
  /** Longest statement, ms. `DATABASE_STATEMENT_TIMEOUT_MS` @default 15000 */
  statementTimeoutMs: number;
  /** Longest wait for a lock, ms. @default 10000 */
  lockTimeoutMs: number;
  /** Longest wait for a connection, ms. @default 5000 */
  connectTimeoutMs: number;
  /** Statements are prepared once per connection. `DATABASE_PREPARE=off` for poolers that do not know that. @default true */
  prepareStatements: boolean;
}

export function databaseConfig(env: NodeJS.ProcessEnv = process.env): PoolConfig {
  const positive = (name: string, fallback: number): number => {
    const value = Number(env[name] ?? fallback);
    if (Number.isInteger(value) && value > 0) return value;
    throw new Error(`${name} is '${env[name]}': give a whole number above 0.`);
  };
  return {
    appConnections: positive('DATABASE_POOL_MAX', 8),
    platformConnections: positive('DATABASE_PLATFORM_POOL_MAX', 2),
    statementTimeoutMs: positive('DATABASE_STATEMENT_TIMEOUT_MS', 15_000),
    lockTimeoutMs: positive('DATABASE_LOCK_TIMEOUT_MS', 10_000),
    connectTimeoutMs: positive('DATABASE_CONNECT_TIMEOUT_MS', 5_000),
    prepareStatements: env['DATABASE_PREPARE'] !== 'off',
  };
}
