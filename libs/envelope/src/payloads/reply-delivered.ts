import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ReplyComposed } from './reply-composed.js';

export const outcomes = ['sent', 'failed', 'unknown', 'fenced'] as const;
/** `fenced`: a person took over before the reply was claimed, so it was not sent. */
export type Outcome = (typeof outcomes)[number];

/** `reply.delivered`: the reply and what became of it. */
export class ReplyDelivered extends ReplyComposed {
  @IsIn(outcomes) outcome: Outcome;
  /** The provider's id of what was sent. */
  @IsOptional() @IsString() @MaxLength(200) providerId?: string;
  /** Why it failed, without the text. */
  @IsOptional() @IsString() @MaxLength(500) detail?: string;
}
