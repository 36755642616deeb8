export interface LoggingConfig {
  level: string;
}

/** `LOG_LEVEL`: pino's levels. @default info */
export const loggingConfig = (env: NodeJS.ProcessEnv = process.env): LoggingConfig => ({
  level: env['LOG_LEVEL'] ?? 'info',
});
