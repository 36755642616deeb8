import { convert, type HtmlToTextOptions } from 'html-to-text';
import { marked } from 'marked';

export const formats = ['text', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

/** Thrown when an article's body cannot be read in the format it claims to be in. */
export class UnreadableBodyError extends Error {
  constructor(format: Format, options?: ErrorOptions) {
    super(`body cannot be read as ${format}: it is nested too deeply. Send it as text.`, options);
    this.name = 'UnreadableBodyError';
  }
}

const heading = { options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 } };
const options: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxInputLength: 4_000_000, maxDepth: 300 },
  selectors: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...heading })),
    // Addresses of links are of use to a reader, but not when they only repeat the text.
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, noAnchorUrl: true } },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ...['img', 'script', 'style', 'nav', 'noscript', 'svg'].map((selector) => ({ selector, format: 'skip' })),
  ],
};

/**
 * An article's body as plain text, the way it is kept, searched and quoted.
 * @throws {UnreadableBodyError} when its nesting is beyond reading.
 */
export function plainText(body: string, format: Format): string {
  return tidy(read(body, format));
}

function read(body: string, format: Format): string {
  if (format === 'text') return body;
  try {
    return convert(format === 'html' ? body : marked.parse(body, { async: false }), options);
  } catch (error) {
    if (error instanceof RangeError) throw new UnreadableBodyError(format, { cause: error });
    throw error;
  }
}

/** Line ends, empty lines and what PostgreSQL cannot hold (NUL, halves of characters). */
export const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\0', '')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[ \t]+(?=\n)/g, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();

const scripts: readonly [RegExp, string][] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Han}/u, 'zh'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Hebrew}/u, 'he'],
];

/** The language of an article that does not say it: by its title's script where that tells, else `und`. */
export const languageByScript = (title: string): string =>
  scripts.find(([script]) => script.test(title))?.[1] ?? 'und';
