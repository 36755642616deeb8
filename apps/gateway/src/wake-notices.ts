import type { ConversationRef } from './live-streams.js';

/** What replicas of the gateway say to each other: that they are there, that they go, which conversations have new events. */
export type Notice =
  { kind: 'hello' | 'bye'; from: string } | { kind: 'wake'; from: string; refs: readonly ConversationRef[] };

/** NOTIFY takes less than 8000 bytes. */
const mostBytes = 7_500;

/** Fields are separated by blanks: tenants are slugs, conversations are UUIDs, neither holds one. */
export function writeNotice(notice: Notice): string {
  const refs =
    notice.kind === 'wake' ? notice.refs.map(({ tenant, conversation }) => `${tenant}/${conversation}`) : [];
  return [notice.kind, notice.from, ...refs].join(' ');
}

/** @returns undefined for anything else */
export function readNotice(text: string): Notice | undefined {
  const [kind, from, ...refs] = text.split(' ');
  if (!from) return undefined;
  if (kind === 'hello' || kind === 'bye') return { kind, from };
  if (kind !== 'wake') return undefined;
  return {
    kind,
    from,
    refs: refs.map((ref) => {
      const [tenant = '', conversation = ''] = ref.split('/');
      return { tenant, conversation };
    }),
  };
}

/** As few wake-ups as hold all of them. */
export function packWakes(from: string, refs: readonly ConversationRef[]): string[] {
  const texts: string[] = [];
  let batch: ConversationRef[] = [];
  let bytes = 0;
  for (const ref of refs) {
    const size = ref.tenant.length + ref.conversation.length + 2;
    if (batch.length > 0 && bytes + size > mostBytes - 100) {
      texts.push(writeNotice({ kind: 'wake', from, refs: batch }));
      batch = [];
      bytes = 0;
    }
    batch.push(ref);
    bytes += size;
  }
  if (batch.length > 0) texts.push(writeNotice({ kind: 'wake', from, refs: batch }));
  return texts;
}
