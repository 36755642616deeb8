/** Every figure of `bench -- turns`, the unit it is told in, and the bar it has to meet. */
export const bars = {
  'embedded.first_answer_s': { bar: 15, better: 'lower' },
  'embedded.p50_ms': { bar: 40, better: 'lower' },
  'embedded.p95_ms': { bar: 120, better: 'lower' },
  'embedded.turns_per_s': { bar: 200, better: 'higher' },
  'embedded.rss_mb': { bar: 350, better: 'lower' },
  'kafka.p50_ms': { bar: 50, better: 'lower' },
  'kafka.p95_ms': { bar: 150, better: 'lower' },
  'kafka.lost': { bar: 0, better: 'lower' },
  'kafka.doubled': { bar: 0, better: 'lower' },
  'kafka.disordered': { bar: 0, better: 'lower' },
  'answers.r1': { bar: 0.68, better: 'higher' },
  'answers.r5': { bar: 0.9, better: 'higher' },
} as const satisfies Record<string, { bar: number; better: 'lower' | 'higher' }>;

export type BarName = keyof typeof bars;

/** Figures without a bar, told because they explain the others. */
export type ExtraName =
  | 'embedded.import_s'
  | 'embedded.postgres_mb'
  | 'embedded.lost'
  | 'embedded.refused'
  | 'kafka.ready_s'
  | 'kafka.messages'
  | 'machine.fsync_ms';

export type Figures = Partial<Record<BarName | ExtraName, number>>;

/** Whether a measured figure meets its bar; NaN meets none. */
export function meets(name: BarName, value: number): boolean {
  const { bar, better } = bars[name];
  return better === 'lower' ? value <= bar : value >= bar;
}

export const isBar = (name: string): name is BarName => name in bars;
