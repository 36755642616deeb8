import { connect, type Socket } from 'node:net';
import { Body, Controller, Get, Inject, Injectable, Module, Param, Post, Query } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerRoutes } from './customer-routes.js';
import { httpAdapter, httpOptions } from './http-adapter.js';
import { ProblemFilter } from './problem.filter.js';
import { requestValidation } from './validation.js';

class Note {
  @IsString() @MaxLength(10) @Matches(/^[a-z]*$/, { message: 'text must be a to z' }) text: string;
}

class Page {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
}

@Controller('notes')
class Notes {
  @Post()
  put(@Body() { text }: Note): { text: string } {
    return { text };
  }

  @Get()
  list(@Query() { limit }: Page): { limit?: number } {
    return { limit };
  }

  @Get(':id')
  get(@Param('id') id: string): { id: string } {
    return { id };
  }
}

@Injectable()
class SmallBodies {
  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
    customerRoutes(host, { paths: ['/notes'], bodyLimit: 64 * 1024 });
  }
}

@Module({ controllers: [Notes], providers: [SmallBodies] })
class App {}

interface Answer {
  status: number;
  type: string | null;
  problem: { status?: number; detail?: string; errors?: { field: string; message: string }[] };
}

let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(App, httpAdapter(), {
    ...httpOptions,
    logger: false,
  });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(requestValidation());
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

async function call(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url + path, init);
  const problem = (await response.json()) as Answer['problem'];
  return { status: response.status, type: response.headers.get('content-type'), problem };
}

const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<Answer> =>
  call('/notes', { method: 'POST', headers: { 'content-type': type }, body });

/** A connection without a client that knows HTTP. */
function open(): { socket: Socket; received: () => string; closed: Promise<void> } {
  let text = '';
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => undefined).on('data', (chunk) => (text += chunk.toString()));
  return { socket, received: () => text, closed };
}

const headOf = (length: number): string =>
  `POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

const problemType = expect.stringContaining('application/problem+json') as string;

describe('a body', () => {
  it('of JSON is taken', async () => {
    expect(await post('{"text":"hello"}')).toMatchObject({ status: 201, problem: { text: 'hello' } });
    expect(await post('{"text":"hello"}', 'application/json; charset=utf-8')).toMatchObject({ status: 201 });
  });

  it.each([1, 10])('of %i MB is answered, not cut off', async (megabytes) => {
    const body = new Uint8Array(megabytes * 1024 * 1024).fill(0x20);
    expect(await post(body)).toMatchObject({ status: 413, type: problemType, problem: { status: 413 } });
  });

  it('that is too long and comes in chunks of unknown number is answered too', async () => {
    const body = new Blob([new Uint8Array(10 * 1024 * 1024)]).stream();
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit;
    expect(await call('/notes', init)).toMatchObject({ status: 413, type: problemType });
  });

  it('is still read after the answer: a client that is cut off while it writes may never see it', async () => {
    const { socket, received } = open();
    socket.write(headOf(10 * 1024 * 1024));
    await expect.poll(received).toMatch(/^HTTP\/1.1 413 [^]*"status":413/);
    socket.write(Buffer.alloc(10 * 1024 * 1024));
    socket.write('GET /notes/next HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await expect.poll(received).toContain('{"id":"next"}');
  });

  it('that never ends is cut off', async () => {
    const { socket, closed } = open();
    socket.write(headOf(999_999_999));
    const block = Buffer.alloc(1024 * 1024);
    const more = (): void => void (socket.writable && socket.write(block, more));
    more();
    await closed;
    expect(socket.bytesWritten).toBeGreaterThan(32 * 1024 * 1024);
    expect(socket.bytesWritten).toBeLessThan(200 * 1024 * 1024);
  });

  it.each(['{"text": ', 'nonsense', ''])('that is no JSON (%s) is named as such', async (body) => {
    expect(await post(body)).toMatchObject({
      status: 400,
      problem: { errors: [{ field: 'body', message: expect.stringMatching(/^body must/) as string }] },
    });
  });

  it.each(['{"text":"a","__proto__":{"x":1}}', '{"text":"a","constructor":{"prototype":{"x":1}}}'])(
    'with a key that may change objects (%s) is told so',
    async (body) => {
      const message = "body must not contain the keys '__proto__' or 'constructor'";
      expect(await post(body)).toMatchObject({
        status: 400,
        problem: { errors: [{ field: 'body', message }] },
      });
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])(
    'of the type %s is not taken',
    async (type) => {
      expect(await post('{"text":"hello"}', type)).toMatchObject({
        status: 415,
        type: problemType,
        problem: { detail: 'Send the body as application/json.' },
      });
    },
  );
});

describe('a request that reaches no route', () => {
  it.each([
    ['an address that is none', '/notes/%ff', 400],
    ['an address that is too long', `/notes/${'a'.repeat(4_000)}`, 414],
    ['an address that is not there', '/nothing', 404],
  ])('is answered as a problem: %s', async (_what, path, status) => {
    const answer = await call(path);
    expect(answer).toMatchObject({ status, type: problemType, problem: { status } });
    expect(JSON.stringify(answer.problem)).not.toContain('FST_ERR');
  });

  it.each([
    ['nonsense\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
  ])('because it is no HTTP is answered as a problem', async (bytes, status) => {
    const { socket, received, closed } = open();
    socket.write(bytes);
    await closed;
    const answer = received();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('content-type: application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ status });
  });
});

describe('a field that breaks several rules', () => {
  it('is named with the one that is written first', async () => {
    const message = async (answer: Promise<Answer>): Promise<unknown> => (await answer).problem.errors;
    expect(await message(post('{"text":5}'))).toEqual([{ field: 'text', message: 'text must be a string' }]);
    expect(await message(call('/notes?limit=abc'))).toEqual([
      { field: 'limit', message: 'limit must be an integer number' },
    ]);
    expect(await message(call('/notes?limit=201'))).toEqual([
      { field: 'limit', message: 'limit must not be greater than 200' },
    ]);
  });
});
