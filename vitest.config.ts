import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], timeout: number, parallel: boolean) => ({
  extends: true as const,
  test: {
    name,
    include,
    testTimeout: timeout,
    hookTimeout: timeout,
    fileParallelism: parallel,
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Before anything that is decorated, whatever a test imports first.
    setupFiles: ['reflect-metadata'],
    // What a unit test provokes on purpose would drown what went wrong.
    ...(name === 'unit' ? { env: { LOG_LEVEL: 'silent' } } : {}),
  },
});

export default defineConfig({
  plugins: [
    swc.vite({
      swcrc: false,
      jsc: {
        target: 'es2024',
        parser: { syntax: 'typescript', tsx: true, decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'es6' },
    }),
  ],
  resolve: { conditions: ['@clawdesk/source'] },
  ssr: { resolve: { conditions: ['@clawdesk/source'] } },
  test: {
    projects: [
      project('unit', ['{apps,libs,tools}/*/src/**/*.spec.ts', 'tools/workspace/**/*.spec.ts'], 30_000, true),
      project('contract', ['{libs,apps}/*/test/**/*.contract.ts'], 180_000, false),
      project('e2e', ['apps/all-in-one/test/**/*.e2e.ts'], 300_000, false),
    ],
  },
});
