import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { listRoutes, routesWithoutAccess } from '@clawdesk/auth';
import { createPlatform, hostConfig, HostModule, routes } from '@clawdesk/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { services } from './services.js';

const platform = createPlatform(hostConfig({}), 'a secret of this test, long enough');

@Module({ imports: [HostModule.of(services, platform), DiscoveryModule] })
class EverythingModule {}

describe('the HTTP routes of all services', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(EverythingModule, new FastifyAdapter(), {
      logger: false,
    });
  });
  afterAll(() => app.close());

  it('each say who may call them', () => {
    expect(listRoutes(app).length).toBeGreaterThan(10);
    expect(routesWithoutAccess(app)).toEqual([]);
  });

  it('each lie under a prefix of the table, or are those of every process', () => {
    const prefixes = Object.values(routes).flatMap((service) => service.prefixes);
    const outside = listRoutes(app)
      .map(({ path }) => path)
      .filter((path) => !prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)));
    expect(outside.sort()).toEqual(['/', '/health/live', '/health/ready', '/metrics']);
  });
});
