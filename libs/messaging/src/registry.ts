import { allTopics, topicNamed, type Topic } from '@clawdesk/envelope';
import type { RegisteredHandler } from './delivery.js';
import type { BroadcastsExtras, HandlesExtras } from './handles.js';

/** What the strategy was given for one `@Handles` or `@Broadcasts`. */
export interface FoundHandler {
  pattern: string;
  extras: Partial<HandlesExtras> | BroadcastsExtras;
  invoke: RegisteredHandler['invoke'];
}

export interface BroadcastHandler {
  topic: RegisteredHandler['topic'];
  invoke: RegisteredHandler['invoke'];
}

/** Thrown at start when the handlers and the topic table do not fit; the message says what to add or remove. */
export class HandlersIncompleteError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(
      `The handlers do not fit the topic table:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'HandlersIncompleteError';
  }
}

/**
 * Compares the handlers found with the topic table, for the services that run in this process.
 * @throws {HandlersIncompleteError} naming each missing, doubled or unknown handler.
 */
export function registerHandlers(
  found: readonly FoundHandler[],
  services: readonly string[],
): { groups: RegisteredHandler[]; broadcasts: BroadcastHandler[] } {
  const problems: string[] = [];
  const groups = new Map<string, RegisteredHandler>();
  const broadcasts: BroadcastHandler[] = [];
  for (const { pattern, extras, invoke } of found) {
    const topic = topicNamed(pattern);
    if (!topic) {
      problems.push(`'${pattern}' is not in the topic table. Add a row to libs/envelope/src/topics.ts.`);
      continue;
    }
    if (extras.kindOfSubscription === 'broadcast') {
      if (!topic.broadcast)
        problems.push(`Topic '${pattern}' is not marked as broadcast in libs/envelope/src/topics.ts.`);
      broadcasts.push({ topic, invoke });
      continue;
    }
    const { group, kind } = extras;
    if (!group || !kind) {
      problems.push(
        `A handler of '${pattern}' was declared with @EventPattern. Use @Handles(topic, { group, kind }).`,
      );
      continue;
    }
    if (!topic.groups.includes(group)) {
      problems.push(
        `Topic '${pattern}' has a handler of group '${group}', which the table does not know. Add '${group}' to its groups in libs/envelope/src/topics.ts.`,
      );
    }
    if (groups.has(group)) {
      problems.push(
        `Group '${group}' has more than one handler. Keep one @Handles(…, { group: '${group}' }).`,
      );
    }
    groups.set(group, {
      topic,
      service: group.split('.')[0]!,
      options: {
        group,
        kind,
        concurrency: extras.concurrency ?? 64,
        timeoutMs: extras.timeoutMs ?? 30_000,
        attempts: extras.attempts ?? 8,
        span: extras.span ?? 'process_message',
      },
      invoke,
    });
  }
  for (const topic of allTopics) {
    for (const group of topic.groups) {
      const service = group.split('.')[0]!;
      if (!services.includes(service) || groups.has(group)) continue;
      problems.push(
        `Topic '${topic.name}' has no handler of group '${group}' in service '${service}'. ` +
          `Add a method with @Handles(Topics.…, { group: '${group}' }) to a @Consumer() class and list the class under the module's controllers.`,
      );
    }
  }
  for (const topic of allTopics) problems.push(...listenerProblems(topic, broadcasts, services));
  if (problems.length > 0) throw new HandlersIncompleteError(problems);
  return { groups: [...groups.values()], broadcasts };
}

/** A listener does not say which service it is of: their number is compared. */
function listenerProblems(
  { name, broadcastTo }: Topic,
  broadcasts: readonly BroadcastHandler[],
  services: readonly string[],
): string[] {
  const running = broadcastTo.filter((service) => services.includes(service));
  const count = broadcasts.filter(({ topic }) => topic.name === name).length;
  if (count < running.length) {
    return [
      `Topic '${name}' has no listener in service '${running.join("' or '")}'. ` +
        `Add a method with @Broadcasts(Topics.…) to a @Consumer() class and list the class under the module's controllers.`,
    ];
  }
  if (count > Math.max(1, running.length))
    return [`Topic '${name}' has more than one listener in a service. Keep one @Broadcasts there.`];
  return [];
}
