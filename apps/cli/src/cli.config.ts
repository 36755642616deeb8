import { isAbsolute, resolve } from 'node:path';
import { defaultUrl } from '@clawdesk/client';

/** What the command line is told by its environment. */
export interface CliConfig {
  /** `CLAWDESK_URL` @default http://127.0.0.1:3000 */
  url: string;
  /** `CLAWDESK_API_KEY`; undefined: the one that the first start left in `dataDir`. */
  apiKey: string | undefined;
  /** `DATA_DIR` @default ./data */
  dataDir: string;
  /** Where the person stands: npm runs scripts in the workspace's folder, INIT_CWD is where it was called. */
  folder: string;
}

export function cliConfig(env: NodeJS.ProcessEnv = process.env): CliConfig {
  const folder = env['INIT_CWD'] ?? process.cwd();
  const dataDir = env['DATA_DIR']?.trim() || 'data';
  return {
    url: env['CLAWDESK_URL']?.trim() || defaultUrl,
    apiKey: env['CLAWDESK_API_KEY']?.trim() || undefined,
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(folder, dataDir),
    folder,
  };
}
