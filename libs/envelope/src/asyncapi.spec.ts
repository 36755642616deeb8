import { Parser } from '@asyncapi/parser';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './asyncapi.js';
import { allTopics } from './topics.js';

const committed = new URL('../../../docs/reference/asyncapi.json', import.meta.url);

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3 and has every topic', async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument()));
    // Severity 0 is an error; the parser's advice (a tag, a contact, …) is none.
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
    expect(document?.version()).toBe('3.0.0');
    const addresses = document
      ?.channels()
      .all()
      .map((channel) => channel.address());
    expect(addresses).toEqual(allTopics.map((topic) => topic.name));
  });

  it('marks personal fields', () => {
    const { components } = asyncApiDocument() as { components: { schemas: Record<string, never> } };
    expect(components.schemas).toMatchObject({
      MessageUnderstood: {
        properties: { text: { 'x-personal': true }, contactPoint: { 'x-personal': true } },
      },
      Entity: { properties: { value: { 'x-personal': true } } },
    });
    expect(JSON.stringify(components.schemas['Passage'])).not.toContain('x-personal');
  });

  it('is committed as it is now', () => {
    const stale = 'stale: npx nx build @clawdesk/envelope && node tools/workspace/contracts.mjs';
    expect(JSON.parse(readFileSync(committed, 'utf8')), stale).toEqual(asyncApiDocument());
  });
});
