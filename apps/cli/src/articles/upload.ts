import { insist, ProblemError, type ClawdeskClient, type ImportedArticle } from '@clawdesk/client';
import type { ArticleRead, Place, Read } from './source.js';

const batchArticles = 200;
/** Well below what the server takes in one body. */
const batchCharacters = 1_000_000;
export const patienceMs = 60_000;

/** What people should know of an article that went in. */
export interface Note {
  place: Place;
  note: string;
}

/** An article or row that did not go in. */
export interface Rejected {
  place: Place;
  problem: string;
}

export interface ImportReport {
  created: number;
  updated: number;
  unchanged: number;
  rejected: Rejected[];
  notes: Note[];
}

export interface UploadListener {
  /** Called whenever more places have been dealt with. */
  onProgress?: (done: number) => void;
  /** Called when the server asks to wait or does not answer for the moment. */
  onWait?: (reason: Error, waitMs: number) => void;
}

/**
 * Puts articles in, batch by batch. What cannot be read, comes a second time under the same id, or is refused by the
 * server is noted with its place, and the others go in.
 */
export async function upload(
  client: ClawdeskClient,
  source: AsyncIterable<Read>,
  { onProgress, onWait }: UploadListener = {},
): Promise<ImportReport> {
  const report: ImportReport = { created: 0, updated: 0, unchanged: 0, rejected: [], notes: [] };
  const firstPlace = new Map<string, Place>();
  let batch: ArticleRead[] = [];
  let characters = 0;
  let done = 0;
  const flush = async (): Promise<void> => {
    const outcomes = await send(client, batch, onWait);
    outcomes.forEach((outcome, index) => note(report, outcome, batch[index]?.place ?? ''));
    done += batch.length;
    [batch, characters] = [[], 0];
    onProgress?.(done);
  };
  for await (const read of source) {
    const problem = 'problem' in read ? read.problem : secondOf(firstPlace, read);
    if (problem !== undefined || 'problem' in read) {
      report.rejected.push({ place: read.place, problem: problem ?? '' });
      done += 1;
      continue;
    }
    if (read.note !== undefined) report.notes.push({ place: read.place, note: read.note });
    batch.push(read);
    characters += read.article.body.length + read.article.title.length;
    if (batch.length >= batchArticles || characters >= batchCharacters) await flush();
  }
  if (batch.length > 0) await flush();
  onProgress?.(done);
  return report;
}

/** Says so when an id has come before in this import: taking both would make the result depend on their order. */
function secondOf(firstPlace: Map<string, Place>, { article, place }: ArticleRead): string | undefined {
  const first = firstPlace.get(article.id);
  if (first === undefined) {
    firstPlace.set(article.id, place);
    return undefined;
  }
  return `the id '${article.id}' is taken already by ${first}: the first one was imported`;
}

function note(report: ImportReport, { outcome, reason, id }: ImportedArticle, place: Place): void {
  if (outcome === 'rejected')
    report.rejected.push({ place, problem: reason ?? `the server refused '${id}'` });
  else report[outcome] += 1;
}

/** Sends a batch; when the server refuses it as a whole, the articles that are to blame are left out or sent alone. */
async function send(
  client: ClawdeskClient,
  batch: readonly ArticleRead[],
  onWait: UploadListener['onWait'],
): Promise<ImportedArticle[]> {
  const articles = batch.map(({ article }) => article);
  try {
    return await insist(() => client.importArticles(articles), {
      patienceMs,
      ...(onWait && { onRepeat: onWait }),
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || (error.status !== 400 && error.status !== 413)) throw error;
    if (articles.length === 1)
      return articles.map(({ id }) => ({ id, outcome: 'rejected', reason: reasonOf(error) }));
    const half = Math.ceil(batch.length / 2);
    const first = await send(client, batch.slice(0, half), onWait);
    return [...first, ...(await send(client, batch.slice(half), onWait))];
  }
}

/** Why the server refused an article that was sent alone, without the list's index in the fields' names. */
function reasonOf(error: ProblemError): string {
  if (error.errors.length === 0) return error.detail ?? error.title;
  return error.errors.map(({ message }) => message.replace(/^articles\.\d+\./, '')).join('; ');
}
