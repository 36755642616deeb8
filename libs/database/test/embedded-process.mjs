// Holds an embedded PostgreSQL until it is told to end, as a process of Clawdesk does.
// Arguments: data folder. Prints one line of JSON once it runs, or a sentence on standard error.
import { EmbeddedPostgres } from '@clawdesk/database';

const progress = [];
try {
  const server = await EmbeddedPostgres.start({
    dataDir: process.argv[2],
    onProgress: (what) => progress.push(what),
    durable: false,
  });
  process.on('SIGTERM', async () => {
    await server.stop();
    process.exit(0);
  });
  // Something has to keep the process alive: the server does not.
  setInterval(() => undefined, 1_000_000);
  process.stdout.write(`${JSON.stringify({ url: server.url, server: server.pid, progress })}\n`);
} catch (error) {
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exit(1);
}
