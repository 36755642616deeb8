export * from './all-in-one.js';
export * from './child.js';
export * from './free-port.js';
export * from './separate-services.js';
export { cleanEnvironment, mainOf, workspace } from './workspace.config.js';
