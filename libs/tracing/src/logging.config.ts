const levels: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

export interface LoggingConfig {
  level: string;
  /** What is wrong with the variable. It is read before anything can be said, so `level` is the default then. */
  problem?: string;
}

/** `LOG_LEVEL`: pino's levels. @default info */
export function loggingConfig(env: NodeJS.ProcessEnv = process.env): LoggingConfig {
  const level = env['LOG_LEVEL']?.trim() || 'info';
  if (levels.includes(level)) return { level };
  return { level: 'info', problem: `LOG_LEVEL is '${level}': give one of ${levels.join(', ')}.` };
}
