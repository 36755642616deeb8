import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { accessMetadata, type Access } from './access.js';

/** An HTTP route of the application, and what it asks of its caller. */
export interface Route {
  method: string;
  path: string;
  /** `Controller.method` */
  name: string;
  access: Access | undefined;
}

/** Lists all HTTP routes of an application. */
export function listRoutes(app: { get<T>(token: unknown, options?: { strict: boolean }): T }): Route[] {
  const discovery = new DiscoveryService(app.get<ModulesContainer>(ModulesContainer, { strict: false }));
  const reflector = app.get<Reflector>(Reflector, { strict: false });
  const scanner = new MetadataScanner();
  return discovery.getControllers().flatMap(({ instance, metatype }) => {
    if (!instance || !metatype) return [];
    const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name]!;
      const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      const paths = [
        Reflect.getMetadata(PATH_METADATA, metatype),
        Reflect.getMetadata(PATH_METADATA, handler),
      ];
      return [
        {
          method: RequestMethod[method]!,
          path: `/${paths
            .flat()
            .filter((part) => part && part !== '/')
            .join('/')}`.replace(/\/{2,}/g, '/'),
          name: `${metatype.name}.${name}`,
          access: reflector.getAllAndOverride<Access | undefined>(accessMetadata, [handler, metatype]),
        },
      ];
    });
  });
}

/** Routes that do not say who may call them. They are refused; a test keeps this list empty. */
export const routesWithoutAccess = (app: Parameters<typeof listRoutes>[0]): string[] =>
  listRoutes(app)
    .filter(({ access }) => access === undefined)
    .map(({ method, path, name }) => `${method} ${path} (${name})`);
