import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from '../command.js';

/** The host that knows every service's migrations; only it may import all services. */
const host = fileURLToPath(new URL('../../../all-in-one/dist/main.js', import.meta.url));

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the tables of all services up to date',
  help: `
Usage: npm run clawdesk -- migrate

Runs the migrations of all services in the database of DATABASE_URL (unset: the embedded one in DATA_DIR) and ends.
Services also do this themselves when they start; use it to do it once, before they start.`,
  options: {},
  run: () =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [host, '--migrate-only'], { stdio: 'inherit' });
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    }),
};
