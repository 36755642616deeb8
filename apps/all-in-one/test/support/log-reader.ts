import { randomUUID } from 'node:crypto';
import type { LogRecord, OutgoingRecord, Transport } from '@clawdesk/messaging';
import type { System } from './system.js';

/** Reads and writes the log beside the services, through the same port as they do. */
export class LogReader {
  /** Every record of the topics that are read, by topic. */
  readonly records = new Map<string, LogRecord[]>();

  private constructor(private readonly transport: Transport) {}

  /** Reads these topics from their beginning on, as a consumer group of its own. */
  static async open(system: System, topics: readonly string[]): Promise<LogReader> {
    const transport = system.transport();
    const reader = new LogReader(transport);
    await transport.start([]);
    await Promise.all(topics.map((topic) => reader.read(topic)));
    return reader;
  }

  of(topic: string): readonly LogRecord[] {
    return this.records.get(topic) ?? [];
  }

  publish(record: OutgoingRecord): Promise<void> {
    return this.transport.publish([record]);
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private async read(topic: string): Promise<void> {
    const records: LogRecord[] = [];
    this.records.set(topic, records);
    await this.transport.consume({
      group: `e2e.${randomUUID()}`,
      topic,
      sink: {
        assigned: () => undefined,
        rebalancing: () => undefined,
        accept: (_partition, more) => records.push(...more) > 0,
      },
    });
  }
}
