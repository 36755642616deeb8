import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '@clawdesk/database';
import { ConfigurationError } from './host.config.js';

/** Files of an installation that keeps its own state: the secret and the first API key. */
export class DataFolder {
  constructor(readonly path: string) {}

  /** Makes the folder. @throws {ConfigurationError} when that is not possible, naming the folder. */
  prepare(): void {
    try {
      makeFolders(this.path);
    } catch (error) {
      throw new ConfigurationError(
        `The data folder ${this.path} cannot be made (${(error as Error).message}): set DATA_DIR to a folder that this user may write.`,
      );
    }
  }

  /**
   * The installation's secret: made at the first start, kept with access for this user only. Everything signed or
   * pseudonymised depends on it.
   */
  secret(): string {
    this.prepare();
    const file = join(this.path, 'secret');
    if (!existsSync(file)) this.write('secret', randomBytes(32).toString('hex'));
    return readFileSync(file, 'utf8').trim();
  }

  /** Where the first API key is kept for the command line on this machine. */
  get apiKeyFile(): string {
    return join(this.path, 'api-key');
  }

  keepApiKey(key: string): void {
    this.prepare();
    this.write('api-key', key);
  }

  /** Complete or not at all: other processes may start, and read, at the same time. */
  private write(name: string, text: string): void {
    const file = join(this.path, name);
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    try {
      writeFileSync(draft, `${text}\n`, { mode: 0o600, flag: 'wx' });
      // A link does not replace what is there: processes that start at once agree on one secret.
      if (name === 'secret') linkSync(draft, file);
      else renameSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      throw new ConfigurationError(
        `${file} cannot be written (${(error as Error).message}): set DATA_DIR to a folder that this user may write.`,
      );
    } finally {
      rmSync(draft, { force: true });
    }
  }
}
