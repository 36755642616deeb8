import { Child, cleanEnvironment, mainOf, workspace } from '@clawdesk/processes';
import type { System } from './system.js';

/** Where the command line keeps things, and which folder it is called in. */
export interface CalledIn {
  folder: string;
  apiKey: string;
}

/** Runs the built command line against a system. @returns exit code and output */
export async function clawdesk(
  { urls }: System,
  { folder, apiKey }: CalledIn,
  ...args: string[]
): Promise<{ code: number | null; said: string }> {
  const child = new Child({
    name: 'clawdesk',
    command: process.execPath,
    args: [mainOf('cli'), ...args],
    cwd: workspace,
    env: {
      ...cleanEnvironment(),
      CLAWDESK_URL: urls.of('gateway'),
      CLAWDESK_API_KEY: apiKey,
      DATA_DIR: folder,
      INIT_CWD: folder,
    },
  });
  const { code } = await child.exited;
  return { code, said: child.output };
}
