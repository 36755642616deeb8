import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Article } from '@clawdesk/client';

/** A question in a customer's words, and the article that answers it. */
export interface Question {
  question: string;
  article: string;
}

export interface DataSet {
  articles: Article[];
  questions: Question[];
}

/** Thrown when the data are not there or not as expected. */
export class DataSetError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DataSetError';
  }
}

/** `DIR/stackfaq/articles.csv` and the questions of `file`, by default `DIR/stackfaq/questions.csv`. */
export function dataSet(folder: string, file = join(folder, 'stackfaq', 'questions.csv')): DataSet {
  return {
    articles: rows<Article>(join(folder, 'stackfaq', 'articles.csv'), ['id', 'title', 'body']),
    questions: rows<Question>(file, ['question', 'article']),
  };
}

function rows<T extends object>(file: string, columns: readonly (keyof T & string)[]): T[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new DataSetError(
      `${file} cannot be read (${(error as Error).message}): give its folder with --data.`,
    );
  }
  const found = parse<T>(text, { bom: true, columns: true, skip_empty_lines: true });
  const missing = columns.filter((column) => found[0]?.[column] === undefined);
  if (missing.length > 0) throw new DataSetError(`${file} has no column ${missing.join(', ')}, or no row.`);
  return found;
}
