import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Personal } from '../personal.js';
import { Citation } from './reply-composed.js';

export const turnStates = [
  'answered',
  'with-person',
  'superseded',
  'suppressed',
  'failed',
  'unknown',
] as const;
/** The visible states in which every accepted message ends. */
export type TurnState = (typeof turnStates)[number];

export const ownerKinds = ['bot', 'waiting', 'person'] as const;
/** Who answers: the bot; nobody yet (waiting for a person); a person. */
export type OwnerKind = (typeof ownerKinds)[number];

/** One numbered entry of a conversation's timeline, as screens show it. */
export class TimelineEntry {
  /** Gap-free number within the conversation, from 1. */
  @IsInt() @Min(1) sequence: number;
  /** `message`: from the contact; `reply`: to the contact; `turn`: a turn ended; `owner`: somebody else answers now. */
  @IsIn(['message', 'reply', 'turn', 'owner']) kind: 'message' | 'reply' | 'turn' | 'owner';
  @IsISO8601() at: string;
  /** Id of the message or reply. */
  @IsOptional() @IsUUID() id?: string;
  /** The client's (channel's) own id of a message, so that a sender recognises its own. */
  @IsOptional() @IsString() @MaxLength(200) clientId?: string;
  @IsOptional() @IsIn(['contact', 'bot', 'person', 'system']) author?:
    'contact' | 'bot' | 'person' | 'system';
  @IsOptional() @IsString() @MaxLength(100) agent?: string;
  @Personal() @IsOptional() @IsString() @MaxLength(20_000) text?: string;
  @IsOptional() @IsString() @MaxLength(35) language?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(8)
  @ValidateNested({ each: true })
  @Type(() => Citation)
  citations?: Citation[];
  /** Article ids of the passages that the reply was composed from. */
  @IsOptional() @IsArray() @ArrayMaxSize(8) @IsString({ each: true }) considered?: string[];
  @IsOptional() @IsString() @MaxLength(50) purpose?: string;
  /** The turn that a reply or a turn's state belongs to (= id of the customer's message). */
  @IsOptional() @IsUUID() turn?: string;
  @IsOptional() @IsIn(turnStates) state?: TurnState;
  @IsOptional() @IsString() @MaxLength(100) reason?: string;
  /** For `superseded`: the newer message that it joined. */
  @IsOptional() @IsUUID() supersededBy?: string;
  @IsOptional() @IsIn(ownerKinds) owner?: OwnerKind;
}

/** `conversation.changed`: new timeline entries of one conversation, in order, with no gap between them. */
export class ConversationChanged {
  @IsUUID() conversation: string;
  @IsString() @MaxLength(100) thread: string;
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => TimelineEntry)
  entries: TimelineEntry[];
  /** Number of the last entry. */
  @IsInt() @Min(0) sequence: number;
}
