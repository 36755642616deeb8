/** Longest passage, as the payload allows. */
export const passageLength = 1_200;

/** Shorter neighbours are joined up to this length: a passage should carry a whole thought. */
const goodLength = 600;
const longestHeading = 80;

/**
 * Splits an article's text into passages of at most `limit` characters: at paragraphs, else at sentences, else
 * between words. Nothing is lost but white space at the seams.
 */
export function splitPassages(text: string, limit = passageLength): string[] {
  const passages: string[] = [];
  let current = '';
  for (const paragraph of text.split(/\n{2,}/)) {
    for (const piece of pieces(paragraph.trim(), limit)) {
      const joined = current ? `${current}\n\n${piece}` : piece;
      if (joined.length <= limit && current.length < goodLength) {
        current = joined;
        continue;
      }
      const [text, heading] = partHeading(current);
      const headed = `${heading}\n\n${piece}`;
      const goesOn = heading !== undefined && headed.length <= limit;
      if (current) passages.push(goesOn ? text : current);
      current = goesOn ? headed : piece;
    }
  }
  if (current) passages.push(current);
  return passages;
}

/** A heading at the end belongs to what comes after it: a short line that does not end as a sentence does. */
function partHeading(text: string): [string, string | undefined] {
  const start = text.lastIndexOf('\n\n');
  const last = text.slice(start + 2);
  const isHeading = start > 0 && last.length <= longestHeading && !/[.!?:;。！？：；\n]/u.test(last);
  return isHeading ? [text.slice(0, start), last] : [text, undefined];
}

/** The paragraph itself, or sentences joined up to the limit. */
function pieces(paragraph: string, limit: number): string[] {
  if (paragraph === '') return [];
  if (paragraph.length <= limit) return [paragraph];
  const found: string[] = [];
  let current = '';
  for (const sentence of sentencesOf(paragraph)) {
    for (const part of cut(sentence, limit)) {
      if ((current + part).trim().length > limit) {
        found.push(current.trim());
        current = part;
      } else current += part;
    }
  }
  if (current.trim()) found.push(current.trim());
  return found;
}

/** Ends of sentences and lines, each with what follows it up to the next; joined they are the paragraph again. */
const sentencesOf = (paragraph: string): string[] =>
  paragraph.split(/(?<=[.!?…]["'”’)\]]?\s)|(?<=[。！？；])|(?<=\n)/u).filter((sentence) => sentence !== '');

/** Cuts what is too long at the last space, else between characters, never inside one. */
function cut(sentence: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = sentence;
  while (rest.length > limit) {
    const space = rest.lastIndexOf(' ', limit - 1);
    let end = space > limit / 2 ? space + 1 : limit;
    if (/[\ud800-\udbff]/.test(rest.charAt(end - 1))) end -= 1;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  if (rest) parts.push(rest);
  return parts;
}
