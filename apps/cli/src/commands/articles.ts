import { ProblemError, type ArticleSummary } from '@clawdesk/client';
import { UsageError, type Command, type Context } from '../command.js';

export const articlesCommand: Command = {
  name: 'articles',
  summary: 'list the help articles, or take some out',
  help: `
Usage: npm run clawdesk -- articles [--json]
       npm run clawdesk -- articles remove ID …

Without words: one line for each article of the API key's tenant: id, version, language, title, and the file it came from.

remove  takes articles out of use, without asking; no reply cites them any more. Importing them again brings them back.
        Exit code 1 when there is no article with one of the ids.

  --json    print the list as JSON`,
  options: { json: { type: 'boolean' } },
  async run(context, options, [verb, ...ids]) {
    if (verb === undefined) return list(context, options['json'] === true);
    if (verb === 'remove' && ids.length > 0) return remove(context, ids);
    throw new UsageError('Say `articles` to list them, or `articles remove ID …`.');
  },
};

async function list({ keyHolder, terminal }: Context, json: boolean): Promise<number> {
  const articles: ArticleSummary[] = [];
  for await (const article of keyHolder().articles()) articles.push(article);
  if (json) {
    terminal.line(JSON.stringify(articles, undefined, 2));
    return 0;
  }
  const width = Math.min(40, Math.max(0, ...articles.map(({ id }) => id.length)));
  for (const { id, version, language, title, source } of articles)
    terminal.line(
      `${id.padEnd(width)}  ${version}  ${language}  ${title}${source === undefined ? '' : `  (${source})`}`,
    );
  terminal.line(`${articles.length} ${articles.length === 1 ? 'article' : 'articles'}.`);
  return 0;
}

async function remove({ keyHolder, terminal }: Context, ids: readonly string[]): Promise<number> {
  const client = keyHolder();
  let code = 0;
  for (const id of ids) {
    try {
      await client.removeArticle(id);
      terminal.line(`Removed '${id}'.`);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 404) throw error;
      terminal.complain(`There is no article '${id}': \`npm run clawdesk -- articles\` lists what there is.`);
      code = 1;
    }
  }
  return code;
}
