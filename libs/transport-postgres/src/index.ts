export { logSchema } from './log-schema.js';
export { PostgresTransport, type PostgresTransportOptions } from './postgres-transport.js';
