import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromRecord } from './cloud-event.js';
import { decode } from './codec.js';
import { allTopics, topicNamed } from './topics.js';

const folder = new URL('../golden/', import.meta.url);

interface GoldenRecord {
  key: string;
  headers: Record<string, string>;
  value: string;
}

const records = readdirSync(folder).flatMap((topic) =>
  readdirSync(new URL(`${topic}/`, folder)).map((file) => [topic, file.replace(/\.json$/, '')] as const),
);

describe('golden records', () => {
  it.each(allTopics.map((topic) => [topic.name, topic.version]))('have %s %s', (name, version) => {
    const missing = 'write it: npx nx build @clawdesk/envelope && node tools/workspace/contracts.mjs';
    expect(existsSync(new URL(`${name}/${version}.json`, folder)), missing).toBe(true);
  });

  it.each(records)('of %s %s are read for ever', (name, version) => {
    const record = JSON.parse(
      readFileSync(new URL(`${name}/${version}.json`, folder), 'utf8'),
    ) as GoldenRecord;
    const topic = topicNamed(name);
    if (!topic) throw new Error(`A topic that has golden records may not vanish from the table: ${name}`);
    const attributes = fromRecord(record);
    expect(attributes).toMatchObject({
      type: name,
      dataschema: `clawdesk:${name}:${version}`,
      partitionkey: record.key,
    });
    expect(decode(topic, attributes.dataschema, Buffer.from(record.value))).toEqual(JSON.parse(record.value));
  });
});
