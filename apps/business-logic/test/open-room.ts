import { businessLogicSchema } from '../src/migrations/business-logic.schema.js';
import { openDatabase } from '@clawdesk/testing';
import { Room } from './room.js';

export interface OpenRoom {
  room: Room;
  close(): Promise<void>;
}

export async function openRoom(): Promise<OpenRoom> {
  const { database, close } = await openDatabase(businessLogicSchema);
  return { room: new Room(database), close };
}
