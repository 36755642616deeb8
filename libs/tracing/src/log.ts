import { pino, type Logger } from 'pino';
import { loggingConfig } from './logging.config.js';
import { currentTraceIds } from './trace-context.js';

const root = pino({
  level: loggingConfig().level,
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  mixin: () => currentTraceIds() ?? {},
  // Errors carry their message, stack and code, never the record or body that caused them.
  serializers: { err: pino.stdSerializers.err },
});

/** JSON logger of one part (service or lib). Never log message text, addresses or other personal fields. */
export const logger = (part: string): Logger => root.child({ part });
