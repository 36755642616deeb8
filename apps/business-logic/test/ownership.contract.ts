import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replyId, Topics } from '@clawdesk/envelope';
import { openRoom, type OpenRoom } from './open-room.js';
import { changedIn, decidedIn, lines, output, topicsOf, type Thread } from './room.js';

let open: OpenRoom;
let threads = 0;
beforeAll(async () => {
  open = await openRoom();
});
afterAll(() => open.close());

const newThread = (): Thread => open.room.thread('acme', `thread-${(threads += 1)}`);
const takenOver = async (agent = 'ann'): Promise<Thread> => {
  const thread = newThread();
  await thread.answered('m1', 'Are returns free?');
  await thread.command('take-over', agent);
  await thread.fenced(1);
  return thread;
};

describe('taking over', () => {
  it('silences the bot at once, and is "yours" only when dispatch has the fence', async () => {
    const thread = newThread();
    await thread.received('m1', 'Are returns free?');
    expect(decidedIn(await thread.retrieved('m1', 'Are returns free?')).fence).toBe(0);
    const commanded = await thread.command('take-over');
    expect(topicsOf(commanded), 'nothing says "yours" yet').toEqual(['owner.changed']);
    expect(output(commanded, Topics.ownerChanged).fence).toBe(1);
    await thread.retrieved('m2', 'hello?');
    expect(changedIn(await thread.fenced(1)).entries).toMatchObject([
      { kind: 'owner', owner: 'person', agent: 'ann' },
    ]);
    await thread.delivered('m1', { outcome: 'fenced' });
    expect(lines(await thread.timeline())).toEqual([
      '1 message',
      '2 message',
      '3 turn with-person',
      '4 owner person',
      '5 turn with-person',
    ]);
  });

  it('is not confirmed by an older fence, nor twice', async () => {
    const thread = newThread();
    await thread.received('m1', 'Are returns free?');
    await thread.command('take-over', 'ann');
    await thread.command('take-over', 'bob');
    expect(await thread.fenced(1)).toEqual([]);
    expect(changedIn(await thread.fenced(2)).entries).toMatchObject([{ owner: 'person', agent: 'bob' }]);
    expect(await thread.fenced(2)).toEqual([]);
  });

  it('lets the person reply only after that, once per command, without fence', async () => {
    const thread = newThread();
    await thread.answered('m1', 'Are returns free?');
    await thread.command('take-over');
    expect(await thread.command('reply', 'ann', 'Too early')).toEqual([]);
    await thread.fenced(1);
    const reply = output(await thread.command('reply', 'ann', 'Hello, Ann here.'), Topics.replyComposed);
    expect(reply).toMatchObject({
      author: { kind: 'person', id: 'ann' },
      purpose: 'person-reply',
      text: 'Hello, Ann here.',
      channel: 'webchat',
      account: 'web',
      contactPoint: 'visitor-1',
    });
    expect(reply).not.toHaveProperty('fence');
    expect(await thread.command('reply', 'ann', 'Hello, Ann here.'), 'the same command again').toEqual([]);
    const { reply: id, author, purpose, text } = reply;
    const changed = changedIn(
      await thread.delivered('m1', { reply: id, turn: undefined, author, purpose, text, citations: [] }),
    );
    expect(changed.entries).toMatchObject([
      { kind: 'reply', author: 'person', agent: 'ann', text: 'Hello, Ann here.' },
    ]);
    expect(lines(changed.entries)).toEqual(['5 reply']);
  });

  it('ends when the person gives back: the bot answers again, with a fence above the old one', async () => {
    const thread = await takenOver();
    expect(changedIn(await thread.command('give-back')).entries).toMatchObject([
      { kind: 'owner', owner: 'bot', reason: 'given-back' },
    ]);
    expect(decidedIn(await thread.retrieved('m2', 'Are refunds quick?'))).toMatchObject({
      decision: 'answer',
      fence: 1,
    });
    expect(
      changedIn(
        await thread.delivered('m1', {
          outcome: 'fenced',
          turn: thread.turn('m2'),
          reply: replyId('x', 'y'),
        }),
      ).entries,
    ).toMatchObject([{ state: 'suppressed' }]);
  });
});

describe('a command that does not fit', () => {
  it('leaves the timeline untouched and is readable as rejected', async () => {
    const thread = await takenOver('ann');
    const before = await thread.timeline();
    const id = '00000000-0000-4000-8000-000000000001';
    expect(await thread.command('reply', 'bob', 'Me too', id)).toEqual([]);
    expect(await thread.timeline()).toEqual(before);
    const result = await open.room.commands.find('acme', thread.conversation, id);
    expect(result).toMatchObject({ result: 'rejected', reason: 'not-yours', agent: 'bob' });
  });
});

describe('asking for a person', () => {
  it('raises the fence, so that the notice is newer than all the bot said before', async () => {
    const thread = newThread();
    await thread.received('m1', 'I want a person');
    const outputs = await thread.wantsPerson('m1');
    expect(topicsOf(outputs)).toEqual(['conversation.changed', 'owner.changed', 'turn.decided']);
    expect(output(outputs, Topics.ownerChanged).fence).toBe(1);
    expect(decidedIn(outputs)).toMatchObject({ decision: 'hand-off', reason: 'wants-person', fence: 1 });
    expect(await thread.fenced(1), 'waiting was told at once').toEqual([]);
    await thread.delivered('m1', { purpose: 'hand-off', fence: 1 });
    expect(lines(await thread.timeline())).toEqual([
      '1 message',
      '2 owner waiting',
      '3 reply',
      '4 turn with-person',
    ]);
  });

  it('is not lost when the customer writes again before it is decided', async () => {
    const thread = newThread();
    await thread.received('m1', 'I want a person');
    await thread.received('m2', 'hello?');
    expect(decidedIn(await thread.wantsPerson('m1')).decision).toBe('hand-off');
    await thread.retrieved('m2', 'hello?');
    expect((await thread.timeline()).at(-1)).toMatchObject({
      kind: 'turn',
      state: 'with-person',
      turn: thread.turn('m2'),
    });
  });
});

describe('a turn that fails', () => {
  it('brings in a person, once', async () => {
    const thread = newThread();
    await thread.received('m1', 'Are returns free?');
    await thread.retrieved('m1', 'Are returns free?');
    const outputs = await thread.failed('m1');
    expect(lines(changedIn(outputs).entries)).toEqual(['2 turn failed', '3 owner waiting']);
    expect(changedIn(outputs).entries[1]).toMatchObject({ reason: 'failed-in:generation.compose-reply' });
    expect(output(outputs, Topics.ownerChanged).fence).toBe(1);
    expect(await thread.failed('m1')).toEqual([]);
  });

  it('is taken even before its message was recorded; the message comes after it and stays unanswered by the bot', async () => {
    const thread = newThread();
    await thread.failed('m1');
    expect(lines(changedIn(await thread.received('m1', 'Are returns free?')).entries)).toEqual(['3 message']);
    expect(await thread.retrieved('m1', 'Are returns free?')).toEqual([]);
    expect(lines(await thread.timeline())).toEqual(['1 turn failed', '2 owner waiting', '3 message']);
    await thread.command('take-over');
    await thread.fenced(2);
    expect(topicsOf(await thread.command('reply', 'ann', 'Yes'))).toEqual(['reply.composed']);
  });

  it('brings in a person for a record that could not be read so far as to know the turn', async () => {
    const thread = newThread();
    expect(lines(changedIn(await thread.failed(undefined)).entries)).toEqual(['1 owner waiting']);
    expect(await thread.failed(undefined)).toEqual([]);
  });

  it('does not disturb what was answered', async () => {
    const thread = newThread();
    await thread.answered('m1', 'Are returns free?');
    expect(await thread.failed('m1')).toEqual([]);
  });
});

describe('a reply that does not arrive', () => {
  it('fails its turn and brings in a person, once', async () => {
    const thread = newThread();
    await thread.received('m1', 'Are returns free?');
    await thread.retrieved('m1', 'Are returns free?');
    const outputs = await thread.delivered('m1', { outcome: 'failed' });
    expect(lines(changedIn(outputs).entries)).toEqual(['2 turn failed', '3 owner waiting']);
    expect(output(outputs, Topics.ownerChanged).fence).toBe(1);
    await thread.command('give-back');
    expect(await thread.delivered('m1', { outcome: 'failed' })).toEqual([]);
  });

  it('is unknown until it is known', async () => {
    const thread = newThread();
    await thread.received('m1', 'Are returns free?');
    await thread.retrieved('m1', 'Are returns free?');
    expect(lines(changedIn(await thread.delivered('m1', { outcome: 'unknown' })).entries)).toEqual([
      '2 turn unknown',
    ]);
    expect(await thread.delivered('m1', { outcome: 'unknown' })).toEqual([]);
    expect(lines(changedIn(await thread.delivered('m1')).entries)).toEqual(['3 reply', '4 turn answered']);
  });
});
