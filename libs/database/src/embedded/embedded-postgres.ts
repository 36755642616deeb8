import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { logger } from '@clawdesk/tracing';
import {
  filesIn,
  freePort,
  makeFolder,
  makeSocketFolder,
  passwordIn,
  portFor,
  type Files,
} from './data-files.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { FolderLock } from './folder-lock.js';
import { postgresPrograms, type PostgresPrograms } from './postgres-programs.js';
import { forgetDeadServer, readPostmaster, stopOrphan, stopServer } from './postmaster.js';
import { canUse, serverAccount, type ServerAccount } from './server-account.js';
import { serverSettings } from './server-settings.js';

export interface EmbeddedPostgresOptions {
  /** The server keeps its files in `<dataDir>/postgres`. */
  dataDir: string;
  /** Told what takes a moment, e.g. 'Preparing the database (first start)'. */
  onProgress?: (what: string) => void;
  /** False only in tests: faster, but a crash of the machine loses data. @default true */
  durable?: boolean;
  /** Aborted when the process is to end: a start under way stops what it has begun, and rejects with the reason. */
  signal?: AbortSignal;
}

const owner = 'clawdesk';
const log = logger('embedded-postgres');
const startTimeoutMs = 60_000;
const largestLogFile = 10 * 1024 * 1024;

/**
 * A PostgreSQL server of this process's own, in its data folder, on a free port of 127.0.0.1. It outlives a kill -9 of
 * this process without harm: the next start takes the folder over. If the server itself dies, it is started again.
 */
export class EmbeddedPostgres {
  /** The server, or before it what prepares its folder. */
  private child: ChildProcess | undefined;
  private stopping = false;
  private restarting: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;
  /** Not in the data folder: the path of a socket has at most 107 characters. Empty where there are no such sockets. */
  private readonly socketFolder: string;

  private constructor(
    private readonly files: Files,
    private readonly lock: FolderLock,
    private readonly account: ServerAccount | undefined,
    private readonly programs: PostgresPrograms,
    private readonly password: string,
    private readonly durable: boolean,
    private port: number,
  ) {
    this.socketFolder = process.platform === 'win32' ? '' : makeSocketFolder(files);
    if (this.socketFolder) this.own(this.socketFolder);
  }

  /**
   * @throws {EmbeddedPostgresError} with one sentence: the folder is in use (by which process), cannot be reached by the
   * server's user, or the server does not start (and where its log is).
   */
  static async start({
    dataDir,
    onProgress,
    durable = true,
    signal,
  }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    signal?.throwIfAborted();
    const files = filesIn(resolve(dataDir));
    makeFolder(files.dataDir);
    const lock = FolderLock.take(files.lock, files.dataDir);
    let server: EmbeddedPostgres | undefined;
    // What keeps it from stopping is told below, where it is waited for.
    const stop = (): void => void server?.stop().catch(() => undefined);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const account = serverAccount();
      const programs = postgresPrograms(account, files.dataDir);
      if (await stopOrphan(files.cluster)) log.info('Stopped the server that an earlier process left behind');
      const port = await portFor(files);
      server = new EmbeddedPostgres(files, lock, account, programs, passwordIn(files), durable, port);
      signal?.throwIfAborted();
      if (!existsSync(join(files.cluster, 'PG_VERSION'))) {
        onProgress?.('Preparing the database (first start)');
        await server.createCluster();
      }
      signal?.throwIfAborted();
      await server.startServer();
      signal?.throwIfAborted();
      await server.createDatabase();
      signal?.throwIfAborted();
      return server;
    } catch (error) {
      if (server) await server.stop();
      else lock.release();
      throw signal?.aborted ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Address of the database for its owner. Through the Unix socket a query costs a third less than over TCP. */
  get url(): string {
    return this.urlOf(owner);
  }

  /** Process id of the server. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Stops the server (fast: what is running is rolled back) and gives the folder free. Idempotent. */
  stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    this.stopping = true;
    await this.restarting;
    const pid = this.child?.pid;
    this.child = undefined;
    if (pid !== undefined) await stopServer(pid);
    if (this.socketFolder) rmSync(this.socketFolder, { recursive: true, force: true });
    this.lock.release();
  }

  private urlOf(database: string): string {
    const socket = this.socketFolder && `?host=${encodeURIComponent(this.socketFolder)}`;
    return `postgresql://${owner}:${this.password}@127.0.0.1:${this.port}/${database}${socket}`;
  }

  private async createCluster(): Promise<void> {
    const { cluster, staging } = this.files;
    // Made beside its place and moved there when it is complete: a start that is cut short leaves no half of it.
    rmSync(staging, { recursive: true, force: true });
    rmSync(cluster, { recursive: true, force: true });
    this.own(makeFolder(staging, 0o700));
    // Read by the server's user, who may not be able to reach the data folder by its path.
    const passwordFolder = mkdtempSync(join(tmpdir(), 'clawdesk-initdb-'));
    const passwordFile = join(passwordFolder, 'password');
    writeFileSync(passwordFile, `${this.password}\n`, { mode: 0o600 });
    this.own(passwordFolder);
    this.own(passwordFile);
    try {
      await this.run(this.programs.initdb, staging, [
        `--username=${owner}`,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--no-instructions',
        ...(this.durable ? [] : ['--no-sync']),
      ]);
    } finally {
      rmSync(passwordFolder, { recursive: true, force: true });
    }
    renameSync(staging, cluster);
  }

  private async run(program: string, cwd: string, args: readonly string[]): Promise<void> {
    const output = this.openLog();
    try {
      const child = spawn(program, ['-D', this.folderArgument(cwd), ...args], {
        ...this.account,
        cwd,
        env: serverEnvironment(),
        stdio: ['ignore', output, output],
        // In a group of its own, as the server: Ctrl+C in the terminal must not leave half a folder and an error behind.
        detached: true,
      });
      this.child = child;
      const code = await new Promise<number | null>((done, fail) =>
        child.once('error', fail).once('exit', done),
      );
      this.child = undefined;
      if (code !== 0) throw this.failure('PostgreSQL could not prepare its data folder');
    } finally {
      closeSync(output);
    }
  }

  private async startServer(): Promise<void> {
    await forgetDeadServer(this.files.cluster);
    for (let attempt = 0; ; attempt += 1) {
      if (await this.tryToStart()) return;
      if (this.stopping)
        throw new EmbeddedPostgresError('The embedded PostgreSQL was stopped while it started.');
      if (attempt === 4) throw this.failure('The embedded PostgreSQL does not start');
      // Most likely somebody took the port between our look and the server's.
      this.port = await freePort();
      writeFileSync(this.files.port, `${this.port}\n`);
    }
  }

  private async tryToStart(): Promise<boolean> {
    if (this.stopping) return false;
    const { cluster } = this.files;
    this.own(cluster);
    const output = this.openLog();
    const settings = Object.entries(serverSettings(this.port, this.socketFolder, this.durable)).flatMap(
      ([name, value]) => ['-c', `${name}=${value}`],
    );
    // In a group of its own: Ctrl+C in the terminal must reach this process only, which stops the server last.
    const child = spawn(this.programs.postgres, ['-D', this.folderArgument(cluster), ...settings], {
      ...this.account,
      cwd: cluster,
      env: serverEnvironment(),
      stdio: ['ignore', output, output],
      detached: true,
    });
    closeSync(output);
    this.child = child;
    let ended = false;
    child.once('error', (error) => {
      ended = true;
      log.error({ err: error }, 'The server could not be run');
    });
    child.once('exit', () => (ended = true));
    const deadline = Date.now() + startTimeoutMs;
    while (!ended) {
      const postmaster = readPostmaster(cluster);
      if (postmaster?.ready && postmaster.pid === child.pid) {
        child.unref();
        child.once('exit', (code, signal) => this.onExit(child, code, signal));
        return true;
      }
      if (Date.now() > deadline) {
        await stopServer(child.pid!);
        throw this.failure(`The embedded PostgreSQL was not ready within ${startTimeoutMs / 1000} s`);
      }
      await pause(15);
    }
    return false;
  }

  private onExit(child: ChildProcess, code: number | null, signal: string | null): void {
    if (this.stopping || this.child !== child) return;
    this.child = undefined;
    log.error(
      { code, signal, log: this.files.log },
      'The embedded PostgreSQL ended by itself; starting it again',
    );
    this.restarting = this.restart().finally(() => (this.restarting = undefined));
  }

  /** On the same port, so that the connection pools find it again. */
  private async restart(): Promise<void> {
    for (let delay = 200; !this.stopping; delay = Math.min(10_000, delay * 2)) {
      try {
        if (await this.tryToStart()) return log.info('The embedded PostgreSQL runs again');
      } catch (error) {
        log.error({ err: error }, 'The embedded PostgreSQL could not be started again');
      }
      await pause(delay);
    }
  }

  private async createDatabase(): Promise<void> {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    client.on('error', (error) =>
      log.warn({ err: error }, 'Lost the connection while creating the database'),
    );
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [owner]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${owner}`);
    } finally {
      await client.end();
    }
  }

  /**
   * How the server is told its folder. Under root's home its user may not walk the path, but it is started inside the
   * folder, and Linux lets a process name the folder it is in.
   */
  private folderArgument(folder: string): string {
    if (canUse(this.account, folder, 'enter')) return folder;
    if (existsSync('/proc/self/cwd')) return '/proc/self/cwd';
    throw new EmbeddedPostgresError(
      `PostgreSQL does not run as root, and its user 'postgres' cannot reach ${folder}: set DATA_DIR to a folder that ` +
        'everybody may enter, e.g. DATA_DIR=/var/lib/clawdesk, or start as an ordinary user.',
    );
  }

  private own(folder: string): void {
    if (this.account && statSync(folder).uid !== this.account.uid)
      chownSync(folder, this.account.uid, this.account.gid);
  }

  private openLog(): number {
    const { log: file } = this.files;
    if (existsSync(file) && statSync(file).size > largestLogFile) renameSync(file, `${file}.1`);
    return openSync(file, 'a', 0o600);
  }

  private failure(what: string): EmbeddedPostgresError {
    const lines = readFileSync(this.files.log, 'utf8').trim().split('\n');
    const reason = lines.findLast((line) => /FATAL|ERROR|error:|denied/.test(line)) ?? lines.at(-1) ?? '';
    return new EmbeddedPostgresError(
      `${what}: ${reason.replace(/^.*?(FATAL|ERROR|error): */, '')} (see ${this.files.log})`,
    );
  }
}

/** Nothing of this process's settings or secrets goes to the server. */
const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
