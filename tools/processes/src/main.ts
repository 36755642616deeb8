import { serviceNames, type ServiceName } from '@clawdesk/client';
import { EmbeddedPostgres, EmbeddedPostgresError } from '@clawdesk/database';
import { SeparateServices } from './separate-services.js';
import { servicesConfig } from './workspace.config.js';

const usage = `Starts the seven services as separate processes over Kafka and runs them until Ctrl-C.

  KAFKA_BROKERS=127.0.0.1:9092 npm run services

\`npm run kafka\` starts a broker there. Without DATABASE_URL an embedded PostgreSQL is started in DATA_DIR (default ./data).
docs/guides/kafka.md tells the rest, docs/reference/configuration.md every variable.
`;

/** `npm run services`: the seven services as separate processes, output prefixed, stopped together. */
const config = servicesConfig();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const [argument] = process.argv.slice(2);
if (argument === '--help' || argument === '-h') {
  say(usage);
  process.exit(0);
}
if (argument !== undefined) {
  process.stderr.write(`There is no option '${argument}': variables say everything, see --help.\n`);
  process.exit(2);
}

if (!config.kafkaBrokers) {
  process.stderr.write(
    'Separate processes need Kafka: set KAFKA_BROKERS, e.g. 127.0.0.1:9092 (`npm run kafka` starts a broker there).\n',
  );
  process.exit(2);
}

let services: SeparateServices | undefined;
let postgres: EmbeddedPostgres | undefined;
let ending = false;
let allReady = false;

const end = async (code: number, sentence?: string): Promise<void> => {
  if (ending) return;
  ending = true;
  if (sentence) process.stderr.write(`${sentence}\n`);
  await services?.stop();
  await postgres?.stop();
  process.exit(code);
};
process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));

const started = async (kafkaBrokers: string): Promise<SeparateServices> => {
  if (!config.databaseUrl) {
    postgres = await EmbeddedPostgres.start({
      dataDir: config.dataDir,
      onProgress: (what) => say(`${what} …`),
    });
  }
  const width = Math.max(...serviceNames.map((name) => name.length));
  return SeparateServices.start({
    kafkaBrokers,
    databaseUrl: config.databaseUrl ?? postgres?.url ?? '',
    redisUrl: config.redisUrl,
    dataDir: config.dataDir,
    secret: config.secret,
    ports: 'default',
    onLine: (name, line) => say(`${name.padEnd(width)} │ ${line}`),
  });
};

/** What ends before it was ready once has a reason to: then all end. */
const mayStartAgain = (name: ServiceName): boolean => {
  if (allReady) say(`${name} has ended: it is started again.`);
  else void end(1, `${name} has ended: stopping the others.`);
  return allReady;
};

try {
  services = await started(config.kafkaBrokers);
  services.keepRunning(mayStartAgain);
  await services.ready(120_000);
  allReady = true;
  say('\nAll seven services are ready. Ask with');
  say('  CLAWDESK_URL=\'http://127.0.0.1:{port}\' npm run clawdesk -- ask "…"');
} catch (error) {
  const known = error instanceof EmbeddedPostgresError || services !== undefined;
  await end(1, known ? (error as Error).message : ((error as Error).stack ?? String(error)));
}
