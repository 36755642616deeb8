import { describe, expect, it } from 'vitest';
import { deriveId } from './ids.js';

describe('deriveId', () => {
  it('gives the same UUIDv5 for the same parts, for ever', () => {
    expect(deriveId('a', 'b', 1)).toBe(deriveId('a', 'b', 1));
    expect(deriveId('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('keeps the parts apart', () => {
    expect(deriveId('ab', 'c')).not.toBe(deriveId('a', 'bc'));
  });
});
