import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { Personal } from '../personal.js';

export const commandTypes = ['take-over', 'give-back', 'reply', 'resolve'] as const;
export type CommandType = (typeof commandTypes)[number];

/** `conversation.commanded`: what a person told the platform to do with a conversation. */
export class ConversationCommanded {
  /** The client's id of the command; the same id twice has one effect. */
  @IsUUID() command: string;
  @IsUUID() conversation: string;
  @IsIn(commandTypes) type: CommandType;
  /** Agent who commands. */
  @IsString() @MaxLength(100) agent: string;
  /** For `reply`: what to send. */
  @Personal() @IsOptional() @IsString() @MaxLength(10_000) text?: string;
}
