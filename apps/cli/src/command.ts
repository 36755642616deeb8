import type { ParseArgsOptionsConfig } from 'node:util';
import type { ClawdeskClient } from '@clawdesk/client';
import type { CliConfig } from './cli.config.js';
import type { Terminal } from './terminal.js';

export interface Context {
  config: CliConfig;
  terminal: Terminal;
  /** The server as anybody sees it. */
  visitor(): ClawdeskClient;
  /** The server as the holder of the API key sees it. @throws {UsageError} when there is none. */
  keyHolder(): ClawdeskClient;
}

/** Parsed options; each command reads its own by name. */
export type Options = Readonly<Record<string, unknown>>;

/** One thing that the command line can do. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` shows. */
  help: string;
  options: ParseArgsOptionsConfig;
  /** @returns the exit code */
  run(context: Context, options: Options, words: readonly string[]): Promise<number>;
}

/** Thrown when the command line was not called rightly; exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The value of an option that takes one. */
export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}
