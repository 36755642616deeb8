import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { Personal } from '../personal.js';
import { MessageUnderstood } from './message-understood.js';

/** `passages.requested`: business-logic asks for a second retrieval, with the conversation's context in the query. */
export class PassagesRequested extends MessageUnderstood {
  @Personal() @IsString() @MaxLength(2_000) query: string;
  /** 2 for the first repeat. Bounded: a question is never sent round for ever. */
  @IsInt() @Min(2) @Max(3) attempt: number;
}
