import type { Article } from '@clawdesk/client';

/** Where an article stands, for messages: `faq.csv:17` or `guides/login.md`. */
export type Place = string;

/** An article that was read. */
export interface ArticleRead {
  /** `source`: the absolute path of its file. */
  article: Article & { source: string };
  place: Place;
  /** Who gave the id: a row of a table, the file itself, or its path, which another file may share. */
  idFrom: 'row' | 'file' | 'path';
  /** What people should know of how it goes in. */
  note?: string;
}

/** An article that was read, or a place where none could be read. */
export type Read = ArticleRead | { place: Place; problem: string };

/** Thrown when a whole file or folder cannot be read; the message is a sentence. */
export class UnreadableSourceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableSourceError';
  }
}

/** What the operating system refused, for people. */
export function refusal(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'is not there';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  if (code === 'EISDIR') return 'is a folder';
  return `cannot be read (${message})`;
}

export const longestId = 200;

/** An article's id from a file's path: the path without its ending, in the characters that ids may have. */
export function idFromPath(path: string): string {
  const id = path
    .replace(/\.[^./\\]+$/, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return id.slice(0, longestId);
}
