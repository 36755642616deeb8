/** A sentence, list, row of a table or block of code: what is quoted whole or not at all. */
export interface Unit {
  text: string;
  /** Number of the paragraph it stands in. */
  paragraph: number;
  /** Lines that only make sense as they stand: lists, steps, code. */
  verbatim: boolean;
  /** Starts a line of its own within its paragraph: rows of a table. */
  ownLine: boolean;
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  let found = segmenters.get(language);
  if (!found) {
    const locale = Intl.Segmenter.supportedLocalesOf([language])[0] ?? 'en';
    found = new Intl.Segmenter(locale, { granularity: 'sentence' });
    segmenters.set(language, found);
  }
  return found;
}

const listLine = /^\s*([-*•]|\d{1,2}[.)、]|\p{Script=Han}{1,2}、)\s*\S/u;
const codeLine = /^(\s{4,}|\t|\$ |> |\|)\S?/u;
const fence = /^\s*(```|~~~)/;
const abbreviation = /\b(e\.g|i\.e|etc|vs|cf|mr|mrs|ms|dr|no|approx|fig)\.\s*$/i;

/** Columns of a table are set apart by spaces. */
const columns = /\S(?: {3,}|\t+)\S/;
const longestHeading = 80;

/** Splits a passage's text into units, in order. A heading is one with what stands under it: alone it says nothing. */
export function unitsOf(text: string, language: string): Unit[] {
  const units: Unit[] = [];
  const blocks = blocksOf(text);
  let headings: string[] = [];
  for (const [paragraph, block] of blocks.entries()) {
    if (block.length === 1 && isHeading(block[0]!) && paragraph < blocks.length - 1) {
      headings.push(block[0]!.trim());
      continue;
    }
    const [first, ...others] = unitsOfBlock(block, language, paragraph);
    if (!first) continue;
    units.push({ ...first, text: [...headings, first.text].join('\n') }, ...others);
    headings = [];
  }
  return units;
}

function unitsOfBlock(block: readonly string[], language: string, paragraph: number): Unit[] {
  if (block.some(isVerbatim)) return unitsFrom([block.join('\n')], { paragraph, verbatim: true });
  if (block.filter((line) => columns.test(line)).length > 1) {
    return unitsFrom(block, { paragraph, ownLine: true });
  }
  const [line, ...under] = block;
  if (under.length > 0 && isHeading(line!) && /^\s*["“「『(]?[\p{Lu}\p{Lo}\p{N}]/u.test(under[0]!)) {
    const [sentence, ...others] = sentencesOf(under.join('\n'), language);
    return unitsFrom([`${line!.trim()}\n${sentence ?? ''}`, ...others], { paragraph });
  }
  return unitsFrom(sentencesOf(block.join('\n'), language), { paragraph });
}

const unitsFrom = (
  texts: readonly string[],
  { paragraph, verbatim = false, ownLine = false }: Partial<Unit> & Pick<Unit, 'paragraph'>,
): Unit[] =>
  texts
    .map((text) => ({ text: text.trim(), paragraph, verbatim, ownLine }))
    .filter((unit) => unit.text.length > 0);

const isVerbatim = (line: string): boolean => listLine.test(line) || codeLine.test(line) || fence.test(line);

/** A short line that does not end as a sentence does. A question or a colon announces what follows, too. */
const isHeading = (line: string): boolean =>
  line.trim().length <= longestHeading &&
  !isVerbatim(line) &&
  !columns.test(line) &&
  !/[.!。！…;,；，、]["'”’)\]）」』]*\s*$/u.test(line);

/** Paragraphs: parted by empty lines, except within fenced code. */
function blocksOf(text: string): string[][] {
  const blocks: string[][] = [[]];
  let fenced = false;
  for (const line of text.split(/\r?\n/)) {
    if (fence.test(line)) fenced = !fenced;
    if (line.trim() === '' && !fenced) blocks.push([]);
    else blocks.at(-1)!.push(line);
  }
  return blocks.filter((block) => block.length > 0);
}

function sentencesOf(text: string, language: string): string[] {
  const sentences: string[] = [];
  let pending = '';
  for (const { segment } of segmenter(language).segment(text)) {
    // A heading or a line broken for width is no sentence of its own.
    pending += segment;
    if (abbreviation.test(pending) || !/[.!?。！？…:：][\s"'”’)\]）」』]*$|\n\s*$/u.test(pending)) continue;
    sentences.push(pending.trim());
    pending = '';
  }
  if (pending.trim()) sentences.push(pending.trim());
  return sentences;
}
