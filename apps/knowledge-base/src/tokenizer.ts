import { stemmer } from 'stemmer';
import { stopWords } from './stop-words.js';

/** A run in a script that is written without spaces, or a word of letters and digits of any other. */
const runs =
  /(?<unspaced>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+)|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}])+/gu;
const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** What a text is searched by. */
export interface Terms {
  /** Words that carry meaning, in order, each as often as it comes. */
  words: string[];
  /** Pairs of neighbouring characters of unspaced scripts: found even where segmentation differs between two texts. */
  pairs: string[];
}

/** Splits a text into the terms under which it is indexed or searched; stop words are left out. */
export function termsOf(text: string): Terms {
  const words: string[] = [];
  const pairs: string[] = [];
  for (const { 0: run, groups } of fold(text).matchAll(runs)) {
    if (groups?.['unspaced'] === undefined) {
      if (!stopWords.has(run)) words.push(stemOf(run));
      continue;
    }
    for (const { segment } of segmenter.segment(run)) if (!stopWords.has(segment)) words.push(segment);
    pairs.push(...pairsOf(run));
  }
  return { words, pairs };
}

/** All terms in one list, as the index wants them. A word of two characters is its own pair and counted once. */
export function indexTerms(text: string): string[] {
  const { words, pairs } = termsOf(text);
  if (pairs.length === 0) return words;
  const known = new Set(words);
  return [...words, ...pairs.filter((pair) => !known.has(pair))];
}

/** The pairs of neighbouring characters of a word in an unspaced script; none of other words. */
export function pairsOf(word: string): string[] {
  const characters = [...word];
  if (!/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)) return [];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

/** One way of writing for what customers write in many: case, width, accents on Latin letters, English possessives. */
function fold(text: string): string {
  const lower = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]s\b/g, '');
  // Accents can only be where there is more than ASCII, which most texts are.
  if (isAscii(lower)) return lower;
  return lower
    .normalize('NFD')
    .replaceAll(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC');
}

const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text);

const stems = new Map<string, string>();
const stemsKept = 20_000;

/** Porter's stem: `resetting`, `resets` and `reset` are one term. Words with digits or other letters stay as they are. */
function stemOf(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  let stem = stems.get(word);
  if (stem === undefined) {
    stem = stemmer(word);
    if (stems.size >= stemsKept) stems.clear();
    stems.set(word, stem);
  }
  return stem;
}
