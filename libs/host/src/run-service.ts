import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LogStrategy, Router } from '@clawdesk/messaging';
import { logger, startTelemetry, type Telemetry } from '@clawdesk/tracing';
import { connectDatabase, migrateDatabase, type DatabaseConnection } from './connect-database.js';
import { connectTransport, processedEventsDays } from './connect-transport.js';
import { DataFolder } from './data-folder.js';
import { ConfigurationError, hostConfig, type HostConfig } from './host.config.js';
import { createPlatform, HostModule, type Platform } from './host.module.js';
import { httpAdapter, httpOptions } from './http-adapter.js';
import { announce, type Announcer } from './announce.js';
import { retainProcessedEvents } from './processed-events-retention.js';
import { allInOnePort, routes } from './routes.js';
import type { ServiceDefinition } from './service.js';
import { requestValidation } from './validation.js';

const log = logger('host');

/** How long requests that are being answered when the process ends may take. */
const httpGraceMs = 3_000;

/**
 * Runs services in this process until it is told to end. HTTP answers first (`/health/live`), then the database,
 * the log and the handlers follow; what is unreachable is waited for, and `/health/ready` says so.
 * Ends the process with a sentence when that cannot help.
 */
export async function runService(services: readonly ServiceDefinition[]): Promise<void> {
  const say = announce(services);
  let host: Host | undefined;
  try {
    host = new Host(services, hostConfig(), say);
    await host.run();
  } catch (error) {
    // What it has started already, the embedded server for one, must not outlive it.
    if (host) await host.end(asError(error));
    else fail(say, error);
  }
}

/** Brings the tables of the services up to date and ends. */
export async function migrateServices(services: readonly ServiceDefinition[]): Promise<void> {
  const say = announce(services);
  try {
    const config = hostConfig();
    const secret = config.secret ?? new DataFolder(config.dataDir).secret();
    await migrateDatabase({ config, secret, services, say });
    say.progress('The tables are up to date');
  } catch (error) {
    fail(say, error);
  }
}

function fail(say: Announcer, error: unknown): never {
  report(say, asError(error));
  process.exit(1);
}

/** One sentence for the person at the terminal; the stack only of an error that nobody foresaw. */
function report(say: Announcer, error: Error): void {
  say.failure(error.message);
  if (unforeseen.includes(error.name)) log.fatal({ err: error }, 'The process ends');
}

const unforeseen = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

class Host {
  private app: NestFastifyApplication | undefined;
  private connecting: Promise<DatabaseConnection> | undefined;
  private platform: Platform | undefined;
  private router: Router | undefined;
  private telemetry: Telemetry | undefined;
  private ending: Promise<void> | undefined;
  /** Breaks off a start that is under way. */
  private readonly stopping = new AbortController();

  constructor(
    private readonly services: readonly ServiceDefinition[],
    private readonly config: HostConfig,
    private readonly say: Announcer,
  ) {}

  async run(): Promise<void> {
    this.watchProcess();
    const { config, services, say } = this;
    this.telemetry = await startTelemetry(
      `clawdesk-${services.length === 1 ? services[0]!.name : 'all-in-one'}`,
    );
    const folder = new DataFolder(config.dataDir);
    const secret = config.secret ?? folder.secret();
    const platform = (this.platform = createPlatform(config, secret));
    const router = (this.router = new Router({
      transport: platform.transport,
      database: platform.database,
      services: services.map(({ name }) => name),
      onFatal: (error) => void this.end(error),
      drainMs: config.drainMs,
    }));
    const app = (this.app = await NestFactory.create<NestFastifyApplication>(
      HostModule.of(services, platform),
      httpAdapter(),
      // Errors are reported once, by whoever knows what they mean.
      { ...httpOptions, logger: ['fatal', 'warn'], abortOnError: false },
    ));
    app.useGlobalPipes(requestValidation());
    // The rules for HTTP (guards, validation) are not for records: those were checked when they were decoded.
    app.connectMicroservice({ strategy: new LogStrategy(router) }, { inheritAppConfig: false });
    const address = await this.listen(app);
    const { signal } = this.stopping;
    this.connecting = connectDatabase({ ...platform, services, say, signal });
    const { platformUrl, firstApiKey } = await this.connecting;
    say.progress('Connecting to the log');
    await connectTransport({ ...platform, platformUrl, say, signal });
    signal.throwIfAborted();
    retainProcessedEvents(platform.lifecycle, { ...platform, days: processedEventsDays(config.kafka) });
    await app.startAllMicroservices();
    await platform.lifecycle.ready();
    platform.readiness.ready();
    say.ready(address, platform.transport.name, firstApiKey);
  }

  private async listen(app: NestFastifyApplication): Promise<string> {
    const { host } = this.config;
    const port = this.config.port ?? this.defaultPort();
    try {
      await app.listen(port, host);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') {
        throw new ConfigurationError(
          `Port ${port} is in use: end the other program, or set PORT to another one, e.g. PORT=${port + 1000}.`,
        );
      }
      if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
        throw new ConfigurationError(
          `Cannot listen on ${host}:${port} (${code}): set HOST and PORT to ones that this machine has.`,
        );
      }
      if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
        throw new ConfigurationError(
          `HOST is '${host}', which is no name or address of this machine (${code}): set it to one, e.g. HOST=127.0.0.1.`,
        );
      }
      throw error;
    }
    const bound = app.getHttpServer().address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`;
  }

  private defaultPort(): number {
    const only = this.services.length === 1 ? routes[this.services[0]!.name] : undefined;
    return only?.port ?? allInOnePort;
  }

  private watchProcess(): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void this.end());
    process.on('unhandledRejection', (error) => void this.end(error as Error));
    process.on('uncaughtException', (error) => void this.end(error));
  }

  /** Drains and ends: with code 0 when told to, with 1 and a sentence after an error. */
  end(error?: Error): Promise<void> {
    if (this.ending) {
      if (error && error !== this.stopping.signal.reason)
        log.error({ err: error }, 'Another error while the process ends');
      return this.ending;
    }
    this.ending = this.drainAndExit(error);
    return this.ending;
  }

  private async drainAndExit(error: Error | undefined): Promise<void> {
    this.stopping.abort();
    if (error) report(this.say, error);
    else this.say.progress('Finishing what is being done');
    // A drain that hangs must not keep a broken process alive.
    setTimeout(() => process.exit(1), this.config.drainMs + 10_000).unref();
    this.platform?.readiness.notReady('The process is shutting down.');
    try {
      await this.router?.close();
      await this.platform?.lifecycle.drain();
      await this.closeHttp();
      await this.platform?.transport.close();
      // Rejected: the start was broken off, or failed, and has stopped what it had begun.
      const database = await this.connecting?.catch(() => undefined);
      await database?.close();
      await this.platform?.redis.close();
      await this.telemetry?.shutdown();
    } catch (failure) {
      log.error({ err: failure }, 'Shutting down failed');
      process.exit(1);
    }
    process.exit(error ? 1 : 0);
  }

  /** Answers what has been asked, for a moment, and ends. */
  private async closeHttp(): Promise<void> {
    const server = this.app?.getHttpServer() as Server | undefined;
    // A connection that has not carried a request yet (browsers open some ahead) is not idle to Node, which would wait for it.
    const cut = setTimeout(() => server?.closeAllConnections(), httpGraceMs);
    await this.app?.close();
    clearTimeout(cut);
  }
}
