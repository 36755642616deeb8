import { DataSetError } from './data-set.js';
import { turns, turnsUsage } from './turns/command.js';

// What was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const [name, ...rest] = process.argv.slice(2);

if (name !== 'turns') {
  process.stdout.write(turnsUsage.trimStart());
  process.exit(name === undefined || name === '--help' ? 0 : 2);
}

try {
  process.exitCode = await turns(rest);
} catch (error) {
  // Wrong calls are sentences; anything else is shown whole, it is for who works on Clawdesk.
  const told =
    error instanceof DataSetError || error instanceof TypeError ? error.message : (error as Error).stack;
  process.stderr.write(`${told ?? String(error)}\n`);
  process.exitCode = 1;
}
