import { convert } from 'html-to-text';
import { Parser } from 'htmlparser2';
import type { FileArticle } from './markdown-article.js';

/** What belongs to a page's frame rather than to its article. */
const frame = [
  'head',
  'title',
  'nav',
  'header',
  'footer',
  'aside',
  'form',
  'script',
  'style',
  'noscript',
  'template',
  'svg',
  'button',
];

/**
 * An HTML file: the title is its first `<h1>`, else its `<title>`; the body is the text of `<article>`, else of `<main>`, else of the page.
 * @returns a sentence when it cannot be taken
 */
export function htmlArticle(html: string): FileArticle | string {
  const found = scan(html);
  const title = (found.h1 || found.title).replace(/\s+/g, ' ').trim();
  if (!title) return 'no title: give it a <title> or an <h1>';
  const body = convert(html, {
    wordwrap: false,
    baseElements: { selectors: ['article', 'main', 'body'], returnDomByDefault: true, orderBy: 'selectors' },
    limits: { maxBaseElements: 1 },
    selectors: [
      ...frame.map((selector) => ({ selector, format: 'skip' })),
      { selector: 'h1', format: found.h1 ? 'skip' : 'heading', options: { uppercase: false } },
      ...['h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { ignoreHref: true } },
    ],
  }).trim();
  if (body === '') return 'no text';
  return {
    title,
    body,
    ...(found.url && { url: found.url }),
    ...(found.language && { language: found.language }),
  };
}

interface Found {
  title: string;
  h1: string;
  url: string;
  language: string;
}

/** Title, first heading, canonical address and language of a page. */
function scan(html: string): Found {
  const found: Found = { title: '', h1: '', url: '', language: '' };
  let into: 'title' | 'h1' | undefined;
  let within = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'html') found.language = attributes['lang'] ?? '';
      if (name === 'link' && attributes['rel'] === 'canonical') found.url = attributes['href'] ?? '';
      // An <svg> has a <title> as well.
      if (name === 'svg') within += 1;
      if ((name === 'title' || name === 'h1') && within === 0 && found[name] === '') into = name;
    },
    ontext(text) {
      if (into) found[into] += text;
    },
    onclosetag(name) {
      if (name === 'svg') within -= 1;
      if (name === into) into = undefined;
    },
  });
  parser.end(html);
  return found;
}
