import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { broadcastRules } from './broadcast-rules.js';
import { groupRules } from './group-rules.js';
import { publishingRules } from './publishing-rules.js';
import { rebalanceRules } from './rebalance-rules.js';
import { restartRules } from './restart-rules.js';
import { TransportBench, type TransportUnderTest } from './transport-bench.js';

/**
 * The contract of every driver of the log: the meaning of `Transport`, rule by rule, against a real server.
 * `make` starts that server once; each rule uses replicas, topics and groups of its own.
 */
export function describeTransport(name: string, make: () => Promise<TransportUnderTest>): void {
  describe(name, () => {
    let bench: TransportBench;
    beforeAll(async () => {
      bench = new TransportBench(await make());
    }, 180_000);
    afterEach(() => bench.closeReplicas());
    afterAll(() => bench?.stop());

    describe('publishing', () => publishingRules(() => bench));
    describe('a consumer group', () => groupRules(() => bench));
    describe('a rebalance', () => rebalanceRules(() => bench));
    describe('a broadcast', () => broadcastRules(() => bench));
    describe('a server that is ended hard', () => restartRules(() => bench));
  });
}
