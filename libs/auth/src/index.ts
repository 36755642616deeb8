export * from './access.js';
export * from './tenants.js';
