import { until } from '@clawdesk/testing';
import pg from 'pg';

async function postmaster(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // the server is killed under it on purpose
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>(
      `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer AS pid`,
    );
    return rows[0]!.pid;
  } finally {
    await client.end();
  }
}

/** kill -9 of a test server, which its keeper starts again on the same data. Resolves when the new one answers. */
export async function killPostgres(url: string): Promise<void> {
  const killed = await postmaster(url);
  process.kill(killed, 'SIGKILL');
  await until(async () => (await postmaster(url)) !== killed, {
    what: 'the server to be there again',
    timeoutMs: 60_000,
  });
}
