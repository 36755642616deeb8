import { it } from 'vitest';
import { startPostgres } from '@clawdesk/database/testing';
import pg from 'pg';
it('starts', async () => {
  const t = performance.now();
  const s = await startPostgres({ durable: true });
  console.log('start', performance.now() - t, s.url);
  const c = new pg.Client({ connectionString: await s.createDatabase() });
  await c.connect();
  console.log((await c.query('select version(), current_database()')).rows);
  await c.end();
  const t2 = performance.now();
  await s.stop();
  console.log('stop', performance.now() - t2);
});
