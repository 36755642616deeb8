import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface ChildOptions {
  /** For messages: a service's name. */
  name: string;
  command: string;
  args: readonly string[];
  /** Complete environment; nothing is inherited. */
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Called for every line of output, as it comes. */
  onLine?: (line: string) => void;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** How much of a child's output is kept for messages about its failure. */
const keptLines = 200;

/** Children that still run. They have groups of their own, so Ctrl-C in a terminal does not reach them. */
const running = new Set<Child>();
process.once('exit', () => running.forEach((child) => child.signal('SIGKILL')));

/** A child process whose output is kept, that can be waited for and that is ended by its own id. */
export class Child {
  /** When it was started, on the clock of `performance.now()`. */
  readonly startedAt = performance.now();
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  private readonly process: ChildProcess;
  private readonly lines: string[] = [];

  constructor(private readonly options: ChildOptions) {
    this.process = spawn(options.command, [...options.args], {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npm and the shell it starts do not pass signals on to what they started.
      detached: true,
    });
    for (const output of [this.process.stdout, this.process.stderr]) {
      if (output) createInterface({ input: output }).on('line', (line) => this.note(line));
    }
    this.exited = new Promise((resolve) => {
      // 'close', not 'exit': the last lines of output have been read by then.
      this.process.once('close', (code, signal) => resolve((this.exit = { code, signal })));
      this.process.once('error', (error) => {
        this.note(error.message);
        resolve((this.exit = { code: null, signal: null }));
      });
    });
    running.add(this);
    void this.exited.then(() => running.delete(this));
  }

  get name(): string {
    return this.options.name;
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error(`${this.name} could not be started: ${this.output}`);
    return this.process.pid;
  }

  /** The last lines of standard output and standard error. */
  get output(): string {
    return this.lines.join('\n');
  }

  /**
   * Resolves once the address answers with success.
   * @throws when the process ends before, or the time is over, with what it printed.
   */
  async answers(url: string, withinMs = 60_000): Promise<void> {
    const end = performance.now() + withinMs;
    let last = 'nothing';
    while (this.exit === undefined) {
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
        last = `HTTP ${response.status} ${await response.text()}`;
        if (response.ok) return;
      } catch (error) {
        last = (error as Error).message;
      }
      if (performance.now() > end) {
        throw new Error(
          `${this.name} was not ready at ${url} within ${withinMs / 1000} s (${last}).\n${this.output}`,
        );
      }
      await pause(50);
    }
    throw new Error(
      `${this.name} ended with ${this.exit.signal ?? `code ${this.exit.code}`}.\n${this.output}`,
    );
  }

  /** Sends a signal to it and what it started, if it still runs. */
  signal(signal: NodeJS.Signals): void {
    if (this.exit !== undefined || this.process.pid === undefined) return;
    try {
      process.kill(-this.process.pid, signal);
    } catch (error) {
      // Between its end and the last line of its output there is nothing left to signal.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Asks it to end and waits; ends it the hard way after `graceMs`. */
  async stop(graceMs = 30_000): Promise<Exit> {
    this.signal('SIGTERM');
    const hard = setTimeout(() => this.signal('SIGKILL'), graceMs);
    const exit = await this.exited;
    clearTimeout(hard);
    return exit;
  }

  /** kill -9. */
  async kill(): Promise<Exit> {
    this.signal('SIGKILL');
    return this.exited;
  }

  private note(line: string): void {
    this.lines.push(line);
    if (this.lines.length > keptLines) this.lines.shift();
    this.options.onLine?.(line);
  }
}
