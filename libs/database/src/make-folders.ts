import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those it lies in, level by level: mkdir's own `recursive` never ends where the system says that a
 * parent which is there is not, as in /proc.
 * @param mode of every folder that is made
 */
export function makeFolders(path: string, mode?: number): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have been first.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}
