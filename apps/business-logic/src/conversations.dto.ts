import { commandTypes, ownerKinds, type CommandType, type OwnerKind } from '@clawdesk/envelope';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';

export class ListQuery {
  @IsOptional() @IsIn(['open', 'resolved']) state?: 'open' | 'resolved';
  /** `waiting`: those that need a person. */
  @IsOptional() @IsIn(ownerKinds) owner?: OwnerKind;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit?: number;
  /** `next` of the page before. */
  @IsOptional() @IsString() @MaxLength(200) before?: string;
}

export class TimelineQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500) limit?: number;
  /** Number of the oldest entry that is known already. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(2_147_483_647) before?: number;
}

export class CommandBody {
  /** The client's id of the command: sent again, it has no second effect. */
  @IsUUID() id: string;
  @IsIn(commandTypes) type: CommandType;
  /** For `reply`. */
  @IsOptional() @IsString() @MaxLength(10_000) text?: string;
}
