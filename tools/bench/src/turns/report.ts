import type { Machine } from '../machine.js';
import { bars, isBar, meets, type BarName, type Figures } from './figures.js';

/** The figures as a table: value, bar, and whether it is met. */
export function table(figures: Figures): string {
  const rows = Object.entries(figures).map(([name, value]) => {
    if (!isBar(name)) return [name, shown(value), '', ''];
    const sign = bars[name].better === 'lower' ? '≤' : '≥';
    return [name, shown(value), `${sign} ${bars[name].bar}`, meets(name, value) ? 'pass' : 'MISSED'];
  });
  const all = [['figure', 'value', 'bar', ''], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map(([name = '', value = '', bar = '', verdict = '']) =>
      `${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${bar.padEnd(widths[2] ?? 0)}  ${verdict}`.trimEnd(),
    )
    .join('\n');
}

export const describeMachine = ({ cpu, cores, ramGb, node, fsyncMs }: Machine): string =>
  `${cpu}, ${cores} cores, ${ramGb} GB, Node ${node}; one fsync takes ${fsyncMs.toFixed(2)} ms (p50)`;

export const missed = (figures: Figures): BarName[] =>
  Object.entries(figures).flatMap(([name, value]) => (isBar(name) && !meets(name, value) ? [name] : []));

/** Rounded as it is told. */
export const rounded = (figures: Figures): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(shown(value))]));

function shown(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(value < 1 ? 3 : 1);
}
