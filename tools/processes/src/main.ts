import { serviceNames } from '@clawdesk/client';
import { SeparateServices } from './separate-services.js';
import { servicesConfig } from './workspace.config.js';

/** `npm run services`: the seven services as separate processes, output prefixed, stopped together. */
const config = servicesConfig();

const missing = [
  !config.kafkaBrokers && 'KAFKA_BROKERS (e.g. 127.0.0.1:9092; `npm run kafka` starts a broker)',
  !config.databaseUrl && 'DATABASE_URL (e.g. postgres://clawdesk:secret@127.0.0.1:5432/clawdesk)',
].filter((variable) => variable !== false);

if (!config.kafkaBrokers || !config.databaseUrl) {
  process.stderr.write(
    `Separate processes need a log and a database of their own: set ${missing.join(' and ')}.\n`,
  );
  process.exit(2);
}

const width = Math.max(...serviceNames.map((name) => name.length));
const services = await SeparateServices.start({
  kafkaBrokers: config.kafkaBrokers,
  databaseUrl: config.databaseUrl,
  redisUrl: config.redisUrl,
  dataDir: config.dataDir,
  secret: config.secret,
  ports: 'default',
  onLine: (name, line) => process.stdout.write(`${name.padEnd(width)} │ ${line}\n`),
});

let ending = false;
const end = async (code: number): Promise<void> => {
  if (ending) return;
  ending = true;
  await services.stop();
  process.exit(code);
};
process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));

void services.firstExit().then((child) => {
  if (!ending) process.stderr.write(`${child.name} has ended: stopping the others.\n`);
  return end(1);
});

try {
  await services.ready(120_000);
  process.stdout.write('\nAll seven services are ready. Ask with CLAWDESK_URL=http://127.0.0.1:{port}\n');
} catch (error) {
  if (!ending) process.stderr.write(`${(error as Error).message}\n`);
  await end(1);
}
