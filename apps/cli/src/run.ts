import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClawdeskClient, ClawdeskError, ProblemError, ServiceUrls } from '@clawdesk/client';
import { cliConfig, type CliConfig } from './cli.config.js';
import { UsageError, type Command, type Context } from './command.js';
import { articlesCommand } from './commands/articles.js';
import { askCommand } from './commands/ask.js';
import { importCommand } from './commands/import.js';
import { migrateCommand } from './commands/migrate.js';
import { statusCommand } from './commands/status.js';
import { tenantsCommand } from './commands/tenants.js';
import { terminal, type Terminal } from './terminal.js';

export const commands: readonly Command[] = [
  importCommand,
  articlesCommand,
  askCommand,
  statusCommand,
  tenantsCommand,
  migrateCommand,
];

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 called wrongly */
export async function run(
  args: readonly string[],
  config: CliConfig = cliConfig(),
  output: Terminal = terminal(),
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    output.line(overview());
    return name === undefined ? 2 : 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) {
    output.complain(
      `There is no command '${name}'. Commands: ${commands.map((known) => known.name).join(', ')}.`,
    );
    return 2;
  }
  try {
    const { values, positionals } = parseArgs({
      args: wordsApart(rest),
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
    if (values['help'] === true) {
      output.line(command.help.trim());
      return 0;
    }
    return await command.run(context(config, output), values, positionals);
  } catch (error) {
    return explain(error, command, output);
  }
}

/** A question may begin with a dash: what has a blank in it is no option. So it goes behind the mark that ends the options. */
function wordsApart(args: readonly string[]): string[] {
  const isText = (arg: string): boolean => /^-[^=]*\s/.test(arg);
  const end = args.indexOf('--');
  const given = end < 0 ? args : args.slice(0, end);
  const texts = given.filter(isText);
  if (texts.length === 0) return [...args];
  const after = end < 0 ? [] : args.slice(end + 1);
  return [...given.filter((arg) => !isText(arg)), '--', ...texts, ...after];
}

function context(config: CliConfig, output: Terminal): Context {
  const urls = addresses(config.url);
  return {
    config,
    terminal: output,
    visitor: () => new ClawdeskClient(urls),
    keyHolder: () => new ClawdeskClient(urls, config.apiKey ?? keptKey(config.dataDir)),
  };
}

function addresses(url: string): ServiceUrls {
  try {
    return new ServiceUrls(url);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function keptKey(dataDir: string): string {
  const file = join(dataDir, 'api-key');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UsageError(
      `There is no API key: set CLAWDESK_API_KEY, or DATA_DIR to the server's data folder (looked for ${file}, which the first start writes).`,
    );
  }
}

/** One sentence for people; a stack only for what should never happen. */
function explain(error: unknown, command: Command, output: Terminal): number {
  if (error instanceof UsageError) {
    output.complain(error.message);
    return 2;
  }
  if (isArgumentError(error)) {
    output.complain(`${error.message.split('. ')[0]}. See \`npm run clawdesk -- ${command.name} --help\`.`);
    return 2;
  }
  if (error instanceof ClawdeskError) {
    output.complain(error.message);
    if (error instanceof ProblemError && error.status === 503)
      output.complain('`npm run clawdesk -- status` says what is away.');
    return 1;
  }
  output.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

const isArgumentError = (error: unknown): error is Error =>
  error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'Usage: npm run clawdesk -- COMMAND …',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'COMMAND --help says more about one. CLAWDESK_URL is the server (default http://127.0.0.1:3000; {port} in it',
    "stands for each service's own port), CLAWDESK_API_KEY the key (default: DATA_DIR/api-key, DATA_DIR: ./data).",
  ].join('\n');
}
