import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Personal } from '../personal.js';

/** A file the customer sent, by reference: the bytes are in the object store, never on a topic. */
export class AttachmentReference {
  @IsString() @MaxLength(200) id: string;
  @IsString() @MaxLength(100) contentType: string;
  /** Size in bytes. */
  @IsInt() @Min(0) size: number;
  @Personal() @IsOptional() @IsString() @MaxLength(255) fileName?: string;
}

/** A customer's message as its channel gave it, on `message.received`. The envelope's id is the message's id. */
export class MessageReceived {
  /** Id of the channel driver, e.g. `webchat`. */
  @IsString() @MaxLength(50) channel: string;
  /** Channel account of the tenant that received it. */
  @IsString() @MaxLength(100) account: string;
  /** Thread key: HMAC over (account, channel's own thread id); also the record's key. */
  @IsString() @MaxLength(100) thread: string;
  /** The customer's address on that channel (visitor id, phone number, e-mail address). */
  @Personal() @IsString() @MaxLength(320) contactPoint: string;
  @Personal() @IsString() @MaxLength(10_000) text: string;
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => AttachmentReference)
  attachments: AttachmentReference[];
  /** The channel's own id of the message (web chat: the client id). */
  @IsString() @MaxLength(200) channelMessageId: string;
  /** When the channel says it was written. */
  @IsISO8601() channelTime: string;
  /** The language that the customer's app asked for, if any (BCP 47). */
  @IsOptional() @IsString() @MaxLength(35) locale?: string;
  @IsOptional() @IsIn(['message', 'edit']) kind?: 'message' | 'edit';
}
