import type { ClawdeskClient, StreamEvent } from '@clawdesk/client';
import type { AskedThread } from './kept-thread.js';

/** What came of one question. */
export interface TurnSeen {
  /** Id of the message, which is the turn's. */
  message: string;
  conversation: string;
  replies: StreamEvent[];
  /** The entry that ends the turn. */
  turn?: StreamEvent;
  /** From sending to the first reply, or to the end when there was none. */
  tookMs: number;
  /** Number of the last entry that was seen. */
  after: number;
}

/** How long a turn that a person got may still bring the notice that says so. */
const noticeMs = 2_000;

/** Sends a question and follows the thread until its turn has ended, or the signal ends the wait. */
export async function followTurn(
  client: ClawdeskClient,
  thread: AskedThread,
  question: string,
  signal: AbortSignal,
): Promise<TurnSeen> {
  const started = performance.now();
  const accepted = await client.sendMessage(thread.token, question, { signal });
  const seen: TurnSeen = {
    message: accepted.id,
    conversation: accepted.conversation,
    replies: [],
    tookMs: 0,
    after: thread.after,
  };
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  let notice: NodeJS.Timeout | undefined;
  try {
    for await (const event of client.stream(thread.token, { after: thread.after, signal: either })) {
      seen.after = event.sequence;
      if (event.turn !== accepted.id) continue;
      if (event.kind === 'reply') seen.replies.push(event);
      if (event.kind === 'turn') seen.turn = event;
      if (event.kind === 'reply' || event.kind === 'turn') seen.tookMs ||= performance.now() - started;
      if (isOver(seen)) break;
      if (seen.turn) notice ??= setTimeout(() => end.abort(), noticeMs);
    }
  } finally {
    clearTimeout(notice);
  }
  return seen;
}

/** A turn that the bot answered, or that a person got, comes with words; any other ends alone. */
function isOver({ replies, turn }: TurnSeen): boolean {
  if (!turn) return false;
  return replies.length > 0 || (turn.state !== 'answered' && turn.state !== 'with-person');
}
