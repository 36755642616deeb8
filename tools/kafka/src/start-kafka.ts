import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from './broker.js';
import { kafkaClassPath, type Progress } from './jars.js';
import { freePort, isFree } from './ports.js';
import type { BrokerAddress } from './server-properties.js';

export interface StartKafkaOptions {
  /** Port of the first broker; further ones take the next ports. @default a free one */
  port?: number;
  /** Kept after the end. @default a temporary folder that goes with the broker */
  dataDir?: string;
  /** One broker, or three with replication 3 and min.insync.replicas 2. @default 1 */
  brokers?: 1 | 3;
  /** Told what is being done. */
  progress?: Progress;
  /** Called when a broker ends that nobody has ended here, with the path of its log. */
  onEnd?: (logFile: string) => void;
}

/** A local Kafka that runs. */
export interface LocalKafka {
  /** Addresses, as KAFKA_BROKERS takes them. */
  readonly brokers: string;
  /** The class path of its jars, for Kafka's own tools. */
  readonly classPath: string;
  /** Ends a broker as a power cut would. @default the first */
  kill9(broker?: number): Promise<void>;
  /** Ends a broker hard, if it still runs, and starts it again on the same port and data. @default the first */
  restart(broker?: number): Promise<void>;
  /** Ends all brokers; removes the data when its folder was temporary. Idempotent. */
  stop(): Promise<void>;
}

async function addresses(first: number | undefined, count: number): Promise<BrokerAddress[]> {
  const list: BrokerAddress[] = [];
  for (let index = 0; index < count; index += 1) {
    const port = first === undefined ? await freePort() : first + index;
    if (!(await isFree(port))) {
      throw new Error(
        `Port ${port} on 127.0.0.1 is in use: end what listens there, or choose another with --port.`,
      );
    }
    list.push({ id: index + 1, port, controllerPort: await freePort() });
  }
  return list;
}

/** The id that all brokers of one data folder share. */
async function clusterIdOf(dataDir: string): Promise<string> {
  const file = join(dataDir, 'cluster-id');
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  // Kafka's own tool takes an id that begins with a hyphen for an option.
  const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url').replace(/^-/, 'A');
  await writeFile(file, `${id}\n`);
  return id;
}

/**
 * Starts Apache Kafka on 127.0.0.1 and resolves when it answers.
 * @throws with a sentence that says what to do when Java or Maven is missing or a port is taken.
 */
export async function startKafka(options: StartKafkaOptions = {}): Promise<LocalKafka> {
  const progress = options.progress ?? (() => undefined);
  const classPath = await kafkaClassPath(progress);
  const temporary = options.dataDir === undefined;
  const all = await addresses(options.port, options.brokers ?? 1);
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'clawdesk-kafka-')));
  await mkdir(dataDir, { recursive: true });
  const clusterId = await clusterIdOf(dataDir);
  const brokers = all.map((address) => new Broker(address, all, classPath, dataDir, options.onEnd));
  const killAll = (): void => brokers.forEach((broker) => broker.killNow());
  process.once('exit', killAll);
  const stop = async (): Promise<void> => {
    await Promise.all(brokers.map((broker) => broker.end(temporary ? 'SIGKILL' : 'SIGTERM')));
    process.removeListener('exit', killAll);
    if (temporary) await rm(dataDir, { recursive: true, force: true });
  };

  try {
    await Promise.all(brokers.map((broker) => broker.refuseIfInUse()));
    progress(`Preparing the storage in ${dataDir} …`);
    await Promise.all(brokers.map((broker) => broker.prepare(clusterId)));
    progress(`Starting ${brokers.length === 1 ? 'one broker' : `${brokers.length} brokers`} …`);
    await Promise.all(brokers.map((broker) => broker.start()));
  } catch (error) {
    await stop();
    throw error;
  }

  const broker = (index: number): Broker => {
    const found = brokers[index];
    if (!found) throw new Error(`There is no broker ${index}: ${brokers.length} run, counted from 0.`);
    return found;
  };
  return {
    brokers: all.map(({ port }) => `127.0.0.1:${port}`).join(','),
    classPath,
    kill9: (index = 0) => broker(index).end('SIGKILL'),
    restart: async (index = 0) => {
      await broker(index).end('SIGKILL');
      await broker(index).start();
    },
    stop,
  };
}
