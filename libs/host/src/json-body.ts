import { Problem } from './problem.js';

/** Keys that change an object's prototype when the object is copied. Written with escapes they are the same keys. */
const suspicious = /__proto__|constructor|\\u00/;

/** Reads a body of JSON for Fastify; what is wrong with it is answered with 400. */
export function readJson(body: string, done: (error: Error | null, value?: unknown) => void): void {
  const text = body.replace(/^\uFEFF/, '');
  try {
    // A reviver costs time: most bodies need none.
    done(null, suspicious.test(text) ? JSON.parse(text, refusePrototype) : JSON.parse(text));
  } catch (error) {
    if (error instanceof Problem) done(error);
    else if (text === '') done(wrongBody('body must not be empty: send JSON, or no content type'));
    else done(wrongBody(`body must be valid JSON (${(error as Error).message})`));
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  const changes =
    key === '__proto__' ||
    (key === 'constructor' && typeof value === 'object' && value !== null && 'prototype' in value);
  if (changes) throw wrongBody("body must not contain the keys '__proto__' or 'constructor'");
  return value;
}

const wrongBody = (message: string): Problem =>
  new Problem(400, 'The request is not right', { errors: [{ field: 'body', message }] });
