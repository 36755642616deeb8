export interface ServiceRoutes {
  /** Default port of the service when it is a process of its own. */
  port: number;
  /** URL prefixes that belong to it. */
  prefixes: readonly string[];
}

/**
 * Which service serves which URL prefix: reverse proxies, Ingress and the merged OpenAPI document follow this table.
 * Longer prefixes win.
 */
export const routes: Readonly<Record<string, ServiceRoutes>> = {
  gateway: { port: 3001, prefixes: ['/chat/stream', '/api/tenants', '/api/keys'] },
  ingestion: { port: 3002, prefixes: ['/chat', '/webhooks'] },
  nlu: { port: 3003, prefixes: [] },
  'knowledge-base': { port: 3004, prefixes: ['/api/articles'] },
  'business-logic': { port: 3005, prefixes: ['/api/conversations'] },
  generation: { port: 3006, prefixes: [] },
  dispatch: { port: 3007, prefixes: [] },
};

/** Port of the process that runs all services. */
export const allInOnePort = 3000;
