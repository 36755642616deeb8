import { readdirSync, readlinkSync } from 'node:fs';

/** Ids of the processes that work in a folder or below it, as PostgreSQL does in its data folder (Linux). */
export const processesIn = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolder(name)?.startsWith(folder))
    .map(Number);

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Ended meanwhile, or somebody else's.
    return undefined;
  }
}
