import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { AccessGuard, ApiKeys, TenantDirectory, TenantStore, VisitorTokens } from '@clawdesk/auth';
import { Database } from '@clawdesk/database';
import { LogPublisher, Publisher } from '@clawdesk/messaging';
import { HealthController } from './health.controller.js';
import type { HostConfig } from './host.config.js';
import { IndexController } from './index.controller.js';
import { LateDatabase } from './late-database.js';
import { LateTransport } from './late-transport.js';
import { Lifecycle } from './lifecycle.js';
import { ProblemFilter } from './problem.filter.js';
import { ProcessLifecycle } from './process-lifecycle.js';
import { Readiness } from './readiness.js';
import { RedisConnection } from './redis-connection.js';
import type { ServiceDefinition } from './service.js';

/** The parts of a process that its services share. */
export interface Platform {
  config: HostConfig;
  secret: string;
  database: LateDatabase;
  transport: LateTransport;
  lifecycle: ProcessLifecycle;
  readiness: Readiness;
  redis: RedisConnection;
  tenants: TenantStore;
}

export function createPlatform(config: HostConfig, secret: string): Platform {
  const database = new LateDatabase();
  const transport = new LateTransport();
  return {
    config,
    secret,
    database,
    transport,
    lifecycle: new ProcessLifecycle(),
    readiness: new Readiness(database, transport),
    redis: new RedisConnection(config.redisUrl),
    tenants: new TenantStore(database),
  };
}

/** Root module of every process: the services it runs, and what they share. */
@Module({})
export class HostModule {
  static of(services: readonly ServiceDefinition[], platform: Platform): DynamicModule {
    return {
      module: HostModule,
      imports: [
        TerminusModule.forRoot({ logger: false }),
        SharedModule.of(platform),
        ...services.map(({ module }) => module),
      ],
      controllers: [IndexController, HealthController],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}

@Module({})
class SharedModule {
  static of(platform: Platform): DynamicModule {
    const providers: Provider[] = [
      { provide: Database, useValue: platform.database },
      { provide: Publisher, useValue: new LogPublisher(platform.transport) },
      { provide: Lifecycle, useValue: platform.lifecycle },
      { provide: Readiness, useValue: platform.readiness },
      { provide: RedisConnection, useValue: platform.redis },
      { provide: TenantDirectory, useValue: platform.tenants },
      { provide: TenantStore, useValue: platform.tenants },
      { provide: VisitorTokens, useValue: new VisitorTokens([platform.secret]) },
      { provide: ApiKeys, useValue: new ApiKeys(platform.database) },
    ];
    return {
      module: SharedModule,
      global: true,
      providers,
      exports: providers.map((p) => (p as { provide: symbol }).provide),
    };
  }
}
