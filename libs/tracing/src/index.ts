export * from './log.js';
export { loggingConfig } from './logging.config.js';
export * from './metrics.js';
export * from './telemetry.js';
export * from './trace-context.js';
