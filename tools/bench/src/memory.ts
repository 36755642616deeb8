import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  command: string;
  rssMb: number;
}

/**
 * Memory of the largest Node process at or below this one, in MB: the one that does the work, where a start command
 * keeps npm and a shell around it. Reads /proc.
 */
export function nodeRssMb(root: number): number {
  const all = processes();
  const below = new Set([root]);
  // Children have larger ids than their parents only mostly: repeat until nothing is added.
  for (let size = 0; size !== below.size;) {
    size = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  const nodes = all.filter(({ pid, command }) => below.has(pid) && /(^|\/)node$/.test(command));
  return Math.max(0, ...nodes.map(({ rssMb }) => rssMb));
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const status = readFileSync(`/proc/${entry}/status`, 'utf8');
        const value = (name: string): number =>
          Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0')[0] ?? '';
        return [{ pid: Number(entry), parent: value('PPid'), command, rssMb: value('VmRSS') / 1024 }];
      } catch {
        // It ended while /proc was being read.
        return [];
      }
    });
}
