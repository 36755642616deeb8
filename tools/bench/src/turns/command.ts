import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kafkaAvailable, kafkaMissing } from '@clawdesk/kafka';
import { benchConfig } from '../bench.config.js';
import { dataSet } from '../data-set.js';
import { closePool } from '../load/light-http.js';
import { machine } from '../machine.js';
import { measureEmbedded } from './embedded.js';
import type { Figures } from './figures.js';
import { measureKafka } from './kafka.js';
import { Progress } from './progress.js';
import { describeMachine, missed, rounded, table } from './report.js';

export const turnsUsage = `
Usage: npm run bench -- turns --data DIR [--questions FILE] [--json FILE]

Imports DIR/stackfaq/articles.csv, asks every question of FILE (default DIR/stackfaq/questions.csv), each in a new thread,
and measures from the POST to the reply on the stream: as one process, and as seven processes over Kafka.

  --only embedded|kafka   only one of the two
  --seconds N             length of the saturated run (default 20)
  --concurrency N         customers at once in the saturated run (default 64)
  --rate N                messages a second in the paced runs (default 20)
  --json FILE             also write the figures as JSON
  --strict                exit code 1 when a bar is missed
`;

/** Runs `bench -- turns`. @returns the exit code */
export async function turns(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      questions: { type: 'string' },
      json: { type: 'string' },
      only: { type: 'string' },
      seconds: { type: 'string', default: '20' },
      concurrency: { type: 'string', default: '64' },
      rate: { type: 'string', default: '20' },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || values.data === undefined) {
    process.stdout.write(turnsUsage.trimStart());
    return values.help ? 0 : 2;
  }
  if (values.only !== undefined && values.only !== 'embedded' && values.only !== 'kafka') {
    throw new TypeError(`--only is '${values.only}': say embedded or kafka.`);
  }
  const config = benchConfig();
  const inFolder = (path: string): string => resolve(config.folder, path);
  const data = dataSet(
    inFolder(values.data),
    values.questions === undefined ? undefined : inFolder(values.questions),
  );
  const options = {
    seconds: count('seconds', values.seconds),
    concurrency: count('concurrency', values.concurrency),
    rate: count('rate', values.rate),
  };
  const progress = new Progress();
  const folder = mkdtempSync(join(tmpdir(), 'clawdesk-bench-'));
  try {
    const found = machine(folder);
    process.stdout.write(`${describeMachine(found)}\n`);
    const figures: Figures = { 'machine.fsync_ms': found.fsyncMs };
    if (values.only !== 'kafka')
      Object.assign(figures, await measureEmbedded(data, folder, options, progress));
    if (values.only !== 'embedded') {
      if (config.kafkaBrokers === undefined && !(await kafkaAvailable())) {
        progress.say(`Kafka is not measured: ${await kafkaMissing()}`);
      } else {
        const overKafka = await measureKafka(data, folder, config.kafkaBrokers, options, progress);
        // The answers are the same in both; those of the embedded run are told.
        Object.assign(figures, { ...overKafka, ...figures });
      }
    }
    process.stdout.write(`\n${table(figures)}\n`);
    const told = { ...rounded(figures), machine: found };
    if (values.json !== undefined)
      writeFileSync(inFolder(values.json), `${JSON.stringify(told, undefined, 2)}\n`);
    return values.strict && missed(figures).length > 0 ? 1 : 0;
  } finally {
    closePool();
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new TypeError(`--${name} is '${text}': give a whole number above 0.`);
}
