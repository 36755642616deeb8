import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolder } from './data-folder.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'clawdesk-data-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the data folder', () => {
  it('is made with all folders above it, once', () => {
    const path = join(folder, 'a', 'b', 'c');
    new DataFolder(path).prepare();
    new DataFolder(path).prepare();
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('that cannot be made is a sentence that names it and DATA_DIR', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(() => new DataFolder(path).prepare()).toThrow(/cannot be made.*set DATA_DIR to a folder/);
    }
  });

  it.runIf(process.platform === 'linux')('below /proc does not keep the process for ever', () => {
    expect(() => new DataFolder('/proc/none/data').prepare()).toThrow(/cannot be made/);
  });
});
