import { pino, type Logger } from 'pino';
import { trace } from '@opentelemetry/api';
import { loggingConfig } from './logging.config.js';

const root = pino({
  level: loggingConfig().level,
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  mixin: () => {
    const span = trace.getActiveSpan()?.spanContext();
    return span ? { traceId: span.traceId, spanId: span.spanId } : {};
  },
  // Errors carry their message, stack and code, never the record or body that caused them.
  serializers: { err: pino.stdSerializers.err },
});

/** JSON logger of one part (service or lib). Never log message text, addresses or other personal fields. */
export const logger = (part: string): Logger => root.child({ part });
