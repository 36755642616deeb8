import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Personal } from '../personal.js';

/** Where a claim comes from; `number` is what stands in the text as `[1]`. */
export class Citation {
  @IsInt() @Min(1) number: number;
  @IsString() @MaxLength(200) article: string;
  @IsInt() @Min(1) version: number;
  @IsString() @MaxLength(500) title: string;
  @IsOptional() @IsString() @MaxLength(2_000) url?: string;
}

export class Author {
  @IsIn(['bot', 'person', 'system']) kind: 'bot' | 'person' | 'system';
  /** Agent's id. */
  @IsString() @MaxLength(100) id: string;
}

/** `reply.composed`: something to be sent to the customer, once. */
export class ReplyComposed {
  /** Deterministic: UUIDv5 of (turn | command | timer, purpose, part). */
  @IsUUID() reply: string;
  @IsUUID() conversation: string;
  /** The turn it answers; none for what a person writes unasked. */
  @IsOptional() @IsUUID() turn?: string;
  @IsString() @MaxLength(50) channel: string;
  @IsString() @MaxLength(100) account: string;
  @IsString() @MaxLength(100) thread: string;
  @Personal() @IsString() @MaxLength(320) contactPoint: string;
  @ValidateNested() @Type(() => Author) author: Author;
  /** Why it is sent: the decision (`answer`, `greet`, …) or `person-reply`, `notice`. */
  @IsString() @MaxLength(50) purpose: string;
  @IsString() @MaxLength(35) language: string;
  @Personal() @IsString() @MaxLength(20_000) text: string;
  @IsArray() @ArrayMaxSize(8) @ValidateNested({ each: true }) @Type(() => Citation) citations: Citation[];
  /** Article ids of all passages that the reply was composed from, best first. */
  @IsArray() @ArrayMaxSize(8) @IsString({ each: true }) considered: string[];
  /** Fence that a bot's reply needs; a person's reply has none. */
  @IsOptional() @IsInt() @Min(0) fence?: number;
}
