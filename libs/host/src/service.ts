import type { Type } from '@nestjs/common';
import type { SchemaMigrations } from '@clawdesk/database';

/** A service as its folder declares it; hosts run one or many of them. */
export interface ServiceDefinition {
  /** Folder name, e.g. `knowledge-base`. */
  name: string;
  module: Type;
  /** Its own schema, if it has tables. */
  schema?: SchemaMigrations;
}
