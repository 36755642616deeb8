import { IsInt, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';

/** `turn.failed`: a record of a customer's turn was dead-lettered; the conversation goes to a person. */
export class TurnFailed {
  @IsString() @MaxLength(100) thread: string;
  /** Id of the customer's message; none when the record could not be read that far. */
  @IsOptional() @IsUUID() turn?: string;
  /** Topic of the dead-lettered record. */
  @IsString() @MaxLength(100) topic: string;
  /** Consumer group of the handler that gave up. */
  @IsString() @MaxLength(100) handler: string;
  @IsString() @MaxLength(1_000) reason: string;
  @IsInt() @Min(0) attempts: number;
}
