import { describe, expect, it } from 'vitest';
import { cursorOf, placeOf } from './cursor.js';

const id = '5f0c7e6e-5b1e-4e0e-8f0e-5b1e4e0e8f0e';

describe('a cursor', () => {
  it.each(['2026-11-21T12:01:20.123456+00:00', '2026-11-21T12:01:20Z', '2024-02-29T23:59:59.5-03:30'])(
    'leads back to its place (%s)',
    (updatedAt) => {
      expect(placeOf(cursorOf({ updatedAt, id }))).toEqual({ updatedAt, id });
    },
  );

  it.each([
    '1',
    'Jan 1 2020 (x)',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+15:30',
    '0000-01-01T00:00:00Z',
    '2026-01-01',
    '',
  ])('with a time that PostgreSQL refuses (%s) is refused', (updatedAt) => {
    expect(() => placeOf(cursorOf({ updatedAt, id }))).toThrow('The query is not valid.');
  });

  it('without an id is refused', () => {
    expect(() => placeOf(cursorOf({ updatedAt: '2026-11-21T12:01:20Z', id: 'none' }))).toThrow();
    expect(() => placeOf('nonsense')).toThrow();
  });
});
