import { describe, expect, it } from 'vitest';
import { percentile } from '../percentile.js';
import { bars, meets } from './figures.js';
import { missed, rounded, table } from './report.js';

describe('the report', () => {
  it('shows each figure with its bar and whether it is met', () => {
    expect(table({ 'embedded.p50_ms': 12.345, 'embedded.turns_per_s': 180, 'embedded.import_s': 0.5 })).toBe(
      [
        'figure                value  bar',
        'embedded.p50_ms        12.3  ≤ 40   pass',
        'embedded.turns_per_s    180  ≥ 200  MISSED',
        'embedded.import_s     0.500',
      ].join('\n'),
    );
  });

  it('counts what could not be measured as missed', () => {
    expect(missed({ 'kafka.p50_ms': NaN, 'kafka.lost': 0 })).toEqual(['kafka.p50_ms']);
  });

  it('rounds as it tells', () => {
    expect(rounded({ 'answers.r1': 0.70123, 'embedded.p50_ms': 12.345 })).toEqual({
      'answers.r1': 0.701,
      'embedded.p50_ms': 12.3,
    });
  });

  it('meets a bar on the bar', () => {
    expect(Object.entries(bars).every(([name, { bar }]) => meets(name as keyof typeof bars, bar))).toBe(true);
  });
});

describe('percentile', () => {
  it('is the value that the share does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([7], 0.95)]).toEqual([50, 95, 7]);
    expect(percentile([], 0.5)).toBeNaN();
  });
});
