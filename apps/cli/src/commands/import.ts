import { resolve } from 'node:path';
import { withKnownIds } from '../articles/known-articles.js';
import { articleFiles, countArticles, readArticles, type ArticleFile } from '../articles/read-articles.js';
import { UnreadableSourceError, type Read } from '../articles/source.js';
import { patienceMs, upload, type ImportReport } from '../articles/upload.js';
import { UsageError, type Command, type Context } from '../command.js';

export const importCommand: Command = {
  name: 'import',
  summary: 'put help articles in: Markdown, CSV, HTML; a file or a folder',
  help: `
Usage: npm run clawdesk -- import FOLDER|FILE [--json]

Puts help articles in. Doing it again updates what has changed and never doubles.

  Markdown  .md .markdown   title: first heading, or front matter (id, title, url, language)
  CSV       .csv            first line: id,title,body (also url, language)
  HTML      .html .htm      title: <h1> or <title>; text: <article>, <main> or the page

A folder is imported with all folders in it. Where files do not say their ids, these come from the paths, and a file keeps
its id, by whichever folder it is imported. An id that another file has is left to that one: the new file gets the
next free one (login-2), or the id itself when the other file is not there any more; either is said.
Bad rows are named by file and line while the good ones go in; the exit code is then 1.
The articles go to the tenant of the API key: CLAWDESK_API_KEY, else DATA_DIR/api-key.

  --json    print the report as JSON`,
  options: { json: { type: 'boolean' } },
  async run(context, options, words) {
    const [path, ...more] = words;
    if (!path || more.length > 0)
      throw new UsageError('Say which folder or file: npm run clawdesk -- import FOLDER|FILE');
    const client = context.keyHolder();
    const started = performance.now();
    let report: ImportReport;
    try {
      const files = await articleFiles(resolve(context.config.folder, path));
      const total = await countAll(files);
      const onWait = (reason: Error): void => context.terminal.progress(`Waiting: ${reason.message}`);
      const articles = withKnownIds(readAll(files), () => client.articles({ patienceMs, onRepeat: onWait }));
      report = await upload(client, articles, {
        onProgress: (done) => context.terminal.progress(`${done}/${Math.max(total, done)} articles …`),
        onWait,
      });
    } catch (error) {
      if (!(error instanceof UnreadableSourceError)) throw error;
      context.terminal.complain(error.message);
      return 1;
    }
    if (options['json'] === true) context.terminal.line(JSON.stringify(report, undefined, 2));
    else print(context, report, performance.now() - started);
    return report.rejected.length > 0 ? 1 : 0;
  },
};

async function countAll(files: readonly ArticleFile[]): Promise<number> {
  let total = 0;
  for (const file of files) total += await countArticles(file);
  return total;
}

async function* readAll(files: readonly ArticleFile[]): AsyncGenerator<Read> {
  for (const file of files) yield* readArticles(file);
}

function print({ terminal }: Context, report: ImportReport, tookMs: number): void {
  for (const { place, problem } of report.rejected) terminal.complain(`${place}: ${problem}`);
  for (const { place, note } of report.notes) terminal.complain(`${place}: ${note}`);
  const { created, updated, unchanged, rejected } = report;
  terminal.line(
    `${created} created, ${updated} updated, ${unchanged} unchanged, ${rejected.length} rejected (${(tookMs / 1000).toFixed(1)} s).`,
  );
}
