import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceUrls } from '@clawdesk/client';
import { roleUrls } from '@clawdesk/database';
import { kafkaMissing, startKafka, type LocalKafka } from '@clawdesk/kafka';
import type { Transport } from '@clawdesk/messaging';
import { AllInOne, SeparateServices } from '@clawdesk/processes';
import { redisMissing, startPostgres, startRedis } from '@clawdesk/testing';
import { KafkaTransport, kafkaConfig } from '@clawdesk/transport-kafka';
import { PostgresTransport } from '@clawdesk/transport-postgres';
import { temporaryFolder } from './temporary-folder.js';

/** A whole Clawdesk of built processes, as tests see it from outside. */
export interface System {
  readonly name: string;
  readonly urls: ServiceUrls;
  /** Key of the first tenant, with all permissions. */
  apiKey(): string;
  /** The log that the processes use, for what cannot be seen over HTTP. Start and close it. */
  transport(): Transport;
  stop(): Promise<void>;
}

/** Why the tests over Kafka cannot run here; undefined when they can. */
export const kafkaMissingHere = await kafkaMissing();

/** Variables of every process in the tests: load tests send faster than customers write. */
const env = { LOG_LEVEL: 'warn' };

export class EmbeddedSystem implements System {
  readonly name = 'one process, embedded';

  private constructor(
    public process: AllInOne,
    private readonly folder: ReturnType<typeof temporaryFolder>,
  ) {}

  static async start(): Promise<EmbeddedSystem> {
    const folder = temporaryFolder();
    const process = await AllInOne.start({ dataDir: folder.path, env });
    const system = new EmbeddedSystem(process, folder);
    await process.ready().catch(async (error: unknown) => {
      await system.stop();
      throw error;
    });
    return system;
  }

  get urls(): ServiceUrls {
    return this.process.urls;
  }

  get dataDir(): string {
    return this.folder.path;
  }

  apiKey(): string {
    return this.process.apiKey();
  }

  /** Starts the process again, on the same port and data. */
  async startAgain(): Promise<void> {
    this.process = await AllInOne.start({ dataDir: this.folder.path, port: this.process.port, env });
    await this.process.ready();
  }

  transport(): Transport {
    const kept = (name: string): string => readFileSync(join(this.folder.path, name), 'utf8').trim();
    const owner = `postgresql://clawdesk:${kept('postgres.password')}@127.0.0.1:${kept('postgres.port')}/clawdesk`;
    return new PostgresTransport({
      connection: { connectionString: roleUrls(owner, kept('secret')).platform },
    });
  }

  async stop(): Promise<void> {
    await this.process.stop();
    this.folder.remove();
  }
}

export class KafkaSystem implements System {
  readonly name = 'seven processes, Kafka';

  private constructor(
    readonly services: SeparateServices,
    readonly kafka: LocalKafka,
    private readonly close: AsyncDisposableStack,
  ) {}

  static async start(): Promise<KafkaSystem> {
    await using resources = new AsyncDisposableStack();
    const folder = temporaryFolder();
    resources.defer(folder.remove);
    const kafka = await startKafka();
    resources.defer(() => kafka.stop());
    const postgres = await startPostgres();
    resources.defer(() => postgres.stop());
    const redis = redisMissing() === undefined ? await startRedis() : undefined;
    if (redis) resources.defer(() => redis.stop());
    const services = await SeparateServices.start({
      kafkaBrokers: kafka.brokers,
      databaseUrl: postgres.url,
      redisUrl: redis?.url,
      dataDir: folder.path,
      secret: postgres.secret,
      ports: 'free',
      // Dead members are noticed sooner than in production: several are killed.
      env: { ...env, KAFKA_SESSION_TIMEOUT_MS: '6000' },
    });
    resources.defer(() => services.stop());
    await services.ready(120_000);
    return new KafkaSystem(services, kafka, resources.move());
  }

  get urls(): ServiceUrls {
    return this.services.urls;
  }

  apiKey(): string {
    return this.services.apiKey();
  }

  transport(): Transport {
    return new KafkaTransport(kafkaConfig({ KAFKA_BROKERS: this.kafka.brokers }));
  }

  async stop(): Promise<void> {
    await this.close.disposeAsync();
  }
}
