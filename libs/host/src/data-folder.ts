import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from './host.config.js';

/** Files of an installation that keeps its own state: the secret and the first API key. */
export class DataFolder {
  constructor(readonly path: string) {}

  /** Makes the folder. @throws {ConfigurationError} when that is not possible, naming the folder. */
  prepare(): void {
    try {
      mkdirSync(this.path, { recursive: true });
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

  private write(name: string, text: string): void {
    // 'wx': two processes that start at once must agree on one.
    try {
      writeFileSync(join(this.path, name), `${text}\n`, {
        mode: 0o600,
        flag: name === 'secret' ? 'wx' : 'w',
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
      throw new ConfigurationError(
        `${join(this.path, name)} cannot be written (${(error as Error).message}): set DATA_DIR to a folder that this user may write.`,
      );
    }
  }
}
