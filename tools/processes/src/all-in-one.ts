import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceUrls } from '@clawdesk/client';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { cleanEnvironment, mainOf, nodeFlags, workspace } from './workspace.config.js';

export interface AllInOneOptions {
  dataDir: string;
  /** @default a free one */
  port?: number;
  env?: NodeJS.ProcessEnv;
  onLine?: (line: string) => void;
}

/** Clawdesk as one process on the embedded default: built, started, and ended together with its PostgreSQL. */
export class AllInOne {
  readonly urls: ServiceUrls;

  private constructor(
    readonly child: Child,
    readonly port: number,
    private readonly dataDir: string,
  ) {
    this.urls = new ServiceUrls(`http://127.0.0.1:${port}`);
  }

  static async start({ dataDir, port, env, onLine }: AllInOneOptions): Promise<AllInOne> {
    const chosen = port ?? (await freePort());
    const child = new Child({
      name: 'all-in-one',
      command: process.execPath,
      args: [...nodeFlags, mainOf('all-in-one')],
      cwd: workspace,
      env: { ...cleanEnvironment(), PORT: String(chosen), DATA_DIR: dataDir, ...env },
      ...(onLine && { onLine }),
    });
    return new AllInOne(child, chosen, dataDir);
  }

  ready(withinMs?: number): Promise<void> {
    return this.child.answers(this.urls.of('gateway', '/health/ready'), withinMs);
  }

  /** The API key that the first start made. */
  apiKey(): string {
    return readFileSync(join(this.dataDir, 'api-key'), 'utf8').trim();
  }

  stop(): ReturnType<Child['stop']> {
    return this.child.stop();
  }

  /** kill -9 of Node and of every process of its PostgreSQL at the same moment, as a power cut would. */
  async kill(): Promise<void> {
    const victims = postgresProcesses(this.dataDir);
    this.child.signal('SIGKILL');
    for (const pid of victims) killIfThere(pid);
    await this.child.exited;
  }
}

/** The postmaster of the data folder and its children. */
export function postgresProcesses(dataDir: string): number[] {
  const pidFile = findPidFile(dataDir, 3);
  const postmaster = pidFile ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : NaN;
  return Number.isInteger(postmaster) ? [postmaster, ...childrenOf(postmaster)] : [];
}

function findPidFile(folder: string, depth: number): string | undefined {
  if (existsSync(join(folder, 'postmaster.pid'))) return join(folder, 'postmaster.pid');
  if (depth === 0) return undefined;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const found = entry.isDirectory() ? findPidFile(join(folder, entry.name), depth - 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // The postmaster's children end by themselves when it is gone.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ids of a process's direct children; none where /proc is not there. */
export function childrenOf(parent: number): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    // "pid (name) state ppid …"; the name may hold anything, also brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended while /proc was being read.
    return undefined;
  }
}
