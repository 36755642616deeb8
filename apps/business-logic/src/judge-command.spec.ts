import { describe, expect, it } from 'vitest';
import { rejection } from './judge-command.js';

const free = { state: 'open', owner: 'bot', agent: null, fence: 0, fenceConfirmed: 0 } as const;
const mine = { state: 'open', owner: 'person', agent: 'ann', fence: 1, fenceConfirmed: 1 } as const;
const command = (type: 'take-over' | 'give-back' | 'reply' | 'resolve', agent = 'ann') => ({
  type,
  agent,
  text: 'Hello',
});

describe('rejection', () => {
  it('lets anybody take over, a colleague’s conversation too, but not their own again', () => {
    expect(rejection(command('take-over'), free)).toBeUndefined();
    expect(rejection(command('take-over', 'bob'), mine)).toBeUndefined();
    expect(rejection(command('take-over'), mine)).toBe('already-yours');
  });
  it('lets only the owner reply, with a text, once the fence is in force', () => {
    expect(rejection(command('reply'), mine)).toBeUndefined();
    expect(rejection({ ...command('reply'), text: ' ' }, mine)).toBe('no-text');
    expect(rejection(command('reply', 'bob'), mine)).toBe('not-yours');
    expect(rejection(command('reply'), { ...mine, fenceConfirmed: 0 })).toBe('not-yours-yet');
    expect(rejection(command('reply'), free)).toBe('not-yours');
  });
  it('gives back what is the agent’s own or waits', () => {
    expect(rejection(command('give-back'), mine)).toBeUndefined();
    expect(rejection(command('give-back'), { ...free, owner: 'waiting' })).toBeUndefined();
    expect(rejection(command('give-back', 'bob'), mine)).toBe('not-yours');
    expect(rejection(command('give-back'), free)).toBe('already-with-bot');
  });
  it('resolves once', () => {
    expect(rejection(command('resolve'), mine)).toBeUndefined();
    expect(rejection(command('resolve'), { ...free, state: 'resolved' })).toBe('already-resolved');
  });
});
