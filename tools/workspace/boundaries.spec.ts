import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rules = [
  '@nx/enforce-module-boundaries',
  'no-restricted-imports',
  'no-restricted-properties',
  'no-restricted-syntax',
  'eqeqeq',
  'max-lines',
];
const eslint = new ESLint({
  cwd: root,
  // Types are not needed for these rules, and the files of this spec do not exist.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => rules.includes(ruleId),
});

/** Ids of the rules that the code breaks when it stands in this file. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: `${root}${file}` });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const boundaries = '@nx/enforce-module-boundaries';
const imports = 'no-restricted-imports';

describe('lint refuses', () => {
  it.each([
    ['a service that imports a service', 'apps/nlu/src/example.ts', '@clawdesk/dispatch', boundaries],
    [
      'a service by its relative path',
      'apps/nlu/src/example.ts',
      '../../dispatch/src/dispatch.module.js',
      boundaries,
    ],
    [
      'a library by its relative path',
      'apps/nlu/src/example.ts',
      '../../../libs/envelope/src/topics.js',
      boundaries,
    ],
    ['a service in a test of another', 'apps/nlu/test/example.contract.ts', '@clawdesk/dispatch', boundaries],
    ['a driver in a service', 'apps/nlu/src/example.ts', '@clawdesk/transport-kafka', boundaries],
    [
      'a driver in the all-in-one process',
      'apps/all-in-one/src/example.ts',
      '@clawdesk/transport-kafka',
      boundaries,
    ],
    ['a service in the host', 'libs/host/src/example.ts', '@clawdesk/nlu', boundaries],
    ['platform in the contract', 'libs/envelope/src/example.ts', '@clawdesk/database', boundaries],
    ['core in platform', 'libs/database/src/example.ts', '@clawdesk/messaging', boundaries],
    ['a driver in core', 'libs/messaging/src/example.ts', '@clawdesk/transport-postgres', boundaries],
    ['core in a channel', 'libs/channels/src/example.ts', '@clawdesk/messaging', boundaries],
    [
      'a driver in a driver',
      'libs/transport-kafka/src/example.ts',
      '@clawdesk/transport-postgres',
      boundaries,
    ],
    ['Nest in the contract', 'libs/envelope/src/example.ts', '@nestjs/common', boundaries],
    ['kafkajs in a service', 'apps/nlu/src/example.ts', 'kafkajs', imports],
    ['kafkajs in the engine', 'libs/messaging/src/example.ts', 'kafkajs', imports],
    ['pg in a handler', 'apps/dispatch/src/claim-reply.handler.ts', 'pg', imports],
    ['typeorm in a handler', 'apps/dispatch/src/claim-reply.handler.ts', 'typeorm', imports],
    ['pg in a store', 'apps/dispatch/src/deliveries.store.ts', 'pg', imports],
    ["a package's inside", 'apps/nlu/src/example.ts', '@clawdesk/envelope/src/topics.js', imports],
    ['a relative import without its ending', 'apps/nlu/src/example.ts', './nlu.module', imports],
  ])('%s', async (_what, file, imported, rule) => {
    expect(await broken(file, `import * as it from '${imported}';\nexport const used = it;\n`)).toContain(
      rule,
    );
  });

  it.each([
    [
      'the environment outside *.config.ts',
      'export const port = process.env.PORT;',
      'no-restricted-properties',
    ],
    [
      'the environment through its module',
      "import { env } from 'node:process';\nexport const x = env;",
      imports,
    ],
    ['forwardRef', "import { forwardRef } from '@nestjs/common';\nexport const x = forwardRef;", imports],
    [
      'a secret compared by ===',
      'export const same = (a: string, hmac: string) => hmac === a;',
      'no-restricted-syntax',
    ],
    [
      'a signature compared by !==',
      'export const x = (r: Hook, s: string) => s !== r.signature;',
      'no-restricted-syntax',
    ],
    ['==', 'export const same = (a: string, b: string) => a == b;', 'eqeqeq'],
    ['a file that nobody reads in one sitting', 'export {};\n'.repeat(401), 'max-lines'],
    [
      'a rule switched off in passing',
      '/* eslint-disable eqeqeq */\nexport const x = (a: 1, b: 1) => a == b;',
      'eqeqeq',
    ],
  ])('%s', async (_what, code, rule) => {
    expect(await broken('apps/nlu/src/example.ts', code)).toContain(rule);
  });
});

describe('lint lets pass', () => {
  it.each([
    ['the engine in a service', 'apps/nlu/src/example.ts', '@clawdesk/messaging'],
    ['a service in the all-in-one process', 'apps/all-in-one/src/example.ts', '@clawdesk/nlu'],
    ['a driver in the host', 'libs/host/src/example.ts', '@clawdesk/transport-kafka'],
    ['a driver in a test', 'libs/host/test/example.contract.ts', '@clawdesk/transport-kafka'],
    ['kafkajs in its driver', 'libs/transport-kafka/src/example.ts', 'kafkajs'],
    ['typeorm in a store', 'apps/dispatch/src/deliveries.store.ts', 'typeorm'],
    ['typeorm in a migration', 'apps/dispatch/src/migrations/0001-deliveries.ts', 'typeorm'],
  ])('%s', async (_what, file, imported) => {
    expect(await broken(file, `import * as it from '${imported}';\nexport const used = it;\n`)).toEqual([]);
  });

  it.each([
    ['the environment in *.config.ts', 'export const port = process.env.PORT;'],
    ['a secret that is looked for', 'export const missing = (secret?: string) => secret === undefined;'],
  ])('%s', async (_what, code) => {
    expect(await broken('apps/nlu/src/nlu.config.ts', code)).toEqual([]);
  });
});
