export * from './api-key.js';
export * from './equal.js';
export * from './pseudonyms.js';
export * from './signed-token.js';
