export * from './host.config.js';
export * from './lifecycle.js';
export * from './problem.js';
export * from './redis-connection.js';
export * from './routes.js';
export * from './run-service.js';
export * from './service.js';
