import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readJson } from './json-body.js';
import { bodyOf, problemFor, problemMediaType, sendProblem } from './problem.filter.js';

/** Largest request body: imports come in batches. Routes for customers set less. */
const largestBody = 8 * 1024 * 1024;
/** How much, and for how long, is read of a body that has been refused. */
const discardedBytes = 64 * 1024 * 1024;
const discardingMs = 5_000;

/** Nest would add parsers of its own, one for forms among them. */
export const httpOptions = { bodyParser: false } as const;

/** HTTP as every process speaks it: bodies are JSON, and what goes wrong before a route is found is a problem too. */
export function httpAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: largestBody,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: (error: Error, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, problemFor(error)),
    clientErrorHandler: refuseConnection,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    readJson(body as string, done),
  );
  fastify.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 413) discardBody(request, reply);
  });
  return adapter;
}

/** Closing a connection that is still written to resets it, and the client never sees the answer. */
function discardBody({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection');
  const { socket } = raw;
  const cut = setTimeout(() => socket.destroy(), discardingMs);
  let left = discardedBytes;
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  raw.once('close', () => clearTimeout(cut));
  raw.resume();
}

const statusByCode: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers bytes that are no HTTP request. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusByCode[error.code ?? ''] ?? 400;
  const body = JSON.stringify(bodyOf(problemFor({ statusCode: status })));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      `content-type: ${problemMediaType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
