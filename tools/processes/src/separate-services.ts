import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defaultPorts, serviceNames, ServiceUrls, type ServiceName } from '@clawdesk/client';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { cleanEnvironment, mainOf, nodeFlags, workspace } from './workspace.config.js';

/** Between the end of a service and its next start. */
const restartMs = 1_000;

export interface SeparateServicesOptions {
  kafkaBrokers: string;
  databaseUrl: string;
  redisUrl?: string | undefined;
  dataDir: string;
  /** The installation secret, which all processes must share. @default the one that is kept in `dataDir` */
  secret?: string | undefined;
  /** Whether each service listens on its default port or on a free one. */
  ports: 'default' | 'free';
  env?: NodeJS.ProcessEnv;
  onLine?: (service: ServiceName, line: string) => void;
}

/** The seven services as seven processes over Kafka. */
export class SeparateServices {
  readonly urls: ServiceUrls;
  private ending = false;
  private readonly children = new Map<ServiceName, Child>();

  private constructor(
    private readonly options: SeparateServicesOptions,
    private readonly ports: Readonly<Record<ServiceName, number>>,
  ) {
    const address = ([name, port]: [string, number]): [string, string] => [name, `http://127.0.0.1:${port}`];
    this.urls = new ServiceUrls(
      Object.fromEntries(Object.entries(ports).map(address)) as Record<ServiceName, string>,
    );
  }

  static async start(options: SeparateServicesOptions): Promise<SeparateServices> {
    const ports: Record<ServiceName, number> = { ...defaultPorts };
    if (options.ports === 'free') {
      for (const name of serviceNames) ports[name] = await freePort();
    }
    const services = new SeparateServices(options, ports);
    for (const name of serviceNames) services.startOne(name);
    return services;
  }

  /** Starts one service again, on the same port. */
  startOne(name: ServiceName): void {
    const { options } = this;
    const child = new Child({
      name,
      command: process.execPath,
      args: [...nodeFlags, mainOf(name)],
      cwd: workspace,
      env: {
        ...cleanEnvironment(),
        PORT: String(this.ports[name]),
        DATA_DIR: options.dataDir,
        DATABASE_URL: options.databaseUrl,
        KAFKA_BROKERS: options.kafkaBrokers,
        ...(options.secret && { CLAWDESK_SECRET: options.secret }),
        ...(options.redisUrl && { REDIS_URL: options.redisUrl }),
        ...options.env,
      },
      onLine: (line) => options.onLine?.(name, line),
    });
    this.children.set(name, child);
  }

  /**
   * As an orchestrator does: starts again what has ended by itself, a moment later.
   * @param ended told of each; false leaves it ended
   */
  keepRunning(ended: (name: ServiceName) => boolean = () => true): void {
    for (const name of serviceNames) void this.keepOneRunning(name, ended);
  }

  private async keepOneRunning(name: ServiceName, ended: (name: ServiceName) => boolean): Promise<void> {
    for (;;) {
      const child = this.of(name);
      await child.exited;
      if (this.ending || !ended(name)) return;
      await pause(restartMs);
      if (this.ending) return;
      if (this.of(name) === child) this.startOne(name);
    }
  }

  of(name: ServiceName): Child {
    const child = this.children.get(name);
    if (!child) throw new Error(`${name} was not started.`);
    return child;
  }

  async ready(withinMs?: number): Promise<void> {
    await Promise.all(
      serviceNames.map((name) => this.of(name).answers(this.urls.of(name, '/health/ready'), withinMs)),
    );
  }

  /** The API key that the first start made. */
  apiKey(): string {
    return readFileSync(join(this.options.dataDir, 'api-key'), 'utf8').trim();
  }

  async stop(): Promise<void> {
    this.ending = true;
    await Promise.all([...this.children.values()].map((child) => child.stop()));
  }

  async kill(): Promise<void> {
    this.ending = true;
    await Promise.all([...this.children.values()].map((child) => child.kill()));
  }
}
