import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importsWith, leakingComparisons } from './tools/workspace/restrictions.mjs';

const tests = ['**/*.spec.ts', '**/test/**/*.ts', '**/src/testing/**/*.ts'];

/** Which kinds of project may use which. Drivers are chosen by hosts, and tried by tests. */
const directions = {
  'type:contract': ['type:contract'],
  'type:platform': ['type:platform', 'type:contract'],
  'type:core': ['type:platform', 'type:contract'],
  'type:adapter': ['type:platform', 'type:contract'],
  'type:driver': ['type:core', 'type:platform', 'type:contract'],
  'type:host': ['type:driver', 'type:core', 'type:adapter', 'type:platform', 'type:contract'],
  'type:app': ['type:host', 'type:core', 'type:adapter', 'type:platform', 'type:contract'],
  'type:all-in-one': ['type:app', 'type:host', 'type:core', 'type:adapter', 'type:platform', 'type:contract'],
  'type:tool': ['*'],
};

/** Libraries that say by themselves which layer a file is in. */
const outOfPlace = {
  'type:contract': ['@nestjs/*', 'typeorm', 'pg', 'kafkajs', 'ioredis'],
  'type:platform': ['@nestjs/microservices', 'kafkajs'],
  'type:adapter': ['@nestjs/*', 'typeorm', 'pg', 'kafkajs', 'ioredis'],
};

const boundaries = [
  'error',
  {
    depConstraints: Object.entries(directions).map(([sourceTag, onlyDependOnLibsWithTags]) => ({
      sourceTag,
      onlyDependOnLibsWithTags,
      ...(outOfPlace[sourceTag] ? { bannedExternalImports: outOfPlace[sourceTag] } : {}),
    })),
  },
];

/** A test may use any driver and tool, and looks at its own package from outside. Services stay apart even there. */
const testBoundaries = [
  'error',
  {
    allowCircularSelfDependency: true,
    depConstraints: Object.keys(directions).map((sourceTag) =>
      ['type:tool', 'type:all-in-one'].includes(sourceTag)
        ? { sourceTag, onlyDependOnLibsWithTags: ['*'] }
        : { sourceTag, notDependOnLibsWithTags: ['type:app', 'type:all-in-one'] },
    ),
  },
];

export default defineConfig(
  { ignores: ['**/dist/**', '**/node_modules/**', '.types/**', '.nx/**', 'data/**'] },
  { linterOptions: { noInlineConfig: true } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries,
      'no-restricted-imports': importsWith(),
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read in *.config.ts only.' },
      ],
      'no-restricted-syntax': ['error', ...leakingComparisons],
      eqeqeq: 'error',
      'max-lines': ['error', 400],
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['libs/transport-kafka/**/*.ts'], rules: { 'no-restricted-imports': importsWith('kafkajs') } },
  {
    files: ['libs/database/**/*.ts', 'libs/transport-postgres/**/*.ts'],
    rules: { 'no-restricted-imports': importsWith('pg', 'typeorm') },
  },
  {
    files: ['apps/**/*.store.ts', 'libs/**/*.store.ts', '**/migrations/**/*.ts'],
    rules: { 'no-restricted-imports': importsWith('typeorm') },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-properties': 'off' } },
  // What is started from a terminal writes to it.
  { files: ['apps/cli/**/*.ts', 'tools/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: tests,
    rules: {
      '@nx/enforce-module-boundaries': testBoundaries,
      'no-restricted-imports': importsWith('kafkajs', 'pg', 'typeorm'),
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      'max-lines': ['error', 500],
    },
  },
);
