import { IsInt, IsString, IsUUID, MaxLength, Min } from 'class-validator';

/** `owner.changed`: from now on a bot's reply needs this fence. */
export class OwnerChanged {
  @IsUUID() conversation: string;
  @IsString() @MaxLength(100) thread: string;
  @IsInt() @Min(0) fence: number;
}

/** `owner.fenced`: dispatch has the fence in force; no older bot reply is claimed any more. */
export class OwnerFenced extends OwnerChanged {}
