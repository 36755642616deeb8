import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Not for people to set: npm says where it was called, the others are taken away from started processes. */
const notOurs = ['INIT_CWD', 'NODE_ENV', 'NODE_OPTIONS'];

/** Names of variables as configurations write them: quoted where they are read, or in backticks above the field. */
const variable = /['`]([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]|PORT|HOST)\b/g;

it('docs/reference/configuration.md names every variable that a configuration reads', () => {
  const configurations = globSync('{apps,libs,tools}/*/src/*.config.ts', { cwd: root });
  const read = configurations.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(variable)].map(([, name]) => name!),
  );
  expect(read).toContain('DATABASE_POOL_MAX');
  const page = readFileSync(join(root, 'docs/reference/configuration.md'), 'utf8');
  const missing = new Set(read.filter((name) => !notOurs.includes(name) && !page.includes(`\`${name}\``)));
  expect([...missing]).toEqual([]);
});
