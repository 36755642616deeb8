import type { AddressInfo } from 'node:net';
import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AccessGuard,
  ApiKeys,
  TenantDirectory,
  TenantStore,
  VisitorTokens,
  type Tenant,
} from '@clawdesk/auth';
import { Database } from '@clawdesk/database';
import {
  conversationId,
  deriveId,
  Topics,
  type ConversationChanged,
  type Envelope,
  type TimelineEntry,
} from '@clawdesk/envelope';
import { Lifecycle, ProblemFilter, RedisConnection, requestValidation } from '@clawdesk/host';
import { deliver } from '@clawdesk/messaging';
import { GatewayModule } from '../src/gateway.module.js';
import { StoreChanges } from '../src/store-changes.handler.js';

class Directory extends TenantDirectory {
  private readonly tenants: Tenant[] = ['default', 'acme'].map((id) => ({
    id,
    name: id,
    secret: Buffer.alloc(32),
  }));
  find(id: string): Promise<Tenant | undefined> {
    return Promise.resolve(this.tenants.find((tenant) => tenant.id === id));
  }
  all(): Promise<readonly Tenant[]> {
    return Promise.resolve(this.tenants);
  }
}

class TestLifecycle extends Lifecycle {
  readonly starts: (() => void | Promise<void>)[] = [];
  readonly stops: (() => void | Promise<void>)[] = [];
  onReady(start: () => void | Promise<void>): void {
    this.starts.push(start);
  }
  onDrain(stop: () => void | Promise<void>): void {
    this.stops.push(stop);
  }
}

export const tokens = new VisitorTokens(['s'.repeat(32)]);

/** A process of the gateway, as its host runs it. */
export interface GatewayApp {
  app: NestFastifyApplication;
  url: string;
  /** As if these entries of the thread's conversation had come on the topic. */
  change(tenant: string, thread: string, from: number, to: number): Promise<void>;
  drain(): Promise<void>;
  stop(): Promise<void>;
}

export async function startGateway(database: Database, redisUrl?: string): Promise<GatewayApp> {
  const lifecycle = new TestLifecycle();
  const redis = new RedisConnection(redisUrl);
  const providers = [
    { provide: Database, useValue: database },
    { provide: Lifecycle, useValue: lifecycle },
    { provide: RedisConnection, useValue: redis },
    { provide: TenantDirectory, useValue: new Directory() },
    { provide: TenantStore, useValue: {} },
    { provide: ApiKeys, useValue: {} },
    { provide: VisitorTokens, useValue: tokens },
  ];

  @Global()
  @Module({ providers, exports: providers.map(({ provide }) => provide) })
  class SharedModule {}

  @Module({
    imports: [SharedModule, GatewayModule],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_GUARD, useClass: AccessGuard },
    ],
  })
  class TestModule {}

  // Connections that clients opened ahead and never used would hold up the end of a test for a minute.
  const http = new FastifyAdapter({ forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(TestModule, http, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalPipes(requestValidation());
  await app.listen(0, '127.0.0.1');
  for (const start of lifecycle.starts) await start();
  const drain = async (): Promise<void> => {
    for (const stop of lifecycle.stops.splice(0).toReversed()) await stop();
  };
  return {
    app,
    url: `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`,
    change: async (tenant, thread, from, to) => {
      await database.tenantScope(tenant, () =>
        deliver(app.get(StoreChanges), Topics.conversationChanged, changed(tenant, thread, from, to)),
      );
    },
    drain,
    stop: async () => {
      await drain();
      await app.close();
      await redis.close();
    },
  };
}

function changed(tenant: string, thread: string, from: number, to: number): Envelope<ConversationChanged> {
  const entries = Array.from({ length: to - from + 1 }, (_, i): TimelineEntry => {
    const text = `${tenant} ${from + i}\n\u0000 “two lines”`;
    return { sequence: from + i, kind: 'message', at: new Date(0).toISOString(), author: 'contact', text };
  });
  const id = deriveId('test', tenant, thread, from, to);
  return {
    id,
    type: 'conversation.changed',
    source: '/clawdesk/business-logic',
    time: new Date().toISOString(),
    dataschema: 'clawdesk:conversation.changed:1.0',
    tenant,
    partitionkey: thread,
    correlationid: id,
    causationid: id,
    hops: 1,
    subjectkey: 'subject',
    data: { conversation: conversationId(tenant, thread), thread, entries, sequence: to },
  };
}
