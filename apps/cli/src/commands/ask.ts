import { ProblemError, type ClawdeskClient, type StreamEvent } from '@clawdesk/client';
import { text, UsageError, type Command, type Context, type Options } from '../command.js';
import { followTurn, type TurnSeen } from '../follow-turn.js';
import { KeptThread, type AskedThread } from '../kept-thread.js';

const patienceMs = 30_000;

export const askCommand: Command = {
  name: 'ask',
  summary: 'ask a question as a customer, and see the reply',
  help: `
Usage: npm run clawdesk -- ask "QUESTION" [--tenant ID] [--continue | --thread TOKEN] [--json]

Opens a thread on the web chat, sends the question, and prints the reply, its citations and the time it took.

  --tenant ID      the tenant to ask (default: default)
  --continue       ask on in the thread of the last \`ask\`
  --thread TOKEN   ask on in the thread of this visitor token
  --json           print everything as JSON

Exit code 0 when the question was answered or a person has it, 1 when it failed or nothing came within 30 s.`,
  options: {
    tenant: { type: 'string' },
    continue: { type: 'boolean' },
    thread: { type: 'string' },
    json: { type: 'boolean' },
  },
  async run(context, options, words) {
    const question = words.join(' ').trim();
    if (question === '') throw new UsageError('Say what to ask: npm run clawdesk -- ask "How do I …?"');
    const client = context.visitor();
    const kept = new KeptThread(context.config.dataDir, context.config.url);
    const thread = await threadFor(client, kept, options);
    const signal = AbortSignal.timeout(patienceMs);
    const seen = await followTurn(client, thread, question, signal).catch((error: unknown) => {
      if (error instanceof ProblemError && error.status === 401) {
        throw new UsageError(
          'That thread is over (its token has expired or belongs to another server): ask without --continue.',
        );
      }
      throw error;
    });
    kept.keep({ ...thread, after: seen.after });
    if (options['json'] === true)
      context.terminal.line(JSON.stringify({ ...seen, ...ended(seen) }, undefined, 2));
    else report(context, seen);
    return hasOutcome(seen) ? 0 : 1;
  },
};

async function threadFor(client: ClawdeskClient, kept: KeptThread, options: Options): Promise<AskedThread> {
  const token = text(options, 'thread');
  const tenant = text(options, 'tenant') ?? 'default';
  if (options['continue'] === true) {
    if (token !== undefined) throw new UsageError('--continue and --thread exclude each other.');
    const last = kept.last();
    if (last) return last;
    throw new UsageError('There is no earlier question to continue: ask without --continue first.');
  }
  if (token !== undefined) return { token, after: 0 };
  return { token: (await client.openThread({ tenant })).token, after: 0 };
}

/** Whether the question came to a good end: a reply, or somebody who will give one. */
const hasOutcome = ({ replies, turn }: TurnSeen): boolean =>
  replies.length > 0 || (turn !== undefined && turn.state !== 'failed' && turn.state !== 'unknown');

const ended = ({ turn }: TurnSeen): { state: string } => ({ state: turn?.state ?? 'no reply yet' });

function report({ terminal }: Context, seen: TurnSeen): void {
  for (const reply of seen.replies) terminal.line(shown(reply));
  if (seen.replies.length > 0) terminal.line();
  terminal.line(outcome(seen));
}

/** A reply's text and where its claims come from. */
function shown(reply: StreamEvent): string {
  const citations = (reply.citations ?? []).map(
    ({ number, title, url, article }) => `[${number}] ${title} — ${url ?? article}`,
  );
  const lines = [reply.text ?? ''];
  if (citations.length > 0) lines.push('', ...citations);
  return lines.join('\n');
}

function outcome({ replies, turn, tookMs }: TurnSeen): string {
  const time = `${(tookMs / 1000).toFixed(tookMs < 1000 ? 3 : 1)} s`;
  if (turn?.state === 'with-person')
    return `Handed to a person after ${time}: they see the conversation and reply in it.`;
  if (turn?.state === 'superseded')
    return 'A newer message in the same thread has overtaken this one; the reply to that covers both.';
  if (turn?.state === 'suppressed')
    return 'No reply, by a rule: a person has taken the conversation over, or the bot is to stay silent.';
  if (turn?.state === 'failed')
    return 'The reply failed and a person has the conversation. The server’s log says why.';
  if (turn?.state === 'unknown') return 'It is not known whether the reply was sent; a person is shown that.';
  if (replies.at(-1)?.purpose === 'ask-back') {
    return `Asked back after ${time}. Answer with: npm run clawdesk -- ask --continue "…"`;
  }
  if (replies.length > 0) return `Answered in ${time}.`;
  return `No reply within ${patienceMs / 1000} s. \`npm run clawdesk -- status\` shows whether every service can work; the question is kept and will be answered once.`;
}
