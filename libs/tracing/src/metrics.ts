import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The process's metrics, served at /metrics. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const existing = <M>(name: string): M | undefined => registry.getSingleMetric(name) as M | undefined;

/** The counter of that name; made on first use. */
export const counter = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[] = [],
): Counter<L> =>
  existing<Counter<L>>(name) ?? new Counter<L>({ name, help, labelNames, registers: [registry] });

/** The gauge of that name; made on first use. */
export const gauge = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[] = [],
): Gauge<L> => existing<Gauge<L>>(name) ?? new Gauge<L>({ name, help, labelNames, registers: [registry] });

/** The histogram of that name (seconds); made on first use. */
export const histogram = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  buckets: readonly number[],
): Histogram<L> =>
  existing<Histogram<L>>(name) ??
  new Histogram<L>({ name, help, labelNames, buckets: [...buckets], registers: [registry] });
