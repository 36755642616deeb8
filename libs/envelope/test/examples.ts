import { readFileSync } from 'node:fs';
import type { Envelope, Topic } from '../src/index.js';

/** A valid payload of a topic with every field filled in: `examples/<topic>.json`. */
export function exampleOf(topic: Topic): Record<string, unknown> {
  const file = new URL(`../examples/${topic.name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

/** An event of the topic, with fixed attributes. */
export function eventOf(topic: Topic): Envelope<Record<string, unknown>> {
  return {
    id: '6d0c39d4-6f4a-5d0c-8f3e-0c3a7c3f5f01',
    type: topic.name,
    source: '/clawdesk/nlu',
    time: '2026-11-21T08:00:00.000Z',
    dataschema: topic.dataschema,
    tenant: 'default',
    partitionkey: 'qk3pX0hB4m2vT9sZrL6w8Q',
    correlationid: '0d6c6e52-0e34-5a0a-8a5b-6f3f0c7f2b10',
    causationid: '0d6c6e52-0e34-5a0a-8a5b-6f3f0c7f2b10',
    hops: 1,
    subjectkey: 'c3ViamVjdC1wc2V1ZG9ueW0',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    data: exampleOf(topic),
  };
}

/** Where a value stands in a payload. */
export type Path = readonly (string | number)[];

/** Every place of a payload below its root, objects and lists included. */
export function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return at.length ? [at] : [];
  const below = Object.entries(value).flatMap(([key, inner]) =>
    pathsOf(inner, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length ? [at, ...below] : below;
}

/** A copy with another value at that place; `undefined` takes the field away. */
export function replaced<T extends object>(payload: T, path: Path, value: unknown): T {
  const copy = structuredClone(payload);
  let holder = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  const last = path[path.length - 1] as string | number;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** The value at that place. */
export function valueAt(payload: object, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], payload);
}
