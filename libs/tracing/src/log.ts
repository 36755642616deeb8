import { pino, type Logger } from 'pino';
import { loggingConfig } from './logging.config.js';
import { currentTraceIds } from './trace-context.js';

const root = pino({
  level: loggingConfig().level,
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  mixin: () => currentTraceIds() ?? {},
  serializers: { err: describeError },
});

/** JSON logger of one part (service or lib). Never log message text, addresses or other personal fields. */
export const logger = (part: string): Logger => root.child({ part });

/** Message, stack and code; never the other fields of an error, where drivers keep parameters and connections. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return { type: name, message, code, stack, cause: cause === undefined ? undefined : describeError(cause) };
}
