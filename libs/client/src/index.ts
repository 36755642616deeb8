export * from './api.js';
export * from './clawdesk-client.js';
export * from './errors.js';
export * from './event-stream.js';
export * from './insist.js';
export * from './service-urls.js';
