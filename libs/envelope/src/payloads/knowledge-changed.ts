import { IsInt, Min } from 'class-validator';

/** `knowledge.changed`: the tenant's articles have this version now; every replica reloads. */
export class KnowledgeChanged {
  @IsInt() @Min(0) version: number;
}

/** `intents.changed`: the tenant's intents have this version now. */
export class IntentsChanged {
  @IsInt() @Min(0) version: number;
}
