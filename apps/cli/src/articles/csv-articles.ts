import { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import { broken, textChunks } from './decode.js';
import { UnreadableSourceError, type Read } from './source.js';

const required = ['id', 'title', 'body'] as const;

type Row = Readonly<Record<string, string | undefined>>;
interface Parsed {
  record: Row;
  info: { lines: number; bytes: number };
}

/**
 * The rows of a CSV file with a header `id,title,body` (also `url`, `language`; any order, quotes, BOM, CRLF;
 * comma, semicolon or tab). The file is streamed. A bad row is named by its line and the next ones go on.
 */
export async function* csvArticles(file: string, name: string): AsyncGenerator<Read> {
  const chunks = unixLines(textChunks(file));
  const first = await chunks.next();
  const start = first.done ? '' : first.value;
  if (start.trim() === '') throw new UnreadableSourceError('is empty: its first line must be id,title,body');
  const skipped = new Map<number, string>();
  const parser = parse({
    bom: true,
    columns: (names: string[]) => columns(names),
    delimiter: delimiterOf(start),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => void skipped.set(Number(error?.['lines']), sentence(error)),
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
    const line = info.lines - linesWithin(record);
    yield* problemsUpTo(line, skipped, name);
    yield readRow(record, name, line);
  }
  yield* problemsUpTo(Infinity, skipped, name);
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

function columns(names: string[]): string[] {
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

const linesWithin = (record: Row): number =>
  Object.values(record).reduce((sum, value) => sum + (value?.split('\n').length ?? 1) - 1, 0);

function readRow(record: Row, name: string, line: number): Read {
  const place = `${name}:${line}`;
  const value = (column: string): string => record[column]?.trim() ?? '';
  const missing = required.filter((column) => value(column) === '');
  if (missing.length > 0) return { place, problem: `no ${missing.join(', no ')}` };
  if (Object.values(record).some((cell) => cell?.includes(broken))) {
    return { place, problem: 'the text is not UTF-8: save the file as UTF-8' };
  }
  const [url, language] = [value('url'), value('language')];
  return {
    place,
    article: {
      id: value('id'),
      title: value('title'),
      body: value('body'),
      source: name,
      ...(url && { url }),
      ...(language && { language }),
    },
  };
}

function sentence(error: CsvError | undefined): string {
  if (error?.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed';
  if (error?.code === 'INVALID_OPENING_QUOTE')
    return 'a quote stands in the middle of a value: write it twice and quote the value';
  if (error?.code === 'CSV_INVALID_CLOSING_QUOTE')
    return 'a quote stands in the middle of a quoted value: write it twice';
  return error?.message ?? 'cannot be read';
}
