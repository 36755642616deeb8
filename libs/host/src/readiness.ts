import type { Database } from '@clawdesk/database';
import type { Transport } from '@clawdesk/messaging';

export interface ReadinessPart {
  name: string;
  /** A sentence when the part is not there. */
  problem(): Promise<string | undefined>;
}

/** Whether the process can do its work. */
export class Readiness {
  /** What the process is doing before or after it can work; undefined while it can. */
  private phase: string | undefined = 'The process is starting.';

  constructor(
    private readonly database: Pick<Database, 'ping'>,
    private readonly transport: Pick<Transport, 'ping'>,
  ) {}

  ready(): void {
    this.phase = undefined;
  }

  notReady(phase: string): void {
    this.phase = phase;
  }

  parts(): ReadinessPart[] {
    return [
      { name: 'process', problem: () => Promise.resolve(this.phase) },
      { name: 'database', problem: () => problemOf(this.database) },
      { name: 'log', problem: () => problemOf(this.transport) },
    ];
  }
}

async function problemOf(dependency: { ping(): Promise<void> }): Promise<string | undefined> {
  try {
    await dependency.ping();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
