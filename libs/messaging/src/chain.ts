import type { Database } from '@clawdesk/database';
import type { Breakers } from './breaker.js';
import { compose, type Handle } from './delivery.js';
import { encodeOutputs } from './encode-outputs.js';
import { deadLetter } from './middleware/dead-letter.js';
import { decodePayload } from './middleware/decode-payload.js';
import { idempotency } from './middleware/idempotency.js';
import { measure } from './middleware/measure.js';
import { publishOutputs } from './middleware/publish-outputs.js';
import { readEnvelope } from './middleware/read-envelope.js';
import { retry, type RetryTiming } from './middleware/retry.js';
import { timeout } from './middleware/timeout.js';
import { trace } from './middleware/trace.js';
import { TransactionBatches } from './transaction-batches.js';
import type { Transport } from './transport.js';

export interface ChainOptions {
  transport: Pick<Transport, 'publish'>;
  database: Database;
  breakers: Breakers;
  retry?: RetryTiming;
}

/** What every record goes through, outermost first. */
export function buildChain({ transport, database, breakers, retry: timing }: ChainOptions): Handle {
  return compose(
    [
      readEnvelope(),
      trace(),
      measure(),
      deadLetter(transport, breakers),
      retry(breakers, timing),
      publishOutputs(transport),
      idempotency(new TransactionBatches(database)),
      timeout(),
      decodePayload(),
    ],
    async ({ handler, event, signal }) => {
      const outputs = await handler.invoke(event.data, event, signal);
      return encodeOutputs(outputs, event, handler.options.group, handler.service);
    },
  );
}
