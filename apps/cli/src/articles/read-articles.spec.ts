import { realpathSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { articleFiles, countArticles, readArticles } from './read-articles.js';
import type { Read } from './source.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clawdesk-articles-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function read(path = folder): Promise<Read[]> {
  const all: Read[] = [];
  for (const file of await articleFiles(path)) for await (const one of readArticles(file)) all.push(one);
  return all;
}

const problems = (reads: readonly Read[]): string[] =>
  reads.flatMap((one) => ('problem' in one ? [`${one.place}: ${one.problem}`] : []));
const articles = (reads: readonly Read[]): unknown[] =>
  reads.flatMap((one) => {
    if (!('article' in one)) return [];
    const { source, ...article } = one.article;
    expect(source).toBe(join(realpathSync(folder), one.place.replace(/:\d+$/, '')));
    return [article];
  });

describe('CSV', () => {
  it('takes quotes, line breaks in values, a BOM, CRLF and columns in any order', async () => {
    const path = await write(
      'faq.csv',
      '\uFEFFTitle,Id,Body\r\nLogin,a,"Say ""hello"",\r\nthen enter"\r\nLogout,b,Leave\r\n',
    );
    const reads = await read(path);
    expect(articles(reads)).toEqual([
      { id: 'a', title: 'Login', body: 'Say "hello",\nthen enter' },
      { id: 'b', title: 'Logout', body: 'Leave' },
    ]);
    expect(reads.map(({ place }) => place)).toEqual(['faq.csv:2', 'faq.csv:4']);
  });

  it('takes the semicolons of spreadsheets', async () => {
    const path = await write('faq.csv', 'id;title;body\na;T;one, two\n');
    expect(articles(await read(path))).toEqual([{ id: 'a', title: 'T', body: 'one, two' }]);
  });

  it('names bad rows by their line and goes on with the good ones', async () => {
    const path = await write(
      'faq.csv',
      'id,title,body\na,A,text\n,B,text\nc,"C "x" y",text\nd,D\n\ne,E,text\n',
    );
    const reads = await read(path);
    expect(articles(reads)).toMatchObject([{ id: 'a' }, { id: 'e' }]);
    expect(problems(reads)).toEqual([
      'faq.csv:3: no id',
      'faq.csv:4: a quote stands in the middle of a quoted value: write it twice',
      'faq.csv:5: no body',
    ]);
  });

  it('rejects a row with more values than columns instead of cutting it', async () => {
    const path = await write('faq.csv', 'id,title,body\na,A,text\nb,too,many,columns,here\nc,C,text\n');
    const reads = await read(path);
    expect(articles(reads)).toMatchObject([{ id: 'a' }, { id: 'c' }]);
    expect(problems(reads)).toEqual([
      'faq.csv:3: has 5 values for 3 columns: quote a value that contains the separator',
    ]);
  });

  it('names a quote that is never closed by the line where it is opened, and takes the rows after it', async () => {
    const path = await write(
      'faq.csv',
      'id,title,body\r\na,A,"two\r\nlines"\r\n\r\nb,B,"never closed\r\nc,C,text\r\nd,D,"never\r\ne,E\r\n',
    );
    const reads = await read(path);
    expect(articles(reads)).toMatchObject([{ id: 'a' }, { id: 'c' }]);
    expect(problems(reads)).toEqual([
      'faq.csv:5: a quote is opened and never closed',
      'faq.csv:7: a quote is opened and never closed',
      'faq.csv:8: no body',
    ]);
    const one = await write(
      'one.csv',
      'id,title,body\na,A,"x\ny"\n\nb,B,"never closed\nc,C,text\nd,D,text\n',
    );
    const second = await read(one);
    expect(articles(second)).toMatchObject([{ id: 'a' }, { id: 'c' }, { id: 'd' }]);
    expect(second.map(({ place }) => place)).toEqual(['one.csv:2', 'one.csv:5', 'one.csv:6', 'one.csv:7']);
  });

  it('rejects only the rows that are not UTF-8', async () => {
    const rows = Buffer.concat([
      Buffer.from('id,title,body\na,A,caf'),
      Buffer.from([0xe9]),
      Buffer.from('\nb,B,tea\n'),
    ]);
    const reads = await read(await write('faq.csv', rows));
    expect(articles(reads)).toMatchObject([{ id: 'b' }]);
    expect(problems(reads)).toEqual(['faq.csv:2: the text is not UTF-8: save the file as UTF-8']);
  });

  it('reads the UTF-16 of spreadsheets', async () => {
    const path = await write('faq.csv', Buffer.from('\uFEFFid,title,body\na,Ä,ö\n', 'utf16le'));
    expect(articles(await read(path))).toEqual([{ id: 'a', title: 'Ä', body: 'ö' }]);
  });

  it('says what is wrong with a header, a quote without end, an empty and a binary file', async () => {
    await write('1.csv', 'name,text\nx,y\n');
    await write('2.csv', 'id,title,body\na,A,"never closed\n');
    await write('3.csv', '');
    await write('4.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8]));
    expect(problems(await read())).toEqual([
      "1.csv: has no column 'id', 'title', 'body': its first line must be id,title,body",
      '2.csv:2: a quote is opened and never closed',
      '3.csv: is empty: its first line must be id,title,body',
      '4.csv: is not a text file',
    ]);
  });

  it('is counted without being read', async () => {
    const path = await write('faq.csv', 'id,title,body\r\na,A,"x\ny"\r\n\r\nb,B,z');
    expect(await countArticles({ path, name: 'faq.csv' })).toBe(2);
  });

  it.each([
    ['never closed', 'a,A,text\nb,B,"never closed\nc,C,text\nd,D,text\n', 4],
    ['in the middle of a value', 'a,A,5" pipe\nb,B,"say ""x"""\nc,C,text\n', 3],
  ])('is counted with a quote %s', async (_what, rows, count) => {
    const path = await write('faq.csv', `id,title,body\n${rows}`);
    expect(await countArticles({ path, name: 'faq.csv' })).toBe(count);
  });
});

describe('Markdown', () => {
  it('takes id, title, url and language from front matter, else title from the first heading and id from the path', async () => {
    await write(
      'Guides/Reset password.md',
      '```sh\n# no heading\n```\n\n## Reset a password ##\n\nClick it.\n',
    );
    await write(
      'b.markdown',
      '---\nid: login\ntitle: Log in\nurl: https://x.test/login\nlanguage: en\n---\n# Else\n\nText\n',
    );
    expect(articles(await read())).toEqual([
      {
        id: 'guides-reset-password',
        title: 'Reset a password',
        format: 'markdown',
        body: '```sh\n# no heading\n```\n\n\nClick it.',
      },
      {
        id: 'login',
        title: 'Log in',
        url: 'https://x.test/login',
        language: 'en',
        format: 'markdown',
        body: '# Else\n\nText',
      },
    ]);
  });

  it('says what is missing', async () => {
    await write('1.md', 'Only text\n');
    await write('2.md', '# Only a title\n');
    await write('3.md', '---\ntitle: [\n---\ntext\n');
    expect(problems(await read())).toEqual([
      '1.md: no title: give it a first heading (`# …`), or `title:` in its front matter',
      '2.md: no text under its title',
      expect.stringMatching(/^3\.md: its front matter is not YAML/) as string,
    ]);
  });

  it('that is not UTF-8 is named with the line', async () => {
    await write('1.md', Buffer.concat([Buffer.from('# T\n\ncaf'), Buffer.from([0xe9]), Buffer.from('\n')]));
    expect(problems(await read())).toEqual(['1.md: is not UTF-8 (line 3): save it as UTF-8']);
  });
});

describe('HTML', () => {
  it('takes heading, language and address, and the article without the frame of the page', async () => {
    await write(
      'returns.html',
      `<html lang="en"><head><title>Shop | Returns</title><link rel="canonical" href="https://x.test/returns"></head>
       <body><nav>Home</nav><article><h1>Returning <b>goods</b></h1><p>Within 30&nbsp;days &amp; unused.</p>
       <script>track()</script><ul><li>Pack</li></ul></article><footer>©</footer></body></html>`,
    );
    const [one] = articles(await read()) as { title: string; body: string }[];
    expect(one).toMatchObject({
      id: 'returns',
      title: 'Returning goods',
      url: 'https://x.test/returns',
      language: 'en',
    });
    expect(one?.body).toMatch(/^Within 30.days & unused\.\s+\* Pack$/u);
  });

  it('without an <article> is taken whole, with its <title>', async () => {
    await write('a.htm', '<title>Fees</title><p>None.</p>');
    expect(articles(await read())).toEqual([{ id: 'a', title: 'Fees', body: 'None.' }]);
  });
});

describe('a source', () => {
  it('that is not there, of no known kind, or an empty folder is a sentence', async () => {
    await expect(articleFiles(join(folder, 'nothing'))).rejects.toThrow(/nothing is not there\.$/);
    await expect(articleFiles(await write('a.pdf', ''))).rejects.toThrow(
      /a\.pdf is of no kind that can be imported: \.md/,
    );
    await expect(articleFiles(folder)).rejects.toThrow(/holds no file to import: \.md/);
  });
});
