import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNumber,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Personal } from '../personal.js';
import { MessageReceived } from './message-received.js';

/** What the customer wants, with a calibrated confidence (0…1). Best first. */
export class Intent {
  @IsString() @MaxLength(100) name: string;
  @IsNumber() @Min(0) @Max(1) confidence: number;
}

/** Something named in the text: `email`, `order-number`, … `start` and `end` are UTF-16 positions. */
export class Entity {
  @IsString() @MaxLength(50) type: string;
  @Personal() @IsString() @MaxLength(500) value: string;
  @IsInt() @Min(0) start: number;
  @IsInt() @Min(0) end: number;
}

/** `message.understood`: the message and what nlu made of it. */
export class MessageUnderstood extends MessageReceived {
  /** BCP 47 primary language, e.g. `en`, `zh`; `und` when the text does not tell. */
  @IsString() @MaxLength(35) language: string;
  @IsArray() @ArrayMaxSize(10) @ValidateNested({ each: true }) @Type(() => Intent) intents: Intent[];
  @IsArray() @ArrayMaxSize(50) @ValidateNested({ each: true }) @Type(() => Entity) entities: Entity[];
  /** −1 (very negative) … 1 (very positive). */
  @IsNumber() @Min(-1) @Max(1) sentiment: number;
}
