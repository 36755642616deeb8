import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ClawdeskClient } from './clawdesk-client.js';
import { ProblemError, StreamGapError, UnexpectedAnswerError, UnreachableError } from './errors.js';
import { ServiceUrls } from './service-urls.js';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const running: { close(): void }[] = [];
afterEach(() => running.splice(0).forEach((server) => server.close()));

/** A server that gives one answer after the other, the last one again and again. */
async function serverWith(...answers: Answer[]): Promise<ClawdeskClient> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response, Buffer.concat(chunks).toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({ close: () => (server.closeAllConnections(), server.close()) });
  return new ClawdeskClient(
    new ServiceUrls(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    'cd_default_x',
  );
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
  };
const cut: Answer = (request) => request.socket.destroy();

/** A connection that brings these entries and is then cut. */
const entries =
  (...sequences: number[]): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': heartbeat\n\n');
    for (const sequence of sequences) {
      response.write(
        `id: ${sequence}\nevent: reply\ndata: ${JSON.stringify({ sequence, kind: 'reply' })}\n\n`,
      );
    }
    setImmediate(() => response.destroy());
  };

async function take(client: ClawdeskClient, count: number, after = 0): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of client.stream('token', { after, patienceMs: 2_000 })) {
    sequences.push(sequence);
    if (sequences.length === count) break;
  }
  return sequences;
}

describe('sendMessage', () => {
  it('sends the same client id again until the server has acknowledged the message', async () => {
    const bodies: string[] = [];
    const noting =
      (answer: Answer): Answer =>
      (request, response, body) => {
        bodies.push(body);
        answer(request, response, body);
      };
    const client = await serverWith(
      noting(cut),
      noting(json(503, { title: 'The log is away' }, { 'retry-after': '0' })),
      noting(json(202, { id: 'message-1' })),
    );
    expect(await client.sendMessage('token', 'Hello')).toEqual({ id: 'message-1' });
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });

  it('does not repeat what the server refuses for good, and names the field', async () => {
    const refusal = { title: 'Bad request', errors: [{ field: 'text', message: 'must not be empty' }] };
    const client = await serverWith(json(400, refusal));
    const failure = await client.sendMessage('token', '').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect((failure as ProblemError).message).toBe('Bad request · text: must not be empty (HTTP 400)');
  });

  it('gives up when its patience ends, with the last reason', async () => {
    const client = await serverWith(json(429, { title: 'Too fast' }, { 'retry-after': '60' }));
    const failure = await client
      .sendMessage('token', 'Hi', { patienceMs: 500 })
      .catch((error: unknown) => error);
    expect((failure as ProblemError).status).toBe(429);
    expect((failure as ProblemError).retryAfterMs).toBe(60_000);
  });
});

describe('stream', () => {
  it('resumes after the last entry when the connection is cut, and leaves out what comes twice', async () => {
    const resumedAt: unknown[] = [];
    const client = await serverWith(entries(1, 2), (request, response, body) => {
      resumedAt.push(request.headers['last-event-id']);
      entries(2, 3, 4)(request, response, body);
    });
    expect(await take(client, 4)).toEqual([1, 2, 3, 4]);
    expect(resumedAt).toEqual(['2']);
  });

  it('asks again for an entry that is missing', async () => {
    const client = await serverWith(entries(1, 3), entries(2, 3));
    expect(await take(client, 3)).toEqual([1, 2, 3]);
  });

  it('fails when an entry is missing also after asking again', async () => {
    const client = await serverWith(entries(1, 3), entries(3));
    await expect(take(client, 3)).rejects.toBeInstanceOf(StreamGapError);
  });

  it('says so when what answers is no stream', async () => {
    const client = await serverWith(json(200, {}));
    await expect(take(client, 1)).rejects.toBeInstanceOf(UnexpectedAnswerError);
  });

  it('ends with its signal', async () => {
    const client = await serverWith(entries(1));
    const end = new AbortController();
    const seen: number[] = [];
    for await (const { sequence } of client.stream('token', { signal: end.signal })) {
      seen.push(sequence);
      end.abort();
    }
    expect(seen).toEqual([1]);
  });
});

describe('an address', () => {
  it('where nothing answers says what to do', async () => {
    const client = new ClawdeskClient(new ServiceUrls('http://127.0.0.1:9'));
    const failure = await client.openThread().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnreachableError);
    expect((failure as Error).message).toBe(
      'Clawdesk does not answer at http://127.0.0.1:9: start it with `npm start`, or set CLAWDESK_URL.',
    );
  });

  it('with {port} leads each service to its own', () => {
    const urls = new ServiceUrls('http://127.0.0.1:{port}/');
    expect(urls.of('gateway', '/chat/stream')).toBe('http://127.0.0.1:3001/chat/stream');
    expect(urls.of('ingestion')).toBe('http://127.0.0.1:3002');
    expect(urls.separate).toBe(true);
  });

  it('that is none is refused', () => {
    expect(() => new ServiceUrls('localhost')).toThrow("'localhost' is not an address of Clawdesk");
  });
});
