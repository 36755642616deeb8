import { describe, expect, it } from 'vitest';
import { secretsEqual } from './equal.js';

describe('secretsEqual', () => {
  it('holds for the same bytes, as text or as a buffer', () => {
    expect(secretsEqual('secret', 'secret')).toBe(true);
    expect(secretsEqual('secret', Buffer.from('secret'))).toBe(true);
    expect(secretsEqual('', '')).toBe(true);
  });

  it.each([
    ['secret', 'secreT'],
    ['secret', 'secret '],
    ['secret', ''],
    ['secret', 's'],
    ['', 'x'],
  ])('does not hold for %j and %j, and never throws', (a, b) => expect(secretsEqual(a, b)).toBe(false));
});
