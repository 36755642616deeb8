// npm test: every check there is, one after the other, and at the end what they came to.
//   npm test                 format, lint, types, unit, contract and end-to-end tests
//   npm test -- unit lint    only these steps
//   npm run verify           all of them without any cache; Kafka has to be there
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const all = process.argv.includes('--all');
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const strict = all || process.env.CI === 'true';
const results = mkdtempSync(join(tmpdir(), 'clawdesk-test-'));
process.on('exit', () => rmSync(results, { recursive: true, force: true }));

const nx = (target) => [
  'nx',
  'run-many',
  '-t',
  target,
  '--outputStyle=static',
  ...(all ? ['--skip-nx-cache'] : []),
];
const vitest = (project) => [
  'vitest',
  'run',
  ...['--project', project, '--passWithNoTests'],
  ...['--reporter=default', '--reporter=json', `--outputFile.json=${join(results, `${project}.json`)}`],
];

/** What is run, and after how many minutes it is taken to hang. */
const steps = [
  { name: 'build', command: nx('build'), minutes: 5 },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'], minutes: 3 },
  // From scratch one process is three times faster than one per project; with a cache it is the other way round.
  { name: 'lint', command: strict ? ['eslint', '.', '--max-warnings', '0'] : nx('lint'), minutes: 5 },
  {
    name: 'lint-workspace',
    command: ['eslint', 'tools/workspace', 'eslint.config.js', 'vitest.config.ts'],
    minutes: 3,
  },
  { name: 'types', command: ['tsc', '-b', '--emitDeclarationOnly', ...(all ? ['--force'] : [])], minutes: 5 },
  { name: 'unit', command: vitest('unit'), project: 'unit', minutes: 5 },
  { name: 'contract', command: vitest('contract'), project: 'contract', minutes: 12 },
  { name: 'e2e', command: vitest('e2e'), project: 'e2e', minutes: 15 },
];

const unknown = chosen.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length) {
  console.error(
    `There is no step '${unknown.join("', '")}': choose from ${steps.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}

let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    if (running) end(running, signal);
    process.exit(130);
  });
}

/** Ends a step together with the servers that it started. */
function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Runs a step. Static checks are quiet unless they fail; tests show themselves. */
function run({ command: [program, ...args], project, minutes }) {
  const windows = process.platform === 'win32';
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', project ? 'inherit' : 'pipe', project ? 'inherit' : 'pipe'],
      detached: !windows,
      shell: windows,
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
        NX_TUI: 'false',
      },
    });
    running = child;
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    const limit = setTimeout(() => {
      output += `\nEnded after ${minutes} minutes: it hangs.\n`;
      end(child, 'SIGKILL');
    }, minutes * 60_000);
    child.on('error', (error) => (output += `${error.message}. Run 'npm ci' first.\n`));
    child.on('close', (code) => {
      clearTimeout(limit);
      running = undefined;
      resolve({ ok: code === 0, output });
    });
  });
}

/** Numbers of a vitest run. A run that broke off, or a file that could not be loaded, is a failure of its own. */
function counted(project, ok) {
  const file = join(results, `${project}.json`);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + broken;
  const isSkipped = ({ status }) => status === 'skipped' || status === 'pending';
  const skipped = report.testResults
    .map(({ name, assertionResults }) => ({
      file: relative(root, name),
      tests: assertionResults.filter(isSkipped).length,
    }))
    .filter(({ tests }) => tests > 0);
  return { passed: report.numPassedTests, failed: !ok && failed === 0 ? 1 : failed, skipped };
}

/** Why suites against a server cannot run here, in the words of the tool that starts it. */
async function serverProblems() {
  const problems = [];
  for (const [server, tool, ask] of [
    ['Kafka', 'tools/kafka', 'kafkaMissing'],
    ['Redis', 'tools/testing', 'redisMissing'],
  ]) {
    const file = join(root, tool, 'dist/index.js');
    const problem = existsSync(file) ? await (await import(file))[ask]() : `${tool} is not built`;
    if (problem) problems.push(`Suites against ${server} were left out: ${problem}`);
  }
  return problems;
}

const summary = [];
for (const step of steps.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  process.stdout.write(`\n▶ ${step.name}\n`);
  const begun = performance.now();
  const { ok, output } = await run(step);
  if (!ok && output) process.stdout.write(output);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const numbers = step.project
    ? counted(step.project, ok)
    : { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [] };
  process.stdout.write(`${numbers.failed === 0 ? '✔' : '✘'} ${step.name} ${seconds} s\n`);
  summary.push({ name: step.name, seconds, ...numbers });
}

console.log('\nsummary');
for (const { name, seconds, passed, failed, skipped } of summary) {
  const left = skipped.reduce((sum, { tests }) => sum + tests, 0);
  const mark = failed === 0 ? '✔' : '✘';
  const numbers = `${passed} passed, ${failed} failed${left ? `, ${left} left out` : ''}`;
  console.log(`  ${mark} ${name.padEnd(15)} ${seconds.padStart(7)} s   ${numbers}`);
}

let passed = summary.reduce((sum, step) => sum + step.passed, 0);
let failed = summary.reduce((sum, step) => sum + step.failed, 0);
const skipped = summary.flatMap((step) => step.skipped);
if (skipped.length) {
  console.log('\nleft out, not counted as passed:');
  for (const { file, tests } of skipped) console.log(`  ${file} (${tests})`);
  for (const problem of await serverProblems()) console.log(`  ${problem}`);
  if (strict) {
    failed += 1;
    console.log(
      `  ✘ ${all ? 'npm run verify' : 'With CI=true it'} leaves nothing out: this counts as a failure.`,
    );
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
