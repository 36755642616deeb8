import { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import { broken, textChunks } from './decode.js';
import { UnreadableSourceError, type Read } from './source.js';

const required = ['id', 'title', 'body'] as const;

type Row = Readonly<Record<string, string | undefined>>;
interface Parsed {
  record: readonly string[];
  info: { lines: number };
}
/** How a file is written, as its first line tells. */
interface Form {
  names: readonly string[];
  delimiter: string;
}

/**
 * The rows of a CSV file with a header `id,title,body` (also `url`, `language`; any order, quotes, BOM, CRLF;
 * comma, semicolon or tab). The file is streamed. A bad row is named by the line where it begins and the next ones go on.
 */
export async function* csvArticles(file: string, name: string): AsyncGenerator<Read> {
  let form: Form | undefined;
  let from: number | undefined = 1;
  while (from !== undefined) {
    const rows: Rows = { chunks: linesFrom(unixLines(textChunks(file)), from), from, file, name, form };
    from = yield* readRows(rows);
    form = rows.form;
  }
}

interface Rows {
  chunks: AsyncGenerator<string>;
  /** Line of the file that `chunks` begin with. */
  from: number;
  file: string;
  name: string;
  /** Undefined until the first line has been read. */
  form: Form | undefined;
}

/** @returns the line to go on from when a quote that is never closed has taken the rest of the file */
async function* readRows(rows: Rows): AsyncGenerator<Read, number | undefined> {
  const { chunks, from, file, name } = rows;
  const first = await chunks.next();
  const start = first.done ? '' : first.value;
  if (!rows.form && start.trim() === '')
    throw new UnreadableSourceError('is empty: its first line must be id,title,body');
  const delimiter = rows.form?.delimiter ?? delimiterOf(start);
  const skipped = new Map<number, string>();
  let goOn: number | undefined;
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined, raw: string | undefined) => {
      const last = from - 1 + Number(error?.['lines']);
      const begin = last - newlines((raw ?? '').replace(/^\n+|\n$/g, ''));
      skipped.set(begin, sentence(error, last - begin));
      if (error?.code === 'CSV_QUOTE_NOT_CLOSED') goOn = Math.max(begin, from) + 1;
    },
  });
  const whole = async function* (): AsyncGenerator<string> {
    yield start;
    yield* chunks;
  };
  // A failure to read reaches the loop below through the parser.
  Readable.from(whole())
    .once('error', (error) => parser.destroy(error))
    .pipe(parser);
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    if (!rows.form) {
      rows.form = { names: columns(record), delimiter };
      continue;
    }
    const line = from - 1 + info.lines - newlines(record.join(''));
    yield* problemsUpTo(line, skipped, name);
    yield readRow(record, rows.form.names, file, `${name}:${line}`);
  }
  yield* problemsUpTo(Infinity, skipped, name);
  return goOn;
}

const newlines = (text: string): number => text.split('\n').length - 1;

/** The text from a line on. */
async function* linesFrom(chunks: AsyncIterable<string>, line: number): AsyncGenerator<string> {
  let before = line - 1;
  for await (const chunk of chunks) {
    let at = 0;
    while (before > 0) {
      const end = chunk.indexOf('\n', at);
      if (end < 0) break;
      at = end + 1;
      before -= 1;
    }
    if (before === 0 && at < chunk.length) yield chunk.slice(at);
  }
}

/** What the parser, which reads ahead, had to skip before this line. */
function* problemsUpTo(line: number, skipped: Map<number, string>, name: string): Generator<Read> {
  for (const [at, problem] of skipped) {
    if (at > line) continue;
    skipped.delete(at);
    yield { place: `${name}:${at}`, problem };
  }
}

/** CRLF as LF: the same articles from another system's editor are unchanged, and lines are counted alike. */
async function* unixLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    const text = held + chunk;
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replaceAll('\r\n', '\n');
  }
  yield held;
}

function columns(names: readonly string[]): string[] {
  const known = names.map((name) => name.trim().toLowerCase());
  const missing = required.filter((name) => !known.includes(name));
  if (missing.length === 0) return known;
  throw new UnreadableSourceError(
    `has no column ${missing.map((name) => `'${name}'`).join(', ')}: its first line must be id,title,body`,
  );
}

/** What separates the names of the header: some spreadsheets write semicolons or tabs into .csv. */
function delimiterOf(start: string): string {
  const header = start.split('\n', 1)[0] ?? '';
  const count = (character: string): number => header.split(character).length;
  return [';', '\t'].find((character) => count(character) > count(',')) ?? ',';
}

function readRow(values: readonly string[], names: readonly string[], source: string, place: string): Read {
  if (values.length > names.length) {
    const problem = `has ${values.length} values for ${names.length} columns: quote a value that contains the separator`;
    return { place, problem };
  }
  const record: Row = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  const value = (column: string): string => record[column]?.trim() ?? '';
  const missing = required.filter((column) => value(column) === '');
  if (missing.length > 0) return { place, problem: `no ${missing.join(', no ')}` };
  if (values.some((cell) => cell.includes(broken))) {
    return { place, problem: 'the text is not UTF-8: save the file as UTF-8' };
  }
  const [url, language] = [value('url'), value('language')];
  return {
    place,
    idFrom: 'row',
    article: {
      id: value('id'),
      title: value('title'),
      body: value('body'),
      source,
      ...(url && { url }),
      ...(language && { language }),
    },
  };
}

/** @param further how many lines after the one where it begins the row was read */
function sentence(error: CsvError | undefined, further: number): string {
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed';
  if (error?.code === 'INVALID_OPENING_QUOTE')
    return 'a quote stands in the middle of a value: write it twice and quote the value';
  if (error?.code === 'CSV_INVALID_CLOSING_QUOTE') {
    return further === 0
      ? 'a quote stands in the middle of a quoted value: write it twice'
      : `a quote is opened and not closed before another one ${further} lines further down, and those lines are lost: close it, or write quotes inside a value twice`;
  }
  return error?.message ?? 'cannot be read';
}
