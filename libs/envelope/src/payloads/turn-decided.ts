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
import { Passage } from './passages-retrieved.js';

export const decisions = [
  'greet',
  'thank',
  'answer',
  'ask-back',
  'hand-off',
  'stay-silent',
  'superseded',
] as const;
/** What business-logic decided to do about one turn. */
export type Decision = (typeof decisions)[number];

/** One earlier message of the conversation. */
export class ContextTurn {
  @IsIn(['contact', 'bot', 'person', 'system']) author: 'contact' | 'bot' | 'person' | 'system';
  @Personal() @IsString() @MaxLength(10_000) text: string;
}

/** `turn.decided`: only decisions that need words are sent on to generation (greet, thank, answer, ask-back, hand-off). */
export class TurnDecided {
  @IsUUID() conversation: string;
  /** Turn id = id of the customer's message. */
  @IsUUID() turn: string;
  @IsString() @MaxLength(50) channel: string;
  @IsString() @MaxLength(100) account: string;
  @IsString() @MaxLength(100) thread: string;
  @Personal() @IsString() @MaxLength(320) contactPoint: string;
  @IsIn(decisions) decision: Decision;
  /** Why, as a stable word: `nothing-found`, `wants-person`, … */
  @IsString() @MaxLength(100) reason: string;
  @IsString() @MaxLength(35) language: string;
  @Personal() @IsString() @MaxLength(10_000) question: string;
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => ContextTurn)
  context: ContextTurn[];
  @Personal() @IsOptional() @IsString() @MaxLength(4_000) summary?: string;
  @IsArray() @ArrayMaxSize(8) @ValidateNested({ each: true }) @Type(() => Passage) passages: Passage[];
  /** The conversation's fence when the decision was taken: a bot reply needs it to be still in force. */
  @IsInt() @Min(0) fence: number;
}
