import { allTopics } from '@clawdesk/envelope';
import { describe, expect, it } from 'vitest';
import { type HandlersIncompleteError, registerHandlers, type FoundHandler } from './registry.js';

const found = (pattern: string, group: string): FoundHandler => ({
  pattern,
  extras: { kindOfSubscription: 'group', group, kind: 'stateless' },
  invoke: () => Promise.resolve([]),
});
const listener = (pattern: string): FoundHandler => ({
  pattern,
  extras: { kindOfSubscription: 'broadcast' },
  invoke: () => Promise.resolve([]),
});
const complete = [
  ...allTopics.flatMap((topic) => topic.groups.map((group) => found(topic.name, group))),
  listener('knowledge.changed'),
];
const services = [
  ...new Set(allTopics.flatMap((topic) => topic.groups.map((group) => group.split('.')[0]!))),
];

const problemsOf = (handlers: readonly FoundHandler[], running: readonly string[]): readonly string[] => {
  try {
    registerHandlers(handlers, running);
    return [];
  } catch (error) {
    return (error as HandlersIncompleteError).problems;
  }
};

describe('registerHandlers', () => {
  it('accepts exactly one handler for each group of the services that run here', () => {
    expect(problemsOf(complete, services)).toEqual([]);
    expect(problemsOf([found('message.received', 'nlu.understand-message')], ['nlu'])).toEqual([]);
  });

  it('says which handler is missing and what to add', () => {
    const [problem] = problemsOf([], ['nlu']);
    expect(problem).toContain("Topic 'message.received' has no handler of group 'nlu.understand-message'");
    expect(problem).toContain('@Handles(');
  });

  it('refuses two handlers of one group', () => {
    const one = found('message.received', 'nlu.understand-message');
    expect(problemsOf([one, one], ['nlu'])[0]).toContain(
      "Group 'nlu.understand-message' has more than one handler",
    );
  });

  it('says which broadcast listener is missing and what to add', () => {
    const groups = complete.filter(({ extras }) => extras.kindOfSubscription === 'group');
    const [problem] = problemsOf(groups, services);
    expect(problem).toContain("Topic 'knowledge.changed' has no listener in service 'knowledge-base'");
    expect(problem).toContain('@Broadcasts(');
  });

  it('refuses two broadcast listeners of one topic in a service', () => {
    const one = listener('knowledge.changed');
    expect(problemsOf([...complete, one], services)[0]).toContain(
      "Topic 'knowledge.changed' has more than one listener",
    );
    expect(problemsOf([one, one], [])[0]).toContain('more than one listener');
  });

  it('refuses topics and groups that are not in the table', () => {
    expect(problemsOf([found('no.such', 'nlu.x')], [])[0]).toContain("'no.such' is not in the topic table");
    expect(problemsOf([found('message.received', 'nlu.x')], [])[0]).toContain("Add 'nlu.x' to its groups");
  });

  it('refuses a plain @EventPattern', () => {
    const plain = { pattern: 'message.received', extras: {}, invoke: () => Promise.resolve([]) };
    expect(problemsOf([plain], [])[0]).toContain('Use @Handles');
  });
});
