import type { Passage } from '@clawdesk/envelope';
import { unitsOf, type Unit } from './text-units.js';
import { contentWords } from './words.js';

/** A run of sentences, lists or code of one passage, in one or more paragraphs. */
export interface Excerpt {
  paragraphs: string[];
  /** How many of the question's words it contains, weighted: rare ones count more. */
  overlap: number;
}

interface Read extends Unit {
  words: ReadonlySet<string>;
}

interface Scored extends Read {
  /** Rank of the passage it stands in: articles put first what matters most. */
  passage: number;
}

/** An earlier passage wins over a later one unless that one fits clearly better. */
const laterPassage = 0.9;
/** What an excerpt gains by the length of what it says, so that a bare title line does not win. */
const fullLength = 160;

/**
 * The run of units, out of one of the passages, that shares most with the question within `limit` characters. Runs are
 * contiguous: what is quoted reads as it was written. Undefined when the passages hold no text.
 */
export function bestExcerpt(
  question: string,
  passages: readonly Passage[],
  limit: number,
): Excerpt | undefined {
  const asked = contentWords(question);
  const runs = passages.map((passage, index) =>
    readPassage(passage).map((unit): Scored => ({ ...unit, passage: index })),
  );
  const weigh = weights(asked, runs.flat());
  let best: { units: Scored[]; score: number; overlap: number } | undefined;
  for (const run of runs) {
    for (let from = 0; from < run.length; from++) {
      const units: Scored[] = [];
      const found = new Set<string>();
      let length = 0;
      for (const unit of run.slice(from)) {
        if (units.length > 0 && length + unit.text.length > limit) break;
        units.push(unit);
        length += unit.text.length + 1;
        for (const word of unit.words) if (weigh.has(word)) found.add(word);
      }
      const overlap = [...found].reduce((sum, word) => sum + weigh.get(word)!, 0);
      const substance = 0.5 + 0.5 * Math.min(1, length / fullLength);
      const score = (overlap + 0.1) * substance * laterPassage ** unitRank(units);
      if (!best || score > best.score) best = { units, score, overlap };
    }
  }
  if (!best) return undefined;
  return { paragraphs: paragraphsOf(best.units, limit), overlap: best.overlap };
}

/** Passages read lately, by language and text: the same ones come again and again. */
const passagesRead = new Map<string, readonly Read[]>();
const mostPassagesRead = 1_000;

function readPassage({ text, language }: Passage): readonly Read[] {
  const key = `${language} ${text}`;
  let read = passagesRead.get(key);
  passagesRead.delete(key);
  read ??= unitsOf(text, language).map((unit) => ({ ...unit, words: contentWords(unit.text) }));
  // Put in anew, so that the map's order is the order of use.
  passagesRead.set(key, read);
  for (const oldest of passagesRead.keys()) {
    if (passagesRead.size <= mostPassagesRead) break;
    passagesRead.delete(oldest);
  }
  return read;
}

const unitRank = (units: readonly Scored[]): number => units[0]!.passage;

/** Weight of each of the question's words: the more units have it, the less it tells them apart. */
function weights(asked: ReadonlySet<string>, units: readonly Scored[]): Map<string, number> {
  const weigh = new Map<string, number>();
  for (const word of asked) {
    const having = units.filter((unit) => unit.words.has(word)).length;
    if (having > 0) weigh.set(word, 1 / (1 + Math.log(having)));
  }
  return weigh;
}

function paragraphsOf(units: readonly Scored[], limit: number): string[] {
  const paragraphs: { number: number; text: string }[] = [];
  for (const unit of units) {
    const last = paragraphs.at(-1);
    if (last && last.number === unit.paragraph)
      last.text += (unit.ownLine ? '\n' : joiner(last.text)) + unit.text;
    else paragraphs.push({ number: unit.paragraph, text: unit.text });
  }
  return paragraphs.map(({ text }) => shorten(text, limit));
}

/** Chinese sentences follow each other without a space. */
const joiner = (before: string): string => (/[。！？]$/u.test(before) ? '' : ' ');

/** One unit alone may be longer than the limit: a list is cut at a line, a single huge sentence at a word. */
function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit).toWellFormed();
  const line = cut.lastIndexOf('\n');
  if (line > limit / 2) return `${cut.slice(0, line)}\n…`;
  const space = cut.lastIndexOf(' ');
  return `${cut.slice(0, space > limit / 2 ? space : limit).replaceAll('\ufffd', '')}…`;
}
