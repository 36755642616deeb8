import { afterEach, describe, expect, it } from 'vitest';
import { Child } from './child.js';
import { freePort } from './free-port.js';
import { cleanEnvironment, workspace } from './workspace.config.js';

const children: Child[] = [];
afterEach(() => Promise.all(children.splice(0).map((child) => child.kill())));

function run(script: string): Child {
  const args = ['--input-type=module', '-e', script];
  const child = new Child({
    name: 'script',
    command: process.execPath,
    args,
    cwd: workspace,
    env: cleanEnvironment(),
  });
  children.push(child);
  return child;
}

describe('Child', () => {
  it('waits until an address answers with success', async () => {
    const port = await freePort();
    const child = run(`
      import { createServer } from 'node:http';
      let asked = 0;
      createServer((_, response) => response.writeHead((asked += 1) < 3 ? 503 : 200).end()).listen(${port}, '127.0.0.1');
    `);
    await child.answers(`http://127.0.0.1:${port}/`);
    expect((await child.stop()).signal).toBe('SIGTERM');
  });

  it('that ends instead says what it printed', async () => {
    const child = run(`process.stderr.write('The port is taken.\\n'); process.exitCode = 3;`);
    await expect(child.answers('http://127.0.0.1:9/')).rejects.toThrow(
      'script ended with code 3.\nThe port is taken.',
    );
    expect(child.exit).toEqual({ code: 3, signal: null });
  });

  it('that does not start says so', async () => {
    const child = new Child({ name: 'nothing', command: '/nothing/here', args: [], cwd: workspace, env: {} });
    await child.exited;
    expect(() => child.pid).toThrow(/nothing could not be started: .*ENOENT/);
  });
});
