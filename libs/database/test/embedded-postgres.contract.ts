import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EmbeddedPostgres, EmbeddedPostgresError } from '@clawdesk/database';
import { processesIn } from '@clawdesk/database/testing';

const here = dirname(fileURLToPath(import.meta.url));
const workspace = resolve(here, '../../..');
const asRoot = process.getuid?.() === 0;

interface Started {
  url: string;
  server: number;
  progress: string[];
}

let folder: string;
let dataDir: string;
const processes = new Set<ChildProcess>();

beforeAll(() => {
  // The processes below run what is built.
  execFileSync('npx', ['nx', 'build', '@clawdesk/database', '--outputStyle=static'], {
    cwd: workspace,
    stdio: 'ignore',
  });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawdesk-embedded-'));
  await chmod(folder, 0o755);
  dataDir = join(folder, 'data');
});
afterEach(async () => {
  for (const child of processes) await end(child, 'SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  processes.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

/** Resolves with what the process printed; rejects with the sentence it ended with. */
async function begin(
  options: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; started: Started }> {
  const child = spawn(process.execPath, [join(here, 'embedded-process.mjs'), dataDir], {
    ...options,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.add(child);
  let output = '';
  let sentence = '';
  child.stderr!.on('data', (text) => (sentence += String(text)));
  return new Promise((fulfil, reject) => {
    child.stdout!.on('data', (text) => {
      output += String(text);
      const line = output.split('\n').find((candidate) => candidate.startsWith('{"url"'));
      if (line) fulfil({ child, started: JSON.parse(line) as Started });
    });
    child.once('close', () => {
      processes.delete(child);
      reject(new Error(sentence.trim()));
    });
  });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the server is killed under it on purpose
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

const isAlive = (pid: number): boolean => {
  const stat = existsSync(`/proc/${pid}/stat`)
    ? execFileSync('cat', [`/proc/${pid}/stat`], { encoding: 'utf8' })
    : '';
  return stat !== '' && !/\) [ZX] /.test(stat);
};

describe('EmbeddedPostgres', () => {
  it('keeps its data, its port and its password over a restart, and prepares only once', async () => {
    const progress: string[] = [];
    const start = (): Promise<EmbeddedPostgres> =>
      EmbeddedPostgres.start({ dataDir, durable: false, onProgress: (what) => progress.push(what) });
    const first = await start();
    const { url } = first;
    await query(url, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();
    const second = await start();
    // All but the Unix socket, which lies somewhere else each time.
    const addresses = [url, second.url].map(
      (address) => Object.assign(new URL(address), { search: '' }).href,
    );
    expect(addresses[1]).toBe(addresses[0]);
    expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(progress).toEqual(['Preparing the database (first start)']);
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
  });

  it('listens on 127.0.0.1 only, with a password', async () => {
    const server = await EmbeddedPostgres.start({ dataDir, durable: false });
    try {
      const url = new URL(server.url);
      url.password = 'guess';
      await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
      expect(await query(server.url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    } finally {
      await server.stop();
    }
  });

  it('is durable unless told otherwise', async () => {
    const server = await EmbeddedPostgres.start({ dataDir });
    try {
      const settings = await query(
        server.url,
        `SELECT current_setting('fsync') || current_setting('synchronous_commit') AS both`,
      );
      expect(settings).toEqual([{ both: 'onon' }]);
    } finally {
      await server.stop();
    }
  });

  it('takes over after its process was killed: the server left behind is stopped, what was committed is there', async () => {
    const { child, started } = await begin();
    await query(started.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    await end(child, 'SIGKILL');
    expect(isAlive(started.server)).toBe(true);
    const { started: next } = await begin();
    expect(isAlive(started.server)).toBe(false);
    expect(next.progress).toEqual([]);
    expect(await query(next.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('tells a second process which one has the folder', async () => {
    const { child } = await begin();
    await expect(begin()).rejects.toThrow(
      `The data folder ${dataDir} is in use by process ${child.pid}: stop it first`,
    );
    await expect(EmbeddedPostgres.start({ dataDir })).rejects.toThrow(EmbeddedPostgresError);
  });

  it('lets only one of several processes have the folder of a dead one', async () => {
    const { child } = await begin();
    await end(child, 'SIGKILL');
    const all = await Promise.allSettled([begin(), begin(), begin()]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of all)
      if (result.status === 'rejected') expect(String(result.reason)).toMatch(/is in use by process/);
  });

  it('does not mind the files of processes that are gone, also when their numbers were given away again', async () => {
    const { child, started } = await begin();
    await end(child, 'SIGKILL');
    process.kill(started.server, 'SIGKILL');
    const postmaster = join(dataDir, 'postgres', 'postmaster.pid');
    const lines = (await readFile(postmaster, 'utf8')).split('\n');
    await writeFile(postmaster, [String(process.ppid), ...lines.slice(1)].join('\n'));
    await writeFile(join(dataDir, 'postgres.lock'), `${process.ppid}\nanother-boot/1\n`);
    await begin();
    expect(isAlive(process.ppid)).toBe(true);
  });

  it('starts a server that died by itself again, on the same port', async () => {
    const { started } = await begin();
    await query(started.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    process.kill(started.server, 'SIGKILL');
    await expect
      .poll(() => query(started.url, 'SELECT one FROM kept').catch(() => []), { timeout: 20_000 })
      .toEqual([{ one: 1 }]);
  });

  it('begins again where a first start was cut short', async () => {
    await mkdir(join(dataDir, 'postgres.new', 'base'), { recursive: true });
    const { started } = await begin();
    expect(started.progress).toEqual(['Preparing the database (first start)']);
  });

  it.each([0, 30, 300, 900, 1_500])(
    'leaves nothing running when its start is broken off after %i ms, and starts again',
    async (milliseconds) => {
      const ending = new AbortController();
      const starting = EmbeddedPostgres.start({ dataDir, durable: false, signal: ending.signal });
      const ended = starting.then(
        // A fast machine had it running by then.
        (server) => server.stop(),
        (error: unknown) => expect(error).toBe(ending.signal.reason),
      );
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      ending.abort();
      await ended;
      // What initdb had started ends a moment after it.
      await vi.waitFor(() => expect(processesIn(dataDir)).toEqual([]));
      const again = await EmbeddedPostgres.start({ dataDir, durable: false });
      expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await again.stop();
    },
  );

  it('says in one sentence that the data folder cannot be made', async () => {
    await writeFile(dataDir, 'a file');
    await expect(EmbeddedPostgres.start({ dataDir: join(dataDir, 'inside') })).rejects.toThrow(
      /set DATA_DIR to a folder/,
    );
  });

  it.runIf(asRoot)('works for root below a folder that nobody else may enter', async () => {
    await chmod(folder, 0o700);
    const { started } = await begin();
    expect(await query(started.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it.runIf(asRoot)('works for an ordinary user', async () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    await chown(folder, nobody.uid, nobody.gid);
    const { started } = await begin(nobody);
    expect(await query(started.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await stat(join(dataDir, 'postgres'))).uid).toBe(nobody.uid);
  });
});
