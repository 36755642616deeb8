import { migrate, roleUrls } from '@clawdesk/database';
import {
  StaleAssignmentError,
  type LogRecord,
  type OutgoingRecord,
  type RecordSink,
} from '@clawdesk/messaging';
import { startPostgres, until, type TestPostgres } from '@clawdesk/testing';
import { logSchema, PostgresTransport } from '@clawdesk/transport-postgres';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const topic = { name: 'orders', partitions: 1 };
const record = (key: string, value: string, name = topic.name): OutgoingRecord => ({
  topic: name,
  key,
  headers: {},
  value: Buffer.from(value),
});

class Sink implements RecordSink {
  readonly records: LogRecord[] = [];
  partitions: readonly number[] = [];
  assignment = -1;
  assigned(partitions: readonly number[], assignment: number): void {
    this.partitions = partitions;
    this.assignment = assignment;
  }
  rebalancing(): void {}
  accept(_partition: number, records: readonly LogRecord[]): boolean {
    this.records.push(...records);
    return true;
  }
}

describe('PostgresTransport, when something goes wrong', () => {
  let server: TestPostgres;
  const open: PostgresTransport[] = [];
  let url: string;
  let platform: string;

  /** Another replica, on the database of this test. */
  const replica = async (): Promise<PostgresTransport> => {
    const one = new PostgresTransport({ connection: { connectionString: platform }, leaseMs: 1_500 });
    open.push(one);
    await one.start([topic]);
    return one;
  };
  const sql = async <R extends object>(text: string): Promise<R[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<R>(text)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
  afterAll(() => server.stop());
  const emptyLog = async (): Promise<void> => {
    url = await server.createDatabase();
    await migrate(url, server.secret, [logSchema]);
    platform = roleUrls(url, server.secret).platform;
  };

  it('a sink that throws is fatal: its records are neither skipped nor committed', async () => {
    await emptyLog();
    const transport = await replica();
    const fatal: Error[] = [];
    transport.onFatal((error) => fatal.push(error));
    const broken = new Sink();
    let calls = 0;
    broken.accept = () => {
      calls += 1;
      throw new Error('the engine is broken');
    };
    const group = 'billing.broken';
    const member = await transport.consume({ group, topic: topic.name, sink: broken });
    await transport.publish([record('a', '1')]);
    await until(() => fatal.length > 0, { what: 'onFatal' });
    // Other records of the partition finish meanwhile; one that is read on could be committed past the first.
    member.resume(0);
    await transport.publish([record('a', '2')]);
    expect(calls).toBe(1);

    await transport.close();
    const sink = new Sink();
    await (await replica()).consume({ group, topic: topic.name, sink });
    await until(() => sink.records.length === 2, { what: 'both records' });
    expect(sink.records.map(({ value }) => value.toString())).toEqual(['1', '2']);
    expect(fatal.map(({ message }) => message)).toEqual(['the engine is broken']);
  });

  it('starting may be tried again after it failed half-way: records of others are seen all the same', async () => {
    await emptyLog();
    const transport = new PostgresTransport({ connection: { connectionString: platform }, leaseMs: 1_500 });
    open.push(transport);
    await sql('ALTER TABLE log.instances RENAME TO instances_away');
    await expect(transport.start([topic])).rejects.toThrow();
    await sql('ALTER TABLE log.instances_away RENAME TO instances');
    await transport.start([topic]);
    const sink = new Sink();
    await transport.consume({ group: 'billing.start', topic: topic.name, sink });
    const other = await replica();
    await other.publish([record('a', '1')]);
    await until(() => sink.records.length === 1, { what: 'the record of another process' });
  });

  it('a member hears that partitions are gone before another can take them', async () => {
    await emptyLog();
    const [one, two] = [await replica(), await replica()];
    await one.start([{ name: 'halves', partitions: 2 }]);
    await two.start([{ name: 'halves', partitions: 2 }]);
    const [first, second] = [new Sink(), new Sink()];
    const group = 'billing.halves';
    await one.consume({ group, topic: 'halves', sink: first });
    expect(first.partitions).toEqual([0, 1]);
    // Nothing can be released while somebody holds the rows.
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(`SELECT FROM log.claims WHERE group_name = '${group}' FOR UPDATE`);
      await two.consume({ group, topic: 'halves', sink: second });
      await until(() => first.partitions.length === 1, { what: 'the first to hear of it', timeoutMs: 5_000 });
      expect(second.partitions).toEqual([]);
    } finally {
      await holder.end();
    }
    await until(() => second.partitions.length === 1, { what: 'the other half' });
    expect([...first.partitions, ...second.partitions].sort()).toEqual([0, 1]);
  });

  it('a call that PostgreSQL refuses takes no other call with it', async () => {
    await emptyLog();
    const transport = await replica();
    const results = await Promise.allSettled([
      transport.publish([record('a', 'good')]),
      transport.publish([record('nul \0 in the key', 'bad')]),
      transport.publish([record('a', 'no topic', 'unknown')]),
      transport.publish([record('a', 'also good')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    const sink = new Sink();
    await transport.consume({ group: 'billing.read', topic: topic.name, sink });
    await until(() => sink.records.length === 2, { what: 'both records' });
    expect(sink.records.map(({ value }) => value.toString())).toEqual(['good', 'also good']);
  });

  it('joining may be tried again after it failed', async () => {
    await emptyLog();
    const transport = await replica();
    const sink = new Sink();
    await sql('ALTER TABLE log.instances RENAME TO instances_away');
    await expect(transport.consume({ group: 'billing.join', topic: topic.name, sink })).rejects.toThrow();
    await sql('ALTER TABLE log.instances_away RENAME TO instances');
    await transport.consume({ group: 'billing.join', topic: topic.name, sink });
    await transport.publish([record('a', '1')]);
    await until(() => sink.records.length === 1, { what: 'the record' });
  });

  it('a member whose lease ran out and whose partition another has taken cannot commit', async () => {
    await emptyLog();
    const sleeper = await replica();
    await sleeper.publish([record('a', '1'), record('a', '2')]);
    const [slept, other] = [new Sink(), new Sink()];
    const member = await sleeper.consume({ group: 'billing.sleep', topic: topic.name, sink: slept });
    await until(() => slept.records.length === 2, { what: 'both records' });
    const old = slept.assignment;
    // As if the process had been stopped: its sign of life is old, and another replica has taken the partition over.
    await sql(
      `UPDATE log.claims SET owner = gen_random_uuid(), token = token + 1 WHERE group_name = 'billing.sleep'`,
    );
    await expect(member.commit(old, new Map([[0, 2]]))).rejects.toBeInstanceOf(StaleAssignmentError);
    const awake = await replica();
    await awake.consume({ group: 'billing.sleep', topic: topic.name, sink: other });
    await until(() => slept.partitions.length + other.partitions.length === 1, { what: 'one owner' });
    const holder = other.partitions.length === 1 ? other : slept;
    const before = holder === slept ? 2 : 0;
    await until(() => holder.records.length >= before + 2, { what: 'the uncommitted records again' });
    expect(holder.records.slice(-2).map(({ value }) => value.toString())).toEqual(['1', '2']);
  });

  it('the partitions of a process that died without a word go to others when its lease is over, not before', async () => {
    await emptyLog();
    const alive = await replica();
    await alive.publish([record('a', '1')]);
    await sql(`
      INSERT INTO log.instances (id, seen_at) VALUES ('00000000-0000-4000-8000-000000000001', clock_timestamp());
      INSERT INTO log.members (group_name, topic, instance)
        VALUES ('billing.dead', 'orders', '00000000-0000-4000-8000-000000000001');
      INSERT INTO log.claims (group_name, topic, partition, owner, token)
        VALUES ('billing.dead', 'orders', 0, '00000000-0000-4000-8000-000000000001', 1);`);
    const leaseIsOver = async (): Promise<boolean> =>
      (
        await sql<{ over: boolean }>(
          `SELECT NOT EXISTS (SELECT FROM log.instances WHERE id = '00000000-0000-4000-8000-000000000001'
             AND seen_at > clock_timestamp() - interval '1500 milliseconds') AS over`,
        )
      )[0]!.over;
    const sink = new Sink();
    await alive.consume({ group: 'billing.dead', topic: topic.name, sink });
    expect(sink.partitions).toEqual([]);
    await until(() => sink.partitions.length === 1, { what: 'the partition of the dead' });
    expect(await leaseIsOver()).toBe(true);
    await until(() => sink.records.length === 1, { what: 'its uncommitted record' });
  });

  it('retention keeps old segments until every group has read them, then drops them whole', async () => {
    await emptyLog();
    const transport = await replica();
    await transport.publish([record('a', 'old')]);
    const sink = new Sink();
    const member = await transport.consume({ group: 'billing.retain', topic: topic.name, sink });
    await until(() => sink.records.length === 1, { what: 'the record' });
    // Ages what is there by ten days.
    await sql(`
      CREATE TABLE log.records_20200101 PARTITION OF log.records FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2020-01-02 00:00:00+00');
      UPDATE log.records SET appended_at = '2020-01-01 12:00:00+00';`);
    const drop = async (): Promise<number> =>
      (await sql<{ n: number }>('SELECT log.drop_segments(7) AS n'))[0]!.n;
    expect(await drop()).toBe(0);
    await member.commit(sink.assignment, new Map([[0, 1]]));
    expect(await drop()).toBe(1);
    await transport.publish([record('a', 'new')]);
    await until(() => sink.records.length === 2, { what: 'the record after the dropped segment' });
    expect(sink.records[1]!.offset).toBe(1);
  });

  it('a group that finds its oldest records gone has no lag when nothing is left to read', async () => {
    await emptyLog();
    const transport = await replica();
    await transport.publish(['1', '2', '3'].map((value) => record('a', value)));
    const [early, late] = [new Sink(), new Sink()];
    const member = await transport.consume({ group: 'billing.early', topic: topic.name, sink: early });
    await until(() => early.records.length === 3, { what: 'all records' });
    await member.commit(early.assignment, new Map([[0, 2]]));
    // As retention leaves it for a group that comes later, and for one that has not finished its last record.
    await sql('DELETE FROM log.records');
    const after = await replica();
    const newcomer = await after.consume({ group: 'billing.late', topic: topic.name, sink: late });
    await until(async () => (await newcomer.lag()) === 0, { what: 'no lag', timeoutMs: 5_000 });
    expect(await member.lag()).toBe(1);
    await after.publish([record('a', '4')]);
    await until(() => late.records.length === 1, { what: 'the record after the gap' });
    expect(late.records[0]!.offset).toBe(3);
    expect(await newcomer.lag()).toBe(1);
    await newcomer.commit(late.assignment, new Map([[0, 4]]));
    expect(await newcomer.lag()).toBe(0);
  });
});
