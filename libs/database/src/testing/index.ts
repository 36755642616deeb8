export * from './postgres-server.js';
export * from './processes-in.js';
