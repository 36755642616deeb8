// Before anything that is decorated: the payloads' classes come in with the first of these.
import 'reflect-metadata';

export * from './customer-routes.js';
export * from './forget-by-tenant.js';
export * from './host.config.js';
export { createPlatform, HostModule } from './host.module.js';
export * from './lifecycle.js';
export { ProblemFilter } from './problem.filter.js';
export * from './problem.js';
export * from './redis-connection.js';
export * from './routes.js';
export * from './run-service.js';
export * from './service.js';
export * from './validation.js';
export * from './background-job.js';
