import { IsString, IsUUID, MaxLength } from 'class-validator';

/** `timer.fired`: a timer of a conversation is due. The envelope's id is deterministic: UUIDv5 of the timer's id. */
export class TimerFired {
  @IsUUID() timer: string;
  @IsUUID() conversation: string;
  @IsString() @MaxLength(100) purpose: string;
}
