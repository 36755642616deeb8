export {
  processesIn,
  startPostgres,
  type TestPostgres,
  type TestPostgresOptions,
} from '@clawdesk/database/testing';
export * from './free-port.js';
export * from './open-database.js';
export * from './until.js';
export * from './start-redis.js';
