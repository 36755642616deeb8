export * from './lifecycle.js';
export * from './problem.js';
export * from './service.js';
