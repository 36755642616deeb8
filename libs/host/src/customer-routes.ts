import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

export interface CustomerRoutes {
  /** Paths that browsers on the tenants' own pages call. */
  paths: readonly string[];
  /** Largest request body in bytes. @default the host's */
  bodyLimit?: number;
}

const preflight = {
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'authorization, content-type, last-event-id',
  'access-control-max-age': '86400',
};

/**
 * Opens routes to pages of any origin: these routes know no cookies, only tokens that a page must hold itself.
 * Call it from a provider's constructor, before the routes are registered.
 */
export function customerRoutes({ httpAdapter }: HttpAdapterHost, { paths, bodyLimit }: CustomerRoutes): void {
  const fastify = httpAdapter.getInstance<FastifyInstance>();
  const open = new Set(paths);
  fastify.addHook('onRequest', async (request, reply) => {
    if (!open.has(pathOf(request.url))) return;
    reply.header('access-control-allow-origin', '*');
    reply.header('access-control-expose-headers', 'retry-after');
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method']) {
      await reply.status(204).headers(preflight).send();
    }
  });
  if (bodyLimit === undefined) return;
  fastify.addHook('onRoute', (route) => {
    if (open.has(route.url)) route.bodyLimit = bodyLimit;
  });
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? url;
