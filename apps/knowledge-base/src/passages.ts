/** Longest passage, as the payload allows. */
export const passageLength = 1_200;

/** Shorter neighbours are joined up to this length: a passage should carry a whole thought. */
const goodLength = 600;

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
      if (current) passages.push(current);
      current = piece;
    }
  }
  if (current) passages.push(current);
  return passages;
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
