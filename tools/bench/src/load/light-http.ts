import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import type { StreamEvent } from '@clawdesk/client';

/**
 * The few requests that the load generator makes, over node:http: it shares the machine with what it measures, and
 * `fetch` costs several times as much.
 */
const pool = new Agent({ keepAlive: true, maxSockets: 256 });
/** Streams end by being cut, so their connections are not kept. */
const alone = new Agent({ keepAlive: false });

export interface Answer {
  status: number;
  retryAfterMs: number;
  body: unknown;
}

/** POSTs JSON. */
export function post(url: string, body: object, bearer?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const json = JSON.stringify(body);
    const outgoing = request(url, {
      method: 'POST',
      agent: pool,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(json),
        ...(bearer && { authorization: `Bearer ${bearer}` }),
      },
    });
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          retryAfterMs: Number(response.headers['retry-after'] ?? 1) * 1_000,
          body: text === '' ? undefined : (JSON.parse(text) as unknown),
        });
      });
    });
    outgoing.end(json);
  });
}

/** An open stream. */
export interface OpenStream {
  close(): void;
}

/** Opens a stream and resolves once the server has accepted it; every event is passed on as it arrives. */
export function openStream(
  url: string,
  bearer: string,
  onEvent: (event: StreamEvent) => void,
  onEnd: (error: Error) => void,
): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    let closed = false;
    const outgoing: ClientRequest = request(url, {
      agent: alone,
      headers: { authorization: `Bearer ${bearer}`, accept: 'text/event-stream' },
    });
    const fail = (error: Error): void => {
      if (closed) return;
      reject(error);
      onEnd(error);
    };
    outgoing.on('error', fail);
    outgoing.once('response', (response: IncomingMessage) => {
      if (response.statusCode !== 200) {
        outgoing.destroy();
        return fail(new Error(`The stream was answered with ${response.statusCode}.`));
      }
      const parser = createParser({ onEvent: ({ data }) => onEvent(JSON.parse(data) as StreamEvent) });
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => parser.feed(chunk));
      response.on('error', fail);
      response.once('end', () => fail(new Error('The server ended the stream.')));
      resolve({
        close: () => {
          closed = true;
          outgoing.destroy();
        },
      });
    });
    outgoing.end();
  });
}

/** Ends the connections that are kept. */
export const closePool = (): void => pool.destroy();
