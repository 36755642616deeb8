import { createReadStream } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { csvArticles } from './csv-articles.js';
import { readText } from './decode.js';
import { htmlArticle } from './html-article.js';
import { markdownArticle, type FileArticle } from './markdown-article.js';
import { idFromPath, refusal, UnreadableSourceError, type Read } from './source.js';

type Reader = (file: string, name: string) => AsyncGenerator<Read>;

/** Each kind of file by its ending. */
const readers: Readonly<Record<string, Reader>> = {
  '.md': oneOf(markdownArticle),
  '.markdown': oneOf(markdownArticle),
  '.html': oneOf(htmlArticle),
  '.htm': oneOf(htmlArticle),
  '.csv': csvArticles,
};

const endings = Object.keys(readers).join(', ');

export interface ArticleFile {
  /** Absolute, the same whichever folder is imported. */
  path: string;
  /** As people see it: relative to the folder that is imported. */
  name: string;
}

/**
 * The files to import: the file itself, or all files with a known ending below a folder, in the order of their names.
 * @throws {UnreadableSourceError} when there is nothing to import
 */
export async function articleFiles(path: string): Promise<ArticleFile[]> {
  const kind = await stat(path).catch((error: unknown) => {
    throw new UnreadableSourceError(`${path} ${refusal(error)}.`);
  });
  if (!kind.isDirectory()) {
    const name = basename(path);
    if (extname(path).toLowerCase() in readers)
      return [{ path: join(await realpath(dirname(path)), name), name }];
    throw new UnreadableSourceError(`${path} is of no kind that can be imported: ${endings}.`);
  }
  const root = await realpath(path);
  const files = await filesBelow(root, root);
  if (files.length === 0) throw new UnreadableSourceError(`${path} holds no file to import: ${endings}.`);
  return files.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function filesBelow(root: string, folder: string): Promise<ArticleFile[]> {
  const files: ArticleFile[] = [];
  const entries = await opendir(folder).catch((error: unknown) => {
    throw new UnreadableSourceError(`${folder} ${refusal(error)}.`);
  });
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) files.push(...(await filesBelow(root, path)));
    else if (extname(entry.name).toLowerCase() in readers) files.push({ path, name: relative(root, path) });
  }
  return files;
}

/** The articles of one file; a file that cannot be read is one bad place. */
export async function* readArticles({ path, name }: ArticleFile): AsyncGenerator<Read> {
  const reader = readers[extname(path).toLowerCase()];
  if (!reader) throw new UnreadableSourceError(`${path} is of no kind that can be imported: ${endings}.`);
  try {
    yield* reader(path, name);
  } catch (error) {
    const problem = error instanceof UnreadableSourceError ? error.message : refusal(error);
    yield { place: name, problem };
  }
}

/** Bytes behind which a quote opens a value: separators, ends of lines and of a BOM, NUL of UTF-16, a closing quote. */
const beforeQuote = new Set([...Buffer.from(',;\t\n\0"'), 0xbf, 0xfe]);

/** How many articles a file seems to hold, for the progress; counted without reading them. */
export async function countArticles({ path }: ArticleFile): Promise<number> {
  if (extname(path).toLowerCase() !== '.csv') return 1;
  let rows = 0;
  /** Lines since the last quote that was opened: rows of their own when it is never closed. */
  let within = 0;
  let quoted = false;
  let empty = true;
  let before = 0x0a;
  try {
    for await (const chunk of createReadStream(path)) {
      for (const byte of chunk as Buffer) {
        if (byte === 0x22 && (quoted || beforeQuote.has(before))) {
          quoted = !quoted;
          within = 0;
        }
        if (byte === 0x0a && quoted) within += 1;
        else if (byte === 0x0a) {
          if (!empty) rows += 1;
          empty = true;
        } else if (byte !== 0x0d) empty = false;
        before = byte;
      }
    }
  } catch {
    // Reading it for real will say why it cannot be read.
    return 1;
  }
  const last = quoted ? within : Number(!empty);
  return Math.max(rows + last - 1, 0);
}

function oneOf(read: (text: string) => FileArticle | string): Reader {
  return async function* (path, name) {
    const article = read(await readText(path));
    if (typeof article === 'string') yield { place: name, problem: article };
    else {
      const idFrom = article.id === undefined ? 'path' : 'file';
      const id = article.id ?? idFromPath(name);
      yield { place: name, idFrom, article: { ...article, id, source: path } };
    }
  };
}
