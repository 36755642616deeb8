import {
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  accessMetadata,
  type Access,
  type ApiKeyIdentity,
  type Identity,
  type VisitorIdentity,
} from './access.js';
import { ApiKeys } from './api-keys.js';
import { TenantDirectory } from './tenants.js';
import { VisitorTokens } from './visitor-tokens.js';

interface GuardedRequest {
  headers: { authorization?: string };
  identity?: Identity;
}

/** Lets a request through only when its route says who may call it and the caller is one of those: deny by default. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(VisitorTokens) private readonly visitors: VisitorTokens,
    @Inject(ApiKeys) private readonly keys: ApiKeys,
    @Inject(TenantDirectory) private readonly tenants: TenantDirectory,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Handlers of topics are called by the engine, not by anybody outside.
    if (context.getType() !== 'http') return true;
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessMetadata, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!access) throw new ForbiddenException('This route does not say who may call it.');
    if (access.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    request.identity =
      access.kind === 'visitor' ? await this.visitor(request) : await this.apiKey(request, access.permission);
    return true;
  }

  private async visitor(request: GuardedRequest): Promise<VisitorIdentity> {
    const identity = this.visitors.verify(bearer(request));
    if (!identity || !(await this.tenants.find(identity.tenant))) {
      throw new UnauthorizedException(
        'The visitor token is not valid: open a thread with POST /chat/threads.',
      );
    }
    return identity;
  }

  private async apiKey(request: GuardedRequest, permission: string): Promise<ApiKeyIdentity> {
    const identity = await this.keys.verify(bearer(request));
    if (!identity) throw new UnauthorizedException('The API key is not valid.');
    if (!identity.permissions.some((granted) => granted === permission)) {
      throw new ForbiddenException(`The API key lacks the permission ${permission}.`);
    }
    return identity;
  }
}

function bearer({ headers }: GuardedRequest): string {
  const match = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '');
  if (!match) throw new UnauthorizedException('Send the token as `Authorization: Bearer …`.');
  return match[1]!;
}
