import { plainToInstance } from 'class-transformer';
import { IsString, MaxLength, getMetadataStorage, validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleOf, pathsOf, replaced, valueAt } from '../test/examples.js';
import { payloadClassesOf, payloadSchemas, propertiesOf, schemaOf, validatorOf } from './schemas.js';
import type { Topic } from './topic.js';
import { Topics, allTopics } from './topics.js';

/** What each class-validator rule must look like in the schema of its property. */
const expressed: Record<string, (property: Record<string, unknown>, limit: unknown) => boolean> = {
  isString: (property) => property['type'] === 'string' || itemsOf(property)['type'] === 'string',
  isInt: (property) => property['type'] === 'integer',
  isNumber: (property) => property['type'] === 'number',
  isArray: (property) => property['type'] === 'array',
  isUuid: (property) => property['format'] === 'uuid',
  isIso8601: (property) => JSON.stringify(property['oneOf']).includes('date-time'),
  isIn: (property, values) => JSON.stringify(property['enum']) === JSON.stringify(values),
  min: (property, limit) => property['minimum'] === limit,
  max: (property, limit) => property['maximum'] === limit,
  maxLength: (property, limit) => property['maxLength'] === limit,
  arrayMaxSize: (property, limit) => property['maxItems'] === limit,
  nestedValidation: (property) => '$ref' in property || '$ref' in itemsOf(property),
};
const itemsOf = (property: Record<string, unknown>): Record<string, unknown> =>
  (property['items'] ?? {}) as Record<string, unknown>;

const rules = (topic: Topic) =>
  [...payloadClassesOf(topic)].flatMap(([name, payload]) =>
    getMetadataStorage()
      .getTargetValidationMetadatas(payload, '', true, false)
      .map((rule) => ({
        owner: name,
        propertyName: rule.propertyName,
        kind: rule.type === 'conditionalValidation' ? 'isOptional' : (rule.name ?? rule.type),
        limit: (rule.constraints as unknown[] | undefined)?.[0],
      })),
  );

/** class-validator's own verdict. */
const judged = (topic: Topic, data: object): boolean =>
  validateSync(plainToInstance(topic.payload, data)).length === 0;

const topics = allTopics.map((topic) => [topic.name, topic] as const);

describe('schemas made from class-validator rules', () => {
  it.each(topics)('say every rule of %s', (_name, topic) => {
    const schemas = payloadSchemas(topic);
    for (const { owner, propertyName, kind, limit } of rules(topic)) {
      if (kind === 'isOptional') continue;
      const holds = expressed[kind];
      expect(holds, `no one has said yet how ${kind} shows in a JSON Schema`).toBeDefined();
      const property = propertiesOf(schemas[owner] ?? {})[propertyName] ?? {};
      const what = `${owner}.${propertyName}: ${kind} in ${JSON.stringify(property)}`;
      expect(holds?.(property, limit), what).toBe(true);
    }
  });

  it.each(topics)('require what is not optional in %s', (_name, topic) => {
    for (const [name, schema] of Object.entries(payloadSchemas(topic))) {
      const optional = rules(topic)
        .filter((rule) => rule.owner === name && rule.kind === 'isOptional')
        .map((rule) => rule.propertyName);
      const required = Object.keys(propertiesOf(schema)).filter((property) => !optional.includes(property));
      expect([...((schema['required'] ?? []) as string[])].sort()).toEqual(required.sort());
    }
  });

  it.each(topics)('accept the full example of %s, and one more field', (_name, topic) => {
    const example = exampleOf(topic);
    expect(judged(topic, example)).toBe(true);
    expect(validatorOf(topic)(example), JSON.stringify(validatorOf(topic).errors)).toBe(true);
    expect(validatorOf(topic)({ ...example, addedLater: true })).toBe(true);
    const known = Object.keys(propertiesOf(payloadSchemas(topic)[topic.payload.name] ?? {}));
    expect(Object.keys(example).sort(), 'the example fills in every field').toEqual(known.sort());
  });

  it.each(topics)('refuse each field of %s when its kind is wrong', (_name, topic) => {
    const example = exampleOf(topic);
    for (const path of pathsOf(example)) {
      const wrong = typeof valueAt(example, path) === 'string' ? 7 : 'text';
      expect(validatorOf(topic)(replaced(example, path, wrong)), path.join('.')).toBe(false);
      expect(judged(topic, replaced(example, path, wrong)), path.join('.')).toBe(false);
    }
  });

  it.each(topics)('agree with class-validator about %s', (_name, topic) => {
    const example = exampleOf(topic);
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        '',
        'text',
        'x'.repeat(30_000),
        true,
        0,
        -1,
        -0.5,
        0.5,
        1,
        2,
        4,
        1e9,
      ),
      fc.constantFrom<unknown>(...allTopics.map((other) => Object.values(exampleOf(other))[0])),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(fc.string(), { minLength: 1, maxLength: 60 }),
      fc.record({ text: fc.string(), number: fc.integer() }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(example)), value, (path, replacement) => {
        // Taking an element out of a list leaves a hole, which JSON cannot carry.
        fc.pre(!(replacement === undefined && typeof path[path.length - 1] === 'number'));
        // Here the schema is stricter, see below.
        fc.pre(
          !(
            replacement === undefined &&
            path[path.length - 1] === 'author' &&
            topic.payload.name.startsWith('Reply')
          ),
        );
        const changed = replaced(example, path, replacement);
        expect(
          validatorOf(topic)(changed),
          `${path.join('.')} = ${JSON.stringify(replacement)?.slice(0, 60)}`,
        ).toBe(judged(topic, changed));
      }),
      { numRuns: 200 },
    );
  });

  it('are stricter where the types are: a nested object may not be missing', () => {
    const { author: _author, ...rest } = exampleOf(Topics.replyComposed);
    expect(judged(Topics.replyComposed, rest)).toBe(true);
    expect(validatorOf(Topics.replyComposed)(rest)).toBe(false);
  });

  it('are stricter where the types are: no null for what may be left out', () => {
    expect(validatorOf(Topics.messageReceived)({ ...exampleOf(Topics.messageReceived), locale: null })).toBe(
      false,
    );
  });

  it('take no notice of validated classes that are no payloads, whatever they are called', () => {
    class Citation {
      @IsString() @MaxLength(1) body: string;
    }
    expect(Citation.name).toBe('Citation');
    expect(JSON.stringify(schemaOf(Topics.replyComposed))).not.toContain('"body"');
  });
});
