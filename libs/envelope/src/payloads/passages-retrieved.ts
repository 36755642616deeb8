import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Personal } from '../personal.js';
import { MessageUnderstood } from './message-understood.js';

/** A piece of one version of one article, at most 1,200 characters. */
export class Passage {
  @IsString() @MaxLength(100) id: string;
  @IsString() @MaxLength(200) article: string;
  @IsInt() @Min(1) version: number;
  @IsString() @MaxLength(500) title: string;
  @IsString() @MaxLength(1_200) text: string;
  /** Address of the article, where it has one. */
  @IsOptional() @IsString() @MaxLength(2_000) url?: string;
  @IsString() @MaxLength(35) language: string;
  /** Retrieval score, higher is better; comparable within one retrieval only. */
  @IsNumber() score: number;
  /** Share (0…1) of the query's weight (inverse document frequency) that the article covers; comparable between queries. */
  @IsNumber() @Min(0) @Max(1) coverage: number;
}

/** `passages.retrieved`: the understood message and at most 8 passages, best first. */
export class PassagesRetrieved extends MessageUnderstood {
  @IsArray() @ArrayMaxSize(8) @ValidateNested({ each: true }) @Type(() => Passage) passages: Passage[];
  /** What was searched for. */
  @Personal() @IsString() @MaxLength(10_000) query: string;
  /** 1, or 2 and more after `passages.requested`. */
  @IsInt() @Min(1) @Max(3) attempt: number;
  /** Version of the tenant's knowledge that was searched. */
  @IsInt() @Min(0) knowledgeVersion: number;
}
