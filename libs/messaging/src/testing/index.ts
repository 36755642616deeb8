export { describeTransport } from './describe-transport.js';
export type { TransportUnderTest } from './transport-bench.js';
