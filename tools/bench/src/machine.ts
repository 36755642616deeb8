import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { percentile } from './percentile.js';

export interface Machine {
  cpu: string;
  cores: number;
  ramGb: number;
  node: string;
  /** Median time of one fsync after a write of 4 KiB, in the folder that the benchmark writes to. */
  fsyncMs: number;
}

export const machine = (folder: string): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  ramGb: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  fsyncMs: fsyncP50(folder),
});

function fsyncP50(folder: string): number {
  const file = join(folder, 'fsync-probe');
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: 200 }, () => {
    writeSync(descriptor, page);
    const started = performance.now();
    fsyncSync(descriptor);
    return performance.now() - started;
  });
  closeSync(descriptor);
  rmSync(file);
  return percentile(times, 0.5);
}
