import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withKnownIds } from './known-articles.js';
import { articleFiles, readArticles } from './read-articles.js';

let folder: string;
/** What the server has: ids with their sources. */
let server: Map<string, string | undefined>;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'clawdesk-known-')));
  server = new Map();
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, content = `# ${name}\n\ntext\n`): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function* list(): AsyncGenerator<{ id: string; source?: string }> {
  for (const [id, source] of server) yield { id, ...(source !== undefined && { source }) };
}

/** Imports a file or folder. @returns `place → id`, with the note if there is one */
async function imported(path: string): Promise<string[]> {
  const said: string[] = [];
  for (const file of await articleFiles(join(folder, path))) {
    for await (const read of withKnownIds(readArticles(file), list)) {
      if (!('article' in read)) throw new Error(read.problem);
      server.set(read.article.id, read.article.source);
      said.push(`${read.place} → ${read.article.id}${read.note ? ` (${read.note})` : ''}`);
    }
  }
  return said;
}

describe('a file', () => {
  it('meets its own article, by whichever folder it is imported', async () => {
    await write('help/billing/refunds.md');
    expect(await imported('help')).toEqual(['billing/refunds.md → billing-refunds']);
    expect(await imported('help/billing/refunds.md')).toEqual(['refunds.md → billing-refunds']);
    expect(await imported('.')).toEqual(['help/billing/refunds.md → billing-refunds']);
  });

  it('leaves the id to the file that has it, and keeps the one it got', async () => {
    await write('help/login.md');
    await write('other/login.md');
    await imported('help');
    expect(await imported('other')).toEqual([
      `login.md → login-2 (the id 'login' belongs to ${folder}/help/login.md: this one is 'login-2')`,
    ]);
    expect(await imported('other')).toEqual(['login.md → login-2']);
    expect(await imported('help')).toEqual(['login.md → login']);
  });

  it('leaves the id to an article that came from no file, and to a row of a table', async () => {
    server.set('login', undefined);
    await write('login.md');
    expect(await imported('login.md')).toEqual([
      "login.md → login-2 (the id 'login' belongs to an article of no file: this one is 'login-2')",
    ]);
    await write('help/faq.csv', 'id,title,body\nlogout,T,B\n');
    await write('help/logout.md');
    expect(await imported('help')).toEqual([
      'faq.csv:2 → logout',
      `logout.md → logout-2 (the id 'logout' belongs to ${folder}/help/faq.csv: this one is 'logout-2')`,
    ]);
  });

  it('that has moved takes its id along', async () => {
    await write('help/login.md');
    await imported('help');
    await rm(join(folder, 'help'), { recursive: true });
    await write('moved/login.md');
    expect(await imported('moved')).toEqual([
      `login.md → login (takes the place of ${folder}/help/login.md, which is not there any more)`,
    ]);
    expect(await imported('moved')).toEqual(['login.md → login']);
  });

  it('that says its id has it, and is told of the article that it was before', async () => {
    await write('login.md');
    await imported('login.md');
    await write('login.md', '---\nid: sign-in\n---\n# Login\n\ntext\n');
    expect(await imported('login.md')).toEqual([
      "login.md → sign-in (was 'login' before, which is still there: `npm run clawdesk -- articles remove login` takes it out)",
    ]);
  });

  it('keeps an id of the longest kind within its length', async () => {
    const name = `${'x'.repeat(200)}.md`;
    await write(`help/${name}`);
    server.set('x'.repeat(200), undefined);
    expect((await imported('help'))[0]).toMatch(/→ x{198}-2 /);
  });
});
