import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Topics, type Outgoing } from '@clawdesk/envelope';
import { openRoom, type OpenRoom } from './open-room.js';
import { changedIn, decidedIn, lines, output, passage, topicsOf, type Thread } from './room.js';

let open: OpenRoom;
let threads = 0;
beforeAll(async () => {
  open = await openRoom();
});
afterAll(() => open.close());

const newThread = (): Thread => open.room.thread('acme', `thread-${(threads += 1)}`);
const nothing = { passages: [] };

describe('a customer’s message', () => {
  it('goes on the timeline once, by record-message or by decide-turn', async () => {
    const first = newThread();
    expect(lines(changedIn(await first.received('m1', 'Are returns free?')).entries)).toEqual(['1 message']);
    expect(topicsOf(await first.retrieved('m1', 'Are returns free?'))).toEqual(['turn.decided']);
    const second = newThread();
    expect(topicsOf(await second.retrieved('m1', 'Are returns free?'))).toEqual([
      'conversation.changed',
      'turn.decided',
    ]);
    expect(await second.received('m1', 'Are returns free?')).toEqual([]);
    for (const thread of [first, second]) {
      expect(await thread.timeline()).toMatchObject([
        { sequence: 1, kind: 'message', clientId: 'm1', text: 'Are returns free?' },
      ]);
    }
  });

  it('ends answered, with reply and turn next to each other', async () => {
    const thread = newThread();
    await thread.received('m1', 'Are returns free?');
    const decided = decidedIn(await thread.retrieved('m1', 'Are returns free?'));
    expect(decided).toMatchObject({
      decision: 'answer',
      turn: thread.turn('m1'),
      fence: 0,
      question: 'Are returns free?',
    });
    const changed = changedIn(await thread.delivered('m1'));
    expect(lines(changed.entries)).toEqual(['2 reply', '3 turn answered']);
    expect(changed).toMatchObject({ sequence: 3, thread: thread.key, conversation: thread.conversation });
    expect(changed.entries[0]).toMatchObject({
      considered: ['returns', 'refunds'],
      citations: [{ article: 'returns' }],
    });
  });

  it('is decided once, however often the record comes', async () => {
    const thread = newThread();
    await thread.answered('m1', 'Are returns free?');
    expect(await thread.received('m1', 'Are returns free?')).toEqual([]);
    expect(await thread.retrieved('m1', 'Are returns free?')).toEqual([]);
    expect(await thread.delivered('m1')).toEqual([]);
    expect(lines(await thread.timeline())).toEqual(['1 message', '2 reply', '3 turn answered']);
  });

  it('gives the same outputs when it runs again after a roll-back', async () => {
    const thread = newThread();
    await thread.received('m1', 'Are returns free?');
    let before: Outgoing[] = [];
    const lost = open.room.database.tenantScope('acme', async () => {
      before = await thread.retrieved('m1', 'Are returns free?');
      throw new Error('the connection broke');
    });
    await expect(lost).rejects.toThrow('the connection broke');
    expect(await thread.retrieved('m1', 'Are returns free?')).toEqual(before);
  });

  it('keeps a text that PostgreSQL could not hold from stopping the conversation', async () => {
    const thread = newThread();
    await thread.received('m1', 'nul \0 and \ud83d');
    await thread.retrieved('m1', 'nul \0 and \ud83d');
    expect(await thread.timeline()).toMatchObject([{ text: 'nul \ufffd and \ufffd' }]);
  });

  it('sees as context only what is numbered before it', async () => {
    const thread = newThread();
    await thread.answered('m1', 'Are returns free?');
    await thread.received('m2', 'Where do I send the parcel?');
    const decided = decidedIn(await thread.retrieved('m2', 'Where do I send the parcel?'));
    expect(decided.context.map(({ author, text }) => `${author}: ${text}`)).toEqual([
      'contact: Are returns free?',
      'bot: Returns are free. [1]',
    ]);
  });
});

describe('a message that a newer one overtakes', () => {
  it('is superseded, and the newer one is searched and answered together with it', async () => {
    const thread = newThread();
    await thread.received('m1', 'How do I return an order?');
    await thread.received('m2', 'the blue shoes');
    expect(changedIn(await thread.retrieved('m1', 'How do I return an order?')).entries).toMatchObject([
      {
        sequence: 3,
        kind: 'turn',
        state: 'superseded',
        turn: thread.turn('m1'),
        supersededBy: thread.turn('m2'),
      },
    ]);
    const again = output(await thread.retrieved('m2', 'the blue shoes'), Topics.passagesRequested);
    expect(again).toMatchObject({ query: 'How do I return an order?\nthe blue shoes', attempt: 2 });
    expect(again).not.toHaveProperty('passages');
    expect(await thread.retrieved('m2', 'the blue shoes'), 'the first retrieval again').toEqual([]);
    const decided = decidedIn(
      await thread.retrieved('m2', 'the blue shoes', { attempt: 2, query: again.query }),
    );
    expect(decided).toMatchObject({ decision: 'answer', question: again.query });
  });

  it('is superseded as well when it comes back from its second retrieval too late', async () => {
    const thread = newThread();
    await thread.answered('m1', 'How do I return an order?');
    await thread.received('m2', 'and what does it cost?');
    const weak = { passages: [passage(0.1)] };
    expect(topicsOf(await thread.retrieved('m2', 'and what does it cost?', weak))).toEqual([
      'passages.requested',
    ]);
    await thread.received('m3', 'to Canada');
    const third = output(await thread.retrieved('m3', 'to Canada', weak), Topics.passagesRequested);
    expect(third.query).toBe('How do I return an order?\nand what does it cost?\nto Canada');
    const late = changedIn(await thread.retrieved('m2', 'and what does it cost?', { attempt: 2 }));
    expect(late.entries).toMatchObject([{ state: 'superseded', supersededBy: thread.turn('m3') }]);
    expect(decidedIn(await thread.retrieved('m3', 'to Canada', { attempt: 2 })).decision).toBe('answer');
  });
});

describe('a follow-up question', () => {
  it('is searched together with the question that was answered, also the second time', async () => {
    const thread = newThread();
    await thread.answered('m1', 'How do I return an order?');
    for (const [id, text] of [
      ['m2', 'how long does it take?'],
      ['m3', 'and can I track it?'],
    ] as const) {
      await thread.received(id, text);
      const request = output(
        await thread.retrieved(id, text, { passages: [passage(0.2)] }),
        Topics.passagesRequested,
      );
      expect(request.query).toBe(`How do I return an order?\n${text}`);
      await thread.retrieved(id, text, { attempt: 2, query: request.query });
      await thread.delivered(id);
    }
  });
});

describe('a question to which nothing is found', () => {
  it('is asked back once; the second in a row goes to a person, who alone answers from then on', async () => {
    const thread = newThread();
    expect(decidedIn(await thread.retrieved('m1', 'asdf', nothing)).decision).toBe('ask-back');
    await thread.delivered('m1', { purpose: 'ask-back' });
    const outputs = await thread.retrieved('m2', 'qwer', nothing);
    expect(decidedIn(outputs)).toMatchObject({ decision: 'hand-off', reason: 'nothing-found', fence: 1 });
    expect(output(outputs, Topics.ownerChanged)).toMatchObject({ fence: 1 });
    await thread.delivered('m2', { purpose: 'hand-off', fence: 1 });
    await thread.retrieved('m3', 'hello?', nothing);
    expect(lines(await thread.timeline())).toEqual([
      '1 message',
      '2 reply',
      '3 turn answered',
      '4 message',
      '5 owner waiting',
      '6 reply',
      '7 turn with-person',
      '8 message',
      '9 turn with-person',
    ]);
  });

  it('is forgiven by an answer in between', async () => {
    const thread = newThread();
    await thread.retrieved('m1', 'asdf', nothing);
    await thread.delivered('m1', { purpose: 'ask-back' });
    await thread.retrieved('m2', 'Are returns free?');
    await thread.delivered('m2');
    expect(decidedIn(await thread.retrieved('m3', 'qwer', nothing)).decision).toBe('ask-back');
  });
});

describe('the numbers of a timeline', () => {
  it('have no gap when everything happens at once', async () => {
    const thread = newThread();
    const ids = Array.from({ length: 30 }, (_, n) => `m${n}`);
    await Promise.all(
      ids.flatMap((id) => [
        thread.received(id, `question ${id}`),
        thread.retrieved(id, `question ${id}`),
        thread.failed(id),
      ]),
    );
    await Promise.all(ids.map((id) => thread.delivered(id)));
    const timeline = await thread.timeline();
    expect(timeline.map((entry) => entry.sequence)).toEqual(timeline.map((_, index) => index + 1));
    const messages = timeline.filter((entry) => entry.kind === 'message').map((entry) => entry.clientId);
    expect([...messages].sort()).toEqual([...ids].sort());
    const ended = timeline.filter((entry) => entry.kind === 'turn').map((entry) => entry.turn);
    expect(new Set(ended).size, 'one visible state each').toBe(ids.length);
    expect(ended).toHaveLength(ids.length);
  });

  it('go on when a resolved conversation is written to again', async () => {
    const thread = newThread();
    await thread.answered('m1', 'Are returns free?');
    await thread.command('resolve');
    await thread.answered('m2', 'Are refunds quick?');
    expect(lines(await thread.timeline())).toEqual([
      '1 message',
      '2 reply',
      '3 turn answered',
      '4 owner bot',
      '5 message',
      '6 reply',
      '7 turn answered',
    ]);
  });
});
