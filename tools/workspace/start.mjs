// npm start: builds what has changed, then runs every service in one process.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const oldest = 24;

/** Node 24 or newer: this one, or the one that npm installed with the other packages. */
function suitableNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldest) return process.execPath;
  const installed = join(bin, 'node');
  return existsSync(installed) ? realpathSync(installed) : undefined;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Builds through Nx's cache. Its output is shown only when it fails. */
function build(node) {
  const nx = join(root, 'node_modules', 'nx');
  const manifest = join(nx, 'package.json');
  if (!existsSync(manifest)) fail("The packages are not installed: run 'npm ci' first.");
  const program = join(nx, JSON.parse(readFileSync(manifest, 'utf8')).bin.nx);
  process.stdout.write('Building what has changed … ');
  const begun = performance.now();
  return new Promise((resolve) => {
    const child = spawn(node, [program, 'run-many', '-t', 'build', '--outputStyle=static'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NX_TUI: 'false' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => {
      if (code !== 0) fail(`failed.\n${output}`);
      console.log(`done in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      resolve();
    });
  });
}

const node = suitableNode();
if (!node) {
  fail(
    `Clawdesk needs Node ${oldest} or newer; this is ${process.version} and 'npm ci' has no newer one for ` +
      `${process.platform} ${process.arch}: install Node ${oldest} from https://nodejs.org and run 'npm start' again.`,
  );
}
await build(node);

const main = join(root, 'apps', 'all-in-one', 'dist', 'main.js');
// V8 sizes its heap by the machine's memory and collects late where there is much: hundreds of MB for nothing.
const flags = JSON.parse(readFileSync(join(root, 'tools', 'workspace', 'node-flags.json'), 'utf8'));
const child = spawn(node, [...flags, main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
// npm and its shell end on SIGTERM without passing it on: Clawdesk must not live on without them.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill('SIGTERM');
}, 500).unref();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to both; a second one would cut the drain short.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => fail(`${node} cannot be run: ${error.message}`));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
