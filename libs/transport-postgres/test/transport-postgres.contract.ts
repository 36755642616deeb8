import { migrate, roleUrls } from '@clawdesk/database';
import { describeTransport } from '@clawdesk/messaging/testing';
import { startPostgres } from '@clawdesk/testing';
import { logSchema, PostgresTransport } from '@clawdesk/transport-postgres';
import { killPostgres } from './kill-postgres.js';

describeTransport('PostgresTransport', async () => {
  const server = await startPostgres();
  await migrate(server.url, server.secret, [logSchema]);
  const { platform } = roleUrls(server.url, server.secret);
  return {
    transport: () => new PostgresTransport({ connection: { connectionString: platform }, leaseMs: 2_000 }),
    restart: () => killPostgres(server.url),
    stop: () => server.stop(),
  };
});
