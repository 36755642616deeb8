import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A thread that was asked in, and how far its timeline was read. */
export interface AskedThread {
  token: string;
  /** Number of the last entry that was seen. */
  after: number;
}

/** The thread of the last `ask`, for `--continue`; the token is a secret of the visitor, so only this user may read it. */
export class KeptThread {
  private readonly file: string;

  constructor(
    private readonly folder: string,
    private readonly url: string,
  ) {
    this.file = join(folder, 'cli-thread.json');
  }

  /** @returns undefined when nothing was asked of this server yet */
  last(): AskedThread | undefined {
    try {
      const kept = JSON.parse(readFileSync(this.file, 'utf8')) as AskedThread & { url: string };
      return kept.url === this.url ? { token: kept.token, after: kept.after } : undefined;
    } catch {
      // Not there, or not readable any more: then there is nothing to continue.
      return undefined;
    }
  }

  keep(thread: AskedThread): void {
    mkdirSync(this.folder, { recursive: true });
    const content = { url: this.url, token: thread.token, after: thread.after };
    writeFileSync(this.file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  }
}
