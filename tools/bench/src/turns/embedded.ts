import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClawdeskClient, ServiceUrls } from '@clawdesk/client';
import { Child, cleanEnvironment, freePort, workspace } from '@clawdesk/processes';
import type { DataSet } from '../data-set.js';
import { askPaced } from '../load/paced.js';
import { saturate } from '../load/saturate.js';
import { refusals } from '../load/visitor.js';
import { nodeRssMb } from '../memory.js';
import { percentile } from '../percentile.js';
import { answerFigures } from './answers.js';
import type { Figures } from './figures.js';
import type { Progress } from './progress.js';

export interface TurnsOptions {
  /** Length of the saturated run. */
  seconds: number;
  /** Customers at once in the saturated run. */
  concurrency: number;
  /** Messages a second in the paced run. */
  rate: number;
}

/** Clawdesk as one process, started as a new user starts it, on an empty data folder. */
export async function measureEmbedded(
  data: DataSet,
  folder: string,
  options: TurnsOptions,
  progress: Progress,
): Promise<Figures> {
  const port = await freePort();
  const urls = new ServiceUrls(`http://127.0.0.1:${port}`);
  const dataDir = join(folder, 'embedded');
  refusals.count = 0;
  progress.say('Embedded: npm start on an empty data folder …');
  const child = new Child({
    name: 'npm start',
    command: 'npm',
    args: ['start', '--silent'],
    cwd: workspace,
    env: { ...cleanEnvironment(), PORT: String(port), DATA_DIR: dataDir },
    onLine: (line) => progress.show(line),
  });
  try {
    await child.answers(urls.of('gateway', '/health/ready'), 120_000);
    const client = new ClawdeskClient(urls, readFileSync(join(dataDir, 'api-key'), 'utf8').trim());
    const importing = performance.now();
    await importAll(client, data);
    const importSeconds = (performance.now() - importing) / 1_000;
    await askPaced(urls, data.questions.slice(0, 1), 1);
    const firstAnswer = (performance.now() - child.startedAt) / 1_000;

    progress.say(`Embedded: ${data.questions.length} questions at ${options.rate}/s …`);
    const asked = await askPaced(urls, data.questions, options.rate, (done) =>
      progress.show(`${done} answered`),
    );
    const times = asked.map(({ turn }) => turn.tookMs).filter((time) => !Number.isNaN(time));

    progress.say(`Embedded: saturated for ${options.seconds} s, ${options.concurrency} customers at once …`);
    const turnsPerSecond = await saturate(urls, data.questions, {
      ...options,
      warmUpSeconds: 5,
      onProgress: (rate) => progress.show(`${rate.toFixed(0)} turns/s`),
    });
    return {
      'embedded.first_answer_s': firstAnswer,
      'embedded.import_s': importSeconds,
      'embedded.p50_ms': percentile(times, 0.5),
      'embedded.p95_ms': percentile(times, 0.95),
      'embedded.turns_per_s': turnsPerSecond,
      'embedded.rss_mb': nodeRssMb(child.pid),
      'embedded.lost': asked.length - times.length,
      'embedded.refused': refusals.count,
      ...answerFigures(asked),
    };
  } finally {
    await child.stop();
  }
}

/** Puts all articles in. @throws when one is rejected: the figures would not be about these data. */
export async function importAll(client: ClawdeskClient, { articles }: DataSet): Promise<void> {
  for (let from = 0; from < articles.length; from += 200) {
    const results = await client.importArticles(articles.slice(from, from + 200));
    const rejected = results.find(({ outcome }) => outcome === 'rejected');
    if (rejected) throw new Error(`The article ${rejected.id} was rejected: ${rejected.reason}`);
  }
}
