export * from './failures.js';
export * from './handles.js';
export * from './publisher.js';
export * from './transport.js';
