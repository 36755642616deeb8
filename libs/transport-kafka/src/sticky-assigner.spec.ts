import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareOut } from './sticky-assigner.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('shareOut', () => {
  it('gives every partition to exactly one member, evenly, whatever is claimed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.array(fc.array(fc.integer({ min: -2, max: 70 }), { maxLength: 70 }), {
          minLength: 1,
          maxLength: 12,
        }),
        (count, claims) => {
          const shares = shareOut(
            upTo(count),
            claims.map((held, index) => ({ memberId: `member-${index}`, held: [...new Set(held)] })),
          );
          expect([...shares.values()].flat().sort((a, b) => a - b)).toEqual(upTo(count));
          const sizes = [...shares.values()].map(({ length }) => length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('moves only what a joining member has to get', () => {
    const shares = shareOut(upTo(8), [
      { memberId: 'new', held: [] },
      { memberId: 'old', held: upTo(8) },
    ]);
    expect(shares.get('old')).toEqual([0, 1, 2, 3]);
    expect(shares.get('new')).toEqual([4, 5, 6, 7]);
  });

  it('leaves the others what they have when a member goes', () => {
    const shares = shareOut(upTo(6), [
      { memberId: 'a', held: [0, 1] },
      { memberId: 'c', held: [4, 5] },
    ]);
    expect(shares.get('a')).toEqual(expect.arrayContaining([0, 1]));
    expect(shares.get('c')).toEqual(expect.arrayContaining([4, 5]));
  });
});
