/** A sentence, list, table or block of code: what is quoted whole or not at all. */
export interface Unit {
  text: string;
  /** Number of the paragraph it stands in. */
  paragraph: number;
  /** Lines that only make sense as they stand: lists, steps, code. */
  verbatim: boolean;
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

/** Splits a passage's text into units, in order. */
export function unitsOf(text: string, language: string): Unit[] {
  const units: Unit[] = [];
  let paragraph = 0;
  for (const block of blocksOf(text)) {
    const verbatim = block.some((line) => listLine.test(line) || codeLine.test(line) || fence.test(line));
    if (verbatim) units.push({ text: block.join('\n').trim(), paragraph, verbatim });
    else
      for (const sentence of sentencesOf(block.join('\n'), language))
        units.push({ text: sentence, paragraph, verbatim });
    paragraph++;
  }
  return units.filter((unit) => unit.text.length > 0);
}

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
