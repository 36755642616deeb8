import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';

export const permissions = [
  'articles:read',
  'articles:write',
  'conversations:read',
  'conversations:write',
  'keys:write',
  'tenants:write',
] as const;
export type Permission = (typeof permissions)[number];

export const accessMetadata = 'clawdesk:access';
/** What a route asks of its caller. A route without one is refused, and a test names it. */
export type Access =
  { kind: 'public' } | { kind: 'visitor' } | { kind: 'permission'; permission: Permission };

/** Anybody may call it. */
export const Public = (): MethodDecorator & ClassDecorator =>
  SetMetadata(accessMetadata, { kind: 'public' } satisfies Access);
/** The bearer of a visitor token (a customer on the web chat) may call it, for their own thread. */
export const RequiresVisitor = (): MethodDecorator & ClassDecorator =>
  SetMetadata(accessMetadata, { kind: 'visitor' } satisfies Access);
/** The bearer of an API key with this permission may call it, for the key's tenant. */
export const RequiresPermission = (permission: Permission): MethodDecorator & ClassDecorator =>
  SetMetadata(accessMetadata, { kind: 'permission', permission } satisfies Access);

/** A customer's browser: one thread of one tenant. */
export interface VisitorIdentity {
  kind: 'visitor';
  tenant: string;
  /** Channel account. */
  account: string;
  /** Thread key. */
  thread: string;
  /** The visitor's random id: the contact point on web chat. */
  visitor: string;
  /** Pseudonym of the contact, for the envelope's `subjectkey`. */
  subjectkey: string;
}

/** A program with an API key. */
export interface ApiKeyIdentity {
  kind: 'api-key';
  tenant: string;
  /** Id of the key; also the agent's id in commands. */
  key: string;
  permissions: readonly Permission[];
}

export type Identity = VisitorIdentity | ApiKeyIdentity;

/** The caller, as the guard found it. Parameter decorator. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Identity => {
  return context.switchToHttp().getRequest<{ identity: Identity }>().identity;
});
