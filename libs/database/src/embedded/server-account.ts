import { spawnSync } from 'node:child_process';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** The user that the server runs as; undefined: the user of this process. */
export interface ServerAccount {
  uid: number;
  gid: number;
}

const name = 'postgres';

/**
 * PostgreSQL refuses to run as root: root gets the system's `postgres` user, made if need be. Everybody else runs it
 * themselves.
 * @throws {EmbeddedPostgresError} when there is no such user and none can be made.
 */
export function serverAccount(): ServerAccount | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  if (uid !== 0) {
    if (lookUp(String(uid)) === undefined) {
      throw new EmbeddedPostgresError(
        `The user with id ${uid} has no name on this machine, which PostgreSQL needs: run as a user of /etc/passwd, or set DATABASE_URL.`,
      );
    }
    return undefined;
  }
  const account = lookUp(name) ?? create();
  if (!account) {
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and the user '${name}' could not be made: make one (useradd --system ${name}), ` +
        'start as an ordinary user, or set DATABASE_URL.',
    );
  }
  return account;
}

function create(): ServerAccount | undefined {
  for (const command of [
    ['useradd', '--system', '--user-group', '--no-create-home', name],
    ['adduser', '-S', '-D', '-H', name], // Alpine's
  ]) {
    if (spawnSync(command[0]!, command.slice(1), { stdio: 'ignore' }).status === 0) return lookUp(name);
  }
  return undefined;
}

function lookUp(user: string): ServerAccount | undefined {
  const ids = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, user], { encoding: 'utf8' });
    return status === 0 ? Number.parseInt(stdout, 10) : Number.NaN;
  });
  const [uid, gid] = ids as [number, number];
  if (Number.isNaN(uid) || Number.isNaN(gid)) return undefined;
  // `id` echoes a number that has no name; only a named user helps.
  const { status } = spawnSync('id', ['-un', user], { stdio: 'ignore' });
  return status === 0 ? { uid, gid } : undefined;
}

/** Whether the account can use this path: enter the folder, or read and run the file. */
export function canUse(account: ServerAccount | undefined, path: string, how: 'enter' | 'run'): boolean {
  if (!account) return true;
  const test = how === 'enter' ? 'test -x "$0" && test -d "$0"' : 'test -x "$0" && test -r "$0"';
  return spawnSync('/bin/sh', ['-c', test, path], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}
