import type { Citation, Passage, TurnDecided } from '@clawdesk/envelope';
import { answerConfig } from './generation.config.js';
import { bestExcerpt } from './excerpt.js';
import { languageName, phrasesFor, primaryLanguage, spokenLanguage } from './phrases/catalogue.js';

/** Words of a reply with what they rest on. */
export interface Answer {
  text: string;
  citations: Citation[];
  /** The parts of the text that claim nothing: all else must stand in a cited passage. */
  leadIns: string[];
}

type Question = Pick<TurnDecided, 'question' | 'language' | 'passages'>;

/**
 * Answers by quoting: the part of the best article that shares most with the question, and of a second article only
 * where that one is as near. The first passage's article is always citation 1.
 * Undefined when the passages hold no text.
 */
export function composeAnswer({ question, language, passages }: Question): Answer | undefined {
  const first = passages[0];
  if (!first) return undefined;
  const phrases = phrasesFor(language);
  const excerpt = bestExcerpt(question, ofArticle(passages, first.article), answerConfig.excerptCharacters);
  if (!excerpt) return undefined;

  const leadIn = isForeign(first, language)
    ? phrases.foundInLanguage(shownTitle(first), languageName(primaryLanguage(first.language), language))
    : phrases.found(shownTitle(first));
  const answer: Answer = {
    text: [leadIn, ...cited(excerpt.paragraphs, 1)].join('\n\n'),
    citations: [citationOf(first, 1)],
    leadIns: [leadIn],
  };

  const second = passages.find((passage) => passage.article !== first.article);
  if (second && isAsNear(second, first)) {
    const more = bestExcerpt(question, ofArticle(passages, second.article), answerConfig.secondCharacters);
    if (more && more.overlap > 0 && !isWithin(more.paragraphs, excerpt.paragraphs)) {
      const also = phrases.also(shownTitle(second));
      answer.text = [answer.text, also, ...cited(more.paragraphs, 2)].join('\n\n');
      answer.citations.push(citationOf(second, 2));
      answer.leadIns.push(also);
    }
  }
  return answer;
}

/** Distinct articles of the passages, in the order of their rank. */
export const consideredArticles = (passages: readonly Passage[]): string[] => [
  ...new Set(passages.map((passage) => passage.article)),
];

/** `[1]` in an article would read as a citation of ours. */
export const withoutMarkers = (text: string): string => text.replace(/\[(\d+)\]/g, '($1)');

const ofArticle = (passages: readonly Passage[], article: string): Passage[] =>
  passages.filter((passage) => passage.article === article);

const isAsNear = (second: Passage, first: Passage): boolean =>
  primaryLanguage(second.language) === primaryLanguage(first.language) &&
  second.score >= first.score * answerConfig.secondScore &&
  second.coverage >= Math.max(answerConfig.secondCoverage, first.coverage);

/** Whether the same is quoted already: two articles may hold the same text. */
const isWithin = (paragraphs: readonly string[], quoted: readonly string[]): boolean =>
  quoted.join('\n\n').includes(paragraphs.join('\n\n'));

function isForeign(passage: Passage, language: string): boolean {
  const written = primaryLanguage(passage.language);
  return written !== 'und' && written !== primaryLanguage(language) && written !== spokenLanguage(language);
}

function shownTitle({ title }: Passage): string {
  const shown = withoutMarkers(title.replace(/\s+/g, ' ').trim());
  const characters = [...shown];
  return characters.length > answerConfig.titleCharacters
    ? `${characters.slice(0, answerConfig.titleCharacters).join('')}…`
    : shown;
}

/** Each paragraph carries its citation; after a block of code it stands on a line of its own. */
const cited = (paragraphs: readonly string[], number: number): string[] =>
  paragraphs.map(
    (paragraph) => `${withoutMarkers(paragraph)}${/(```|~~~)$/.test(paragraph) ? '\n' : ' '}[${number}]`,
  );

const citationOf = ({ article, version, title, url }: Passage, number: number): Citation => ({
  number,
  article,
  version,
  title,
  ...(url !== undefined && { url }),
});
