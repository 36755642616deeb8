export * from './database.js';
export * from './migration.js';
