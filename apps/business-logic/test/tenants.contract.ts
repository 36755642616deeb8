import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKeyIdentity } from '@clawdesk/auth';
import { Topics, type Outgoing } from '@clawdesk/envelope';
import { Problem, type Lifecycle } from '@clawdesk/host';
import { Publisher, type Origin } from '@clawdesk/messaging';
import { ConversationsController } from '../src/conversations.controller.js';
import { InboxStore } from '../src/inbox.store.js';
import { TimelineMonths } from '../src/timeline-months.js';
import { openRoom, type OpenRoom } from './open-room.js';
import { lines } from './room.js';

const tables = ['contacts', 'threads', 'conversations', 'turns', 'timeline', 'commands'];
const commandId = '00000000-0000-4000-8000-00000000000a';

class RecordingPublisher extends Publisher {
  readonly published: { outgoing: Outgoing; origin: Origin }[] = [];
  override publish(outgoing: Outgoing, origin: Origin): Promise<void> {
    this.published.push({ outgoing, origin });
    return Promise.resolve();
  }
}

let open: OpenRoom;
let controller: ConversationsController;
const publisher = new RecordingPublisher();
const caller = (tenant: string): ApiKeyIdentity => ({
  kind: 'api-key',
  tenant,
  key: `key-of-${tenant}`,
  permissions: [],
});

beforeAll(async () => {
  open = await openRoom();
  const { room } = open;
  controller = new ConversationsController(
    new InboxStore(room.database),
    room.timeline,
    room.commands,
    publisher,
  );
});
afterAll(() => open.close());

describe('two tenants with the same contact and the same thread', () => {
  it('see their own conversation and nothing of the other', async () => {
    const acme = open.room.thread('acme', 'same-thread');
    const globex = open.room.thread('globex', 'same-thread');
    await Promise.all([
      acme.answered('m1', 'Are acme returns free?'),
      globex.answered('m1', 'Are globex returns free?'),
    ]);
    await acme.command('take-over', 'ann', undefined, commandId);
    expect(lines(await acme.timeline())).toEqual(['1 message', '2 reply', '3 turn answered']);
    expect((await acme.timeline())[0]!.text).toBe('Are acme returns free?');
    expect((await globex.timeline())[0]!.text).toBe('Are globex returns free?');
    const { conversations } = await controller.list(caller('globex'), {});
    expect(conversations).toMatchObject([
      { id: globex.conversation, owner: 'bot', sequence: 3, channel: 'webchat' },
    ]);
  });

  it('have no rows in common in any table', async () => {
    for (const table of tables) {
      const seen = await Promise.all(
        ['acme', 'globex'].map((tenant) =>
          open.room.database.tenantScope(tenant, async (manager) => {
            const rows: { tenant_id: string }[] = await manager.query(
              `SELECT DISTINCT tenant_id FROM business_logic.${table}`,
            );
            return rows.map((row) => row.tenant_id);
          }),
        ),
      );
      expect(seen, table).toEqual([['acme'], table === 'commands' ? [] : ['globex']]);
    }
  });

  it('cannot write a row of the other', async () => {
    const forged = open.room.database.tenantScope('globex', (manager) =>
      manager.query(
        `INSERT INTO business_logic.contacts (tenant_id, id, channel, contact_point) VALUES ('acme', 'x', 'x', 'x')`,
      ),
    );
    await expect(forged).rejects.toThrow('row-level security');
  });
});

describe('the API of conversations', () => {
  const notFound = (promise: Promise<unknown>) =>
    expect(promise).rejects.toSatisfy((error) => error instanceof Problem && error.getStatus() === 404);

  it('does not know another tenant’s conversation, nor its commands', async () => {
    const acme = open.room.thread('acme', 'same-thread');
    await notFound(controller.get(caller('globex'), acme.conversation, {}));
    await notFound(controller.result(caller('globex'), acme.conversation, commandId));
    await notFound(
      controller.command(caller('globex'), acme.conversation, { id: commandId, type: 'take-over' }),
    );
    await notFound(controller.get(caller('acme'), 'no-uuid', {}));
    expect(publisher.published).toEqual([]);
    expect(await controller.result(caller('acme'), acme.conversation, commandId)).toMatchObject({
      result: 'accepted',
    });
  });

  it('shows a conversation with its timeline', async () => {
    const acme = open.room.thread('acme', 'same-thread');
    const shown = await controller.get(caller('acme'), acme.conversation, {});
    expect(shown).toMatchObject({ thread: 'same-thread', owner: 'person', agent: 'ann', confirmed: false });
    expect(lines(shown.timeline)).toEqual(['1 message', '2 reply', '3 turn answered']);
    expect(
      lines((await controller.get(caller('acme'), acme.conversation, { before: 3, limit: 1 })).timeline),
    ).toEqual(['2 reply']);
  });

  it('publishes a command under the thread, with the same event id for the same command', async () => {
    const globex = open.room.thread('globex', 'same-thread');
    for (let time = 0; time < 2; time++) {
      await controller.command(caller('globex'), globex.conversation, { id: commandId, type: 'resolve' });
    }
    const [first, second] = publisher.published;
    expect(first).toMatchObject({
      outgoing: {
        topic: Topics.conversationCommanded,
        data: { command: commandId, type: 'resolve', agent: 'key-of-globex' },
      },
      origin: { tenant: 'globex', key: 'same-thread', subjectkey: 'contact-1' },
    });
    expect(second!.origin.id).toBe(first!.origin.id);
  });

  it('names the field of an empty reply', async () => {
    const globex = open.room.thread('globex', 'same-thread');
    const refused = controller.command(caller('globex'), globex.conversation, {
      id: commandId,
      type: 'reply',
      text: '  ',
    });
    await expect(refused).rejects.toMatchObject({ problem: { errors: [{ field: 'text' }] } });
  });

  it('pages through all conversations, latest activity first, and filters them', async () => {
    for (let n = 0; n < 5; n++) await open.room.thread('initech', `t${n}`).received('m1', 'Hello');
    await open.room.thread('initech', 't1').wantsPerson('m2');
    const seen: string[] = [];
    for (let before: string | undefined, pages = 0; pages < 5; pages++) {
      const page = await controller.list(caller('initech'), { limit: 2, before });
      seen.push(...page.conversations.map((conversation) => conversation.thread));
      before = page.next;
      if (!before) break;
    }
    expect(seen).toEqual(['t1', 't4', 't3', 't2', 't0']);
    const waiting = await controller.list(caller('initech'), { owner: 'waiting' });
    expect(waiting.conversations.map((conversation) => conversation.thread)).toEqual(['t1']);
    expect((await controller.list(caller('initech'), { state: 'resolved' })).conversations).toEqual([]);
    await expect(controller.list(caller('initech'), { before: 'nonsense' })).rejects.toBeInstanceOf(Problem);
  });
});

describe('the months of the timeline', () => {
  const idle: Lifecycle = { onReady: () => undefined, onDrain: () => undefined };
  const partitionAt = (at: string) =>
    open.room.database.tenantScope('acme', async (manager) => {
      const rows: { partition: string }[] = await manager.query(
        `INSERT INTO business_logic.timeline (conversation, sequence, kind, contact, entry, created_at)
         VALUES (gen_random_uuid(), 1, 'message', 'c', '{}', $1) RETURNING tableoid::regclass::text AS partition`,
        [at],
      );
      return rows[0]!.partition;
    });

  it('are made ahead, and making them again makes none', async () => {
    expect(await new TimelineMonths(open.room.database, idle).ensure()).toBe(0);
    const nextMonth = new Date();
    nextMonth.setUTCDate(1);
    nextMonth.setUTCMonth(nextMonth.getUTCMonth() + 1);
    const at = nextMonth.toISOString();
    expect(await partitionAt(at)).toBe(`business_logic.timeline_${at.slice(0, 7).replace('-', '_')}`);
  });

  it('are no condition for writing: what lies outside goes to the default partition', async () => {
    expect(await partitionAt('2001-01-01T00:00:00Z')).toBe('business_logic.timeline_other');
  });

  it('cannot be made by the role that runs the handlers', async () => {
    const made = open.room.database.tenantScope('acme', (manager) =>
      manager.query('SELECT business_logic.create_timeline_months(1)'),
    );
    await expect(made).rejects.toThrow('permission denied');
  });
});
