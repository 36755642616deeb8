import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { birthOf, isAlive } from './processes.js';

/**
 * One process at a time per folder. The lock is a file with the holder's process id; that of a dead holder is taken over.
 */
export class FolderLock {
  private constructor(
    private readonly file: string,
    private readonly content: string,
  ) {}

  /** @throws {EmbeddedPostgresError} naming the process that has the folder. */
  static take(file: string, folder: string): FolderLock {
    const content = `${process.pid}\n${birthOf(process.pid)}\n`;
    const own = `${file}.${randomBytes(6).toString('hex')}`;
    writeFileSync(own, content, { mode: 0o644 });
    try {
      // A link appears whole or not at all, and only if the name is free.
      for (let attempt = 0; attempt < 20; attempt += 1) {
        if (link(own, file)) return new FolderLock(file, content);
        const holder = read(file);
        if (holder !== undefined) {
          refuseIfAlive(holder, folder);
          setAside(file, holder);
        }
      }
    } finally {
      rmSync(own, { force: true });
    }
    throw new EmbeddedPostgresError(
      `The data folder ${folder} cannot be locked: another process is starting on it. Try again.`,
    );
  }

  release(): void {
    if (read(this.file) === this.content) rmSync(this.file, { force: true });
  }
}

function refuseIfAlive(holder: string, folder: string): void {
  const [pidLine = '', birth = ''] = holder.split('\n');
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return;
  if (birth && birth !== birthOf(pid)) return;
  const who = pid === process.pid ? 'this process itself' : `process ${pid}`;
  throw new EmbeddedPostgresError(
    `The data folder ${folder} is in use by ${who}: stop it first, or set DATA_DIR to another folder ` +
      `(several processes share one database through DATABASE_URL).`,
  );
}

/** Takes a dead holder's lock away, unless somebody else has just done so and taken it. */
function setAside(file: string, expected: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== expected) link(aside, file);
  rmSync(aside, { force: true });
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
