import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ClawdeskClient } from '@clawdesk/client';
import { AllInOne, freePort } from '@clawdesk/processes';
import { processesIn, until } from '@clawdesk/testing';
import { articles } from './support/articles.js';
import { Customer } from './support/customer.js';
import { EmbeddedSystem } from './support/system.js';
import { temporaryFolder } from './support/temporary-folder.js';

const cleaning: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** Starts a process that is expected to end by itself. @returns its exit code and what it said */
async function endOf(options: {
  dataDir?: string;
  port?: number;
  env?: NodeJS.ProcessEnv;
}): Promise<{ code: number | null; said: string }> {
  const folder = temporaryFolder();
  cleaning.push(folder.remove);
  const process = await AllInOne.start({ dataDir: folder.path, ...options });
  cleaning.push(() => process.stop());
  const { code } = await process.child.exited;
  return { code, said: process.child.output };
}

async function someServer(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleaning.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('a restart', () => {
  it('keeps articles, conversations, keys and visitors', async () => {
    const system = await EmbeddedSystem.start();
    cleaning.push(() => system.stop());
    const key = system.apiKey();
    const client = new ClawdeskClient(system.urls, key);
    await client.importArticles(articles);
    const customer = await Customer.arrive(client, 'default');
    cleaning.push(() => customer.leave());
    await customer.ask('What does shipping cost?');
    const before = await client.conversation(customer.thread.conversation);

    const { code } = await system.process.stop();
    expect(code).toBe(0);
    await system.startAgain();

    expect(system.apiKey()).toBe(key);
    expect(await client.conversation(customer.thread.conversation)).toEqual(before);
    const { reply } = await customer.ask('How can I download an invoice?');
    expect(reply?.citations?.[0]?.article).toBe('invoices');
    const sequences = customer.entries.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  });
});

describe('a start that is broken off', () => {
  it.each(['Preparing the database', 'Migrating', 'Connecting to the log'])(
    'at "%s" ends at once and leaves no PostgreSQL behind',
    async (moment) => {
      const folder = temporaryFolder();
      cleaning.push(folder.remove);
      let reached!: () => void;
      const there = new Promise<void>((resolve) => (reached = resolve));
      const system = await AllInOne.start({
        dataDir: folder.path,
        onLine: (line) => {
          if (line.includes(moment)) reached();
        },
      });
      cleaning.push(() => system.stop());
      await there;
      system.child.signal('SIGTERM');
      const { code } = await system.child.exited;
      expect(code, system.child.output).toBe(0);
      await until(() => processesIn(folder.path).length === 0, { what: 'PostgreSQL to be gone' });
    },
  );
});

describe('a start that cannot be', () => {
  it('on a port in use names the port and PORT', async () => {
    const port = await someServer();
    const { code, said } = await endOf({ port });
    expect(code).not.toBe(0);
    expect(said).toContain(`Port ${port} is in use`);
    expect(said).toContain('PORT');
  });

  it('on data that another process holds names that process and DATA_DIR', async () => {
    const system = await EmbeddedSystem.start();
    cleaning.push(() => system.stop());
    const { code, said } = await endOf({ dataDir: system.dataDir });
    expect(code).not.toBe(0);
    expect(said).toContain(system.dataDir);
    expect(said).toContain(String(system.process.child.pid));
    expect(said).toContain('DATA_DIR');
  });

  it('with a wrong configuration names every wrong variable', async () => {
    const { code, said } = await endOf({ env: { CUSTOMER_PARTITIONS: 'many', CLAWDESK_SECRET: 'short' } });
    expect(code).not.toBe(0);
    expect(said).toContain('CUSTOMER_PARTITIONS');
    expect(said).toContain('CLAWDESK_SECRET');
  });
});

describe('what cannot be reached', () => {
  it.each([
    {
      what: 'a database',
      env: async () => ({ DATABASE_URL: `postgres://nobody:x@127.0.0.1:${await freePort()}/none` }),
    },
    { what: 'Kafka', env: async () => ({ KAFKA_BROKERS: `127.0.0.1:${await freePort()}` }) },
  ])('$what makes the process wait, say so, and not be ready', async ({ env }) => {
    const folder = temporaryFolder();
    cleaning.push(folder.remove);
    const unreachable = await env();
    const process = await AllInOne.start({ dataDir: folder.path, env: unreachable });
    cleaning.push(() => process.stop());
    await process.child.answers(process.urls.of('gateway', '/health/live'));
    const address = Object.values(unreachable).join().replace(/^.*@/, '').replace(/\/.*/, '');
    await expect.poll(() => process.child.output, { timeout: 30_000 }).toContain(address);
    const ready = await fetch(process.urls.of('gateway', '/health/ready'));
    expect(ready.status).toBe(503);
    expect(((await ready.json()) as { detail: string }).detail).toContain(address);
    expect(process.child.exit).toBeUndefined();
  });
});
