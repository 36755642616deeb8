import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import type { Topic } from './topic.js';

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A class whose instances travel in payloads: a topic's own, or one nested in it. */
export type PayloadClass = new () => object;

/**
 * The payload class of a topic and every class nested in it through `@Type`, by name.
 * Only these: a process holds many more validated classes (HTTP bodies), and their names may be the same.
 */
export function payloadClassesOf(topic: Topic): Map<string, PayloadClass> {
  const classes = new Map<string, PayloadClass>();
  const visit = (payload: PayloadClass): void => {
    const known = classes.get(payload.name);
    if (known === payload) return;
    if (known)
      throw new Error(`Two payload classes of '${topic.name}' are called ${payload.name}: rename one`);
    classes.set(payload.name, payload);
    for (const property of Object.keys(propertiesOf(ownSchema(payload)))) {
      const nested = defaultMetadataStorage.findTypeMetadata(payload, property)?.typeFunction();
      if (nested) visit(nested as PayloadClass);
    }
  };
  visit(topic.payload);
  return classes;
}

/** JSON Schemas of a topic's payload class and those nested in it, by class name, made from their class-validator rules. */
export function payloadSchemas(topic: Topic): Record<string, JsonSchema> {
  return Object.fromEntries(
    [...payloadClassesOf(topic)].map(([name, payload]) => [name, ownSchema(payload)]),
  );
}

/** JSON Schema (2020-12) of a topic's payload, complete in itself. Unknown fields are allowed: they are carried on. */
export function schemaOf(topic: Topic): JsonSchema {
  return { $id: topic.dataschema, $defs: payloadSchemas(topic), $ref: `#/$defs/${topic.payload.name}` };
}

/** The properties of an object schema, by name. */
export function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return (schema['properties'] ?? {}) as Record<string, JsonSchema>;
}

function ownSchema(payload: PayloadClass): JsonSchema {
  return targetConstructorToSchema(payload, {
    classValidatorMetadataStorage: getMetadataStorage(),
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: '#/$defs/',
  }) as JsonSchema;
}

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: false }));
const compiled = new Map<string, ValidateFunction>();

/** The compiled check of a topic's payload: ten times faster than running the class-validator rules. */
export function validatorOf(topic: Topic): ValidateFunction {
  let validate = compiled.get(topic.name);
  if (!validate) {
    validate = ajv.compile(schemaOf(topic));
    compiled.set(topic.name, validate);
  }
  return validate;
}
