import { readFileSync } from 'node:fs';

/** Whether a process with this id runs. */
export const isAlive = (pid: number): boolean =>
  isListed(pid) && !/^\d+ \(.*\) [ZX]/s.test(readOrEmpty(`/proc/${pid}/stat`));

/** Whether the system knows a process with this id: one that runs, or one that has ended and whose parent has not noticed. */
export function isListed(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What tells this process from a later one with the same id: machine start and process start. Empty where there is
 * no /proc; the id alone has to do then.
 */
export function birthOf(pid: number): string {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  if (!stat) return '';
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${readOrEmpty('/proc/sys/kernel/random/boot_id').trim()}/${started}`;
}

/** Resolves with whether the process was gone before the time was over. */
export async function goneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // no such process, or a system without /proc
  }
}
