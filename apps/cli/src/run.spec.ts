import { createServer, type RequestListener } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CliConfig } from './cli.config.js';
import { commands, run } from './run.js';
import type { Terminal } from './terminal.js';

let config: CliConfig;
let said: string[];
let complaints: string[];
const output: Terminal = {
  line: (text = '') => void said.push(text),
  complain: (text) => void complaints.push(text),
  progress: () => undefined,
};
const closing: (() => void)[] = [];

beforeEach(() => {
  [said, complaints] = [[], []];
  const dataDir = mkdtempSync(join(tmpdir(), 'clawdesk-cli-'));
  closing.push(() => rmSync(dataDir, { recursive: true }));
  config = { url: 'http://127.0.0.1:9', apiKey: undefined, dataDir, folder: dataDir };
});
afterEach(() => closing.splice(0).forEach((close) => close()));

const clawdesk = (...args: string[]): Promise<number> => run(args, config, output);

/** A server that answers every request alike. */
const answer = (status: number, body: object): Promise<void> =>
  listen((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });

/** A server that gives an accepted message and this stream. */
const serve = (events: readonly object[]): Promise<void> =>
  listen((request, response) => {
    if (request.url === '/chat/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      events.forEach((event, index) =>
        response.write(`data: ${JSON.stringify({ sequence: index + 1, ...event })}\n\n`),
      );
      return;
    }
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'turn-1', conversation: 'conversation-1', token: 'visitor-token' }));
  });

async function listen(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => (server.closeAllConnections(), server.close()));
  config.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the command line', () => {
  it('lists its commands, and each has a --help', async () => {
    expect(await clawdesk('--help')).toBe(0);
    for (const { name, summary } of commands) {
      expect(said[0]).toContain(summary);
      expect(await clawdesk(name, '--help')).toBe(0);
      expect(said.at(-1)).toContain(`Usage: npm run clawdesk -- ${name}`);
    }
  });

  it('names what it does not know, with exit code 2', async () => {
    expect(await clawdesk('explode')).toBe(2);
    expect(await clawdesk('ask', 'x', '--loud')).toBe(2);
    expect(complaints).toEqual([
      "There is no command 'explode'. Commands: import, articles, ask, status, tenants, migrate.",
      "Unknown option '--loud'. See `npm run clawdesk -- ask --help`.",
    ]);
  });

  it('says what to do when no server answers', async () => {
    writeFileSync(join(config.dataDir, 'api-key'), 'cd_default_x\n');
    writeFileSync(join(config.dataDir, 'a.md'), '# A\n\ntext\n');
    const sentence =
      'Clawdesk does not answer at http://127.0.0.1:9: start it with `npm start`, or set CLAWDESK_URL.';
    expect(await clawdesk('ask', 'How?')).toBe(1);
    expect(await clawdesk('tenants', 'list')).toBe(1);
    expect(complaints).toEqual([sentence, sentence]);
    expect(await clawdesk('status')).toBe(1);
    expect(said).toEqual(['Clawdesk http://127.0.0.1:9  not ready: does not answer']);
  });

  it('says what a server that is not ready waits for', async () => {
    const down = (message: string): object => ({ status: 'down', message });
    await answer(503, {
      title: 'Not available right now',
      status: 503,
      detail: 'Service Unavailable Exception',
      details: {
        process: down('The process is starting.'),
        database: { status: 'up' },
        log: down('Kafka at 127.0.0.1:9092 cannot be reached.'),
      },
    });
    expect(await clawdesk('status')).toBe(1);
    expect(said).toEqual([
      `Clawdesk ${config.url}  not ready: process: The process is starting.; log: Kafka at 127.0.0.1:9092 cannot be reached.`,
    ]);
  });

  it('says where it looked for an API key', async () => {
    expect(await clawdesk('import', '.')).toBe(2);
    expect(complaints[0]).toMatch(/^There is no API key: set CLAWDESK_API_KEY, or DATA_DIR .*api-key/);
  });

  it('refuses an address that is none', async () => {
    config.url = 'localhost';
    expect(await clawdesk('status')).toBe(2);
    expect(complaints[0]).toMatch(/^'localhost' is not an address of Clawdesk/);
  });
});

describe('ask', () => {
  it('prints reply, citations and time, and keeps the thread for --continue', async () => {
    await serve([
      { kind: 'message', id: 'turn-1', text: 'How?' },
      { kind: 'reply', turn: 'another', text: 'Not this' },
      {
        kind: 'reply',
        turn: 'turn-1',
        text: 'Like this [1].',
        citations: [
          { number: 1, article: 'faq-1', version: 1, title: 'How to' },
          { number: 2, article: 'faq-2', version: 1, title: 'More', url: 'https://x.test' },
        ],
      },
      { kind: 'turn', turn: 'turn-1', state: 'answered' },
    ]);
    expect(await clawdesk('ask', 'How?')).toBe(0);
    expect(said[0]).toBe('Like this [1].\n\n[1] How to — faq-1\n[2] More — https://x.test');
    expect(said.at(-1)).toMatch(/^Answered in 0\.\d{3} s\.$/);
    const kept: unknown = JSON.parse(readFileSync(join(config.dataDir, 'cli-thread.json'), 'utf8'));
    expect(kept).toEqual({ url: config.url, token: 'visitor-token', after: 4 });
  });

  it('says that it asks back, and how to go on', async () => {
    await serve([
      { kind: 'reply', turn: 'turn-1', text: 'Which one?', purpose: 'ask-back' },
      { kind: 'turn', turn: 'turn-1', state: 'answered' },
    ]);
    expect(await clawdesk('ask', 'How?')).toBe(0);
    expect(said.at(-1)).toMatch(/^Asked back after .* Answer with: npm run clawdesk -- ask --continue "…"$/);
  });

  it('takes a question that begins with a dash', async () => {
    await serve([{ kind: 'turn', turn: 'turn-1', state: 'with-person' }]);
    expect(await clawdesk('ask', '- dash first', '--json')).toBe(0);
    expect(complaints).toEqual([]);
    expect(JSON.parse(said.join('\n'))).toMatchObject({ turn: { state: 'with-person' } });
  });

  it('says that a person has it', async () => {
    await serve([
      { kind: 'turn', turn: 'turn-1', state: 'with-person' },
      { kind: 'reply', turn: 'turn-1', text: 'A colleague will reply here.' },
    ]);
    expect(await clawdesk('ask', 'A', 'person,', 'please')).toBe(0);
    expect(said[0]).toBe('A colleague will reply here.');
    expect(said.at(-1)).toMatch(/^Handed to a person after/);
  });

  it('needs a question, and an earlier one for --continue', async () => {
    expect(await clawdesk('ask')).toBe(2);
    expect(await clawdesk('ask', '--continue', 'And?')).toBe(2);
    expect(complaints[1]).toBe('There is no earlier question to continue: ask without --continue first.');
  });
});

describe('articles', () => {
  beforeEach(() => {
    config.apiKey = 'cd_default_x';
  });

  it('are listed, page by page', async () => {
    const one = {
      id: 'a',
      version: 2,
      title: 'Login',
      language: 'en',
      source: '/help/login.md',
      updatedAt: '',
    };
    const asked: (string | undefined)[] = [];
    await listen(({ url }, response) => {
      asked.push(url);
      const last = url?.endsWith('after=a');
      const page = last
        ? { articles: [{ ...one, id: 'long-id', source: undefined }] }
        : { articles: [one], next: 'a' };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page));
    });
    expect(await clawdesk('articles')).toBe(0);
    expect(asked).toEqual(['/api/articles?limit=200&after=', '/api/articles?limit=200&after=a']);
    expect(said).toEqual(['a        2  en  Login  (/help/login.md)', 'long-id  2  en  Login', '2 articles.']);
  });

  it('are removed by their ids, and those that are not there are named', async () => {
    const asked: string[] = [];
    await listen(({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      const known = url?.endsWith('a%2Fb%20c') === true;
      response.writeHead(known ? 204 : 404, { 'content-type': 'application/problem+json' });
      response.end(known ? undefined : JSON.stringify({ title: 'There is no such article' }));
    });
    expect(await clawdesk('articles', 'remove', 'x', 'a/b c')).toBe(1);
    expect(asked).toEqual(['DELETE /api/articles/x', 'DELETE /api/articles/a%2Fb%20c']);
    expect(said).toEqual(["Removed 'a/b c'."]);
    expect(complaints).toEqual([
      "There is no article 'x': `npm run clawdesk -- articles` lists what there is.",
    ]);
  });

  it('need `remove` and an id for anything else', async () => {
    expect(await clawdesk('articles', 'remove')).toBe(2);
    expect(await clawdesk('articles', 'drop', 'a')).toBe(2);
  });
});
