import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../embedded/embedded-postgres.js';

/** A PostgreSQL server for tests, in a folder of its own that goes away with it. */
export interface TestPostgres {
  /** Owner's address of the first database, empty. */
  url: string;
  /** An installation secret, as CLAWDESK_SECRET would be. */
  secret: string;
  /** Makes another empty database. @returns the owner's address */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** Whether what is committed must survive a crash of the machine. @default false */
  durable?: boolean;
}

/** Starts a real server (about 2 s). Stop it in `afterAll`. */
export async function startPostgres({ durable = false }: TestPostgresOptions = {}): Promise<TestPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clawdesk-test-'));
  const server = await EmbeddedPostgres.start({ dataDir, durable }).catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  });
  let made = 0;
  return {
    url: server.url,
    secret: randomBytes(32).toString('hex'),
    createDatabase: async () => {
      const name = `test_${(made += 1)}`;
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      try {
        await client.query(`CREATE DATABASE ${name}`);
      } finally {
        await client.end();
      }
      return Object.assign(new URL(server.url), { pathname: name }).href;
    },
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
