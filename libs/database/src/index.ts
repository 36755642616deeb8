export * from './database.config.js';
export * from './database.js';
export * from './embedded/embedded-postgres.js';
export * from './embedded/embedded-postgres-error.js';
export * from './migrate.js';
export * from './migration.js';
export * from './roles.js';
export { RowSecurityError } from './row-security.js';
export * from './typeorm-database.js';
