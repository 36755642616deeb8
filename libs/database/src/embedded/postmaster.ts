import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { goneWithin, isAlive, isListed } from './processes.js';

/** What the server says about itself in its `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  ready: boolean;
}

export function readPostmaster(cluster: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const pid = Math.abs(Number(lines[0]));
  return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Stops a server that outlived its Node process (kill -9). A stale file of a dead server, or one whose number now
 * belongs to another program, does no harm: PostgreSQL replaces it.
 * @throws {EmbeddedPostgresError} when the server does not end.
 */
export async function stopOrphan(cluster: string): Promise<boolean> {
  const postmaster = readPostmaster(cluster);
  if (!postmaster || !isAlive(postmaster.pid) || !servesCluster(postmaster.pid, cluster)) return false;
  await stopServer(postmaster.pid);
  return true;
}

/** How long init may take to notice that a process has ended; in some containers it never does. */
const unnoticedMs = 10_000;

/**
 * A server that was killed together with its Node process stays in the system's list until init notices. PostgreSQL takes
 * what is listed for running and refuses to start beside it, so wait; or remove what the dead server left behind.
 */
export async function forgetDeadServer(cluster: string): Promise<void> {
  const postmaster = readPostmaster(cluster);
  if (!postmaster) return;
  if (isAlive(postmaster.pid)) {
    // Another program of this user has the number by now: PostgreSQL would take it for a server.
    if (!servesCluster(postmaster.pid, cluster)) rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  const deadline = Date.now() + unnoticedMs;
  while (isListed(postmaster.pid)) {
    // Its back ends have long ended by then: each watches for the server's death.
    if (Date.now() > deadline) return rmSync(join(cluster, 'postmaster.pid'), { force: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Fast shutdown: running transactions are rolled back, everything committed is there. */
export async function stopServer(pid: number): Promise<void> {
  // Fast first; immediate (recovers at the next start) if a back end does not react; then there is nothing left to ask.
  for (const [signal, milliseconds] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
      throw error;
    }
    if (await goneWithin(pid, milliseconds)) return;
  }
  throw new EmbeddedPostgresError(
    `The PostgreSQL server with process id ${pid} does not end: end it by hand and start again.`,
  );
}

/** Linux says in which folder a process works, and a server works in its data folder. Elsewhere the file is believed. */
function servesCluster(pid: number, cluster: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
  } catch {
    return process.platform !== 'linux' || process.getuid?.() !== 0;
  }
}
