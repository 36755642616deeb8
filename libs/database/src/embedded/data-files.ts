import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeFolders } from '../make-folders.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** Where the embedded server's files are in the data folder. */
export interface Files {
  dataDir: string;
  cluster: string;
  staging: string;
  lock: string;
  port: string;
  password: string;
  /** Says where the Unix socket lies. */
  socket: string;
  log: string;
}

/** @param dataDir absolute */
export const filesIn = (dataDir: string): Files => ({
  dataDir,
  cluster: join(dataDir, 'postgres'),
  staging: join(dataDir, 'postgres.new'),
  lock: join(dataDir, 'postgres.lock'),
  port: join(dataDir, 'postgres.port'),
  password: join(dataDir, 'postgres.password'),
  socket: join(dataDir, 'postgres.socket'),
  log: join(dataDir, 'postgres.log'),
});

/** @throws {EmbeddedPostgresError} naming the folder */
export function makeFolder(folder: string, mode?: number): string {
  try {
    makeFolders(folder, mode);
    return folder;
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The data folder ${folder} cannot be made (${(cause as Error).message}): set DATA_DIR to a folder that this user may write.`,
      { cause },
    );
  }
}

/** The owner's password: random, made at the first start. */
export function passwordIn({ password }: Files): string {
  if (!existsSync(password)) writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(password, 'utf8').trim();
}

/** The port of the last time if it is free, so that what was configured with it goes on working. */
export async function portFor({ port: file }: Files): Promise<number> {
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = kept > 0 && (await isFree(kept)) ? kept : await freePort();
  writeFileSync(file, `${port}\n`);
  return port;
}

/** A folder for the server's Unix socket; the one that a killed process left behind goes. */
export function makeSocketFolder({ socket: file }: Files): string {
  const left = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (/^clawdesk-pg-\w+$/.test(basename(left))) rmSync(left, { recursive: true, force: true });
  const folder = mkdtempSync(join(tmpdir(), 'clawdesk-pg-'));
  writeFileSync(file, `${folder}\n`);
  return folder;
}

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export const freePort = (): Promise<number> => listenOnce(0);

const isFree = (port: number): Promise<boolean> =>
  listenOnce(port).then(
    () => true,
    () => false,
  );

function listenOnce(port: number): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => done(bound));
    });
  });
}
