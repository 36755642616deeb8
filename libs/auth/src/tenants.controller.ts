import {
  Body,
  ConflictException,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  HttpCode,
  Inject,
  Module,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
} from '@nestjs/common';
import { ArrayNotEmpty, IsArray, IsIn, IsString, Length, Matches } from 'class-validator';
import { Caller, permissions, RequiresPermission, type ApiKeyIdentity, type Permission } from './access.js';
import { ApiKeys, type ApiKey } from './api-keys.js';
import { TenantExistsError, TenantStore } from './tenant-store.js';

/** PostgreSQL holds neither NUL nor halves of characters. */
const Printable = (): PropertyDecorator =>
  Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: 'name must not hold control characters' });

class NewTenant {
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/, { message: 'id must be 1 to 40 characters of a-z, 0-9 and -' })
  id: string;
  @IsString() @Length(1, 200) @Printable() name: string;
}

class NewApiKey {
  @IsString() @Length(1, 200) @Printable() name: string;
  @IsArray() @ArrayNotEmpty() @IsIn(permissions, { each: true }) permissions: Permission[];
}

/** Tenants of the installation; for whoever runs it. */
@Controller('api/tenants')
export class TenantsController {
  constructor(
    @Inject(TenantStore) private readonly tenants: TenantStore,
    @Inject(ApiKeys) private readonly keys: ApiKeys,
  ) {}

  @Get()
  @RequiresPermission('tenants:write')
  async list(): Promise<{ id: string; name: string }[]> {
    return (await this.tenants.all()).map(({ id, name }) => ({ id, name }));
  }

  @Post()
  @RequiresPermission('tenants:write')
  async create(@Body() body: NewTenant): Promise<{ id: string; name: string; apiKey: string }> {
    const { id, name } = body;
    try {
      const apiKey = await this.tenants.create(id, name, (manager) => this.keys.createFirst(manager, id));
      return { id, name, apiKey };
    } catch (error) {
      if (error instanceof TenantExistsError) throw new ConflictException(error.message);
      throw error;
    }
  }
}

/** API keys of the caller's tenant. */
@Controller('api/keys')
export class ApiKeysController {
  constructor(@Inject(ApiKeys) private readonly keys: ApiKeys) {}

  @Get()
  @RequiresPermission('keys:write')
  list(@Caller() caller: ApiKeyIdentity): Promise<ApiKey[]> {
    return this.keys.list(caller.tenant);
  }

  /** Nobody gives away what they do not have. */
  @Post()
  @RequiresPermission('keys:write')
  create(@Caller() caller: ApiKeyIdentity, @Body() body: NewApiKey): Promise<{ id: string; key: string }> {
    const refused = body.permissions.find(
      (permission) => permission === 'tenants:write' || !caller.permissions.includes(permission),
    );
    if (refused) throw new ForbiddenException(`This key cannot give the permission ${refused}.`);
    return this.keys.create(caller.tenant, body.name, body.permissions);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresPermission('keys:write')
  async revoke(@Caller() caller: ApiKeyIdentity, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    if (!(await this.keys.revoke(caller.tenant, id)))
      throw new NotFoundException('There is no such API key.');
  }
}

/** The HTTP routes of this lib. The gateway serves them. */
@Module({ controllers: [TenantsController, ApiKeysController] })
export class AuthModule {}
