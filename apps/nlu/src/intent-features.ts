const han = /\p{Script=Han}/u;
/** Emoji are words of their own. */
const pieces = /\p{Script=Han}+|[\p{L}\p{N}'’]+|\p{Extended_Pictographic}|[?？]/gu;

/** Longest text that is looked at: small talk is short, and time must not grow with what a customer pastes. */
const longest = 400;

/** The words of a text; Chinese comes character by character, `hellooo` as `hello`. */
function wordsOf(text: string): string[] {
  const folded = text
    .slice(0, longest)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/([a-z])\1{2,}/g, '$1');
  return [...folded.matchAll(pieces)].flatMap(([piece]) => (han.test(piece) ? [...piece] : [piece]));
}

const bucket = (count: number): string =>
  count < 4 ? String(count) : count < 7 ? '4-6' : count < 12 ? '7-11' : '12+';

/** A word list of the examples; words outside it are the sign that a message has a subject. */
export class Vocabulary {
  private readonly words = new Set<string>();

  /**
   * Knows all words of small talk, and those that at least two of the other texts have: a word that only one of them
   * has stands for all that could stand in its place.
   */
  constructor(smallTalk: readonly string[], texts: readonly string[]) {
    for (const text of smallTalk) for (const word of wordsOf(text)) this.words.add(word);
    const having = new Map<string, number>();
    for (const text of texts) {
      for (const word of new Set(wordsOf(text))) having.set(word, (having.get(word) ?? 0) + 1);
    }
    for (const [word, count] of having) if (count > 1) this.words.add(word);
  }

  /** Words and pairs of words, triples of Chinese characters, parts of words, length, and how much is unknown. */
  featuresOf(text: string): string[] {
    const words = wordsOf(text);
    const features = new Set<string>();
    let unknown = 0;
    words.forEach((word, place) => {
      const known = this.words.has(word);
      if (!known) unknown += 1;
      const shown = known ? word : '?unknown';
      const before = place === 0 ? '^' : this.shown(words[place - 1]!);
      features.add(`1 ${shown}`);
      features.add(`2 ${before} ${shown}`);
      if (place > 0) features.add(`3 ${place > 1 ? this.shown(words[place - 2]!) : '^'} ${before} ${shown}`);
      if (!han.test(word)) for (const part of partsOf(word)) features.add(`p ${part}`);
    });
    if (words.length > 0) features.add(`2 ${this.shown(words.at(-1)!)} $`);
    features.add(`length ${bucket(words.length)}`);
    features.add(`unknown ${bucket(unknown)}`);
    return [...features];
  }

  private shown(word: string): string {
    return this.words.has(word) ? word : '?unknown';
  }
}

/** Groups of four letters, so that `thankss` is still like `thanks`. */
function partsOf(word: string): string[] {
  const framed = `<${word.slice(0, 30)}>`;
  const parts: string[] = [];
  for (let start = 0; start + 4 <= framed.length; start += 1) parts.push(framed.slice(start, start + 4));
  return parts;
}
