/** Openings with which a message goes on from what was said before. */
const openings = {
  english: /^(and|also|but|or|so|then|what about|how about|what if|in that case|otherwise|instead)\b/i,
  chinese: /^(那|那么|还有|然后|另外|或者|但是|可是|所以|以及)/u,
};

/** Words that point to something said before, unless the sentence itself names it first. */
const pointing = {
  english:
    /\b(it|they|them|those|these)\b|\b(this|that)\b(?=\s*($|[?.!,]|(work|happen|cost|take|mean|apply|include|help)s?\b))/i,
  chinese: /(它|这个|那个|这些|那些|这样|那样|刚才|上面|呢[？?]?$)/u,
};
/** "Is it possible to …" points at nothing. */
const empty =
  /\b(is|was|would be|make|makes) it (possible|ok|okay|allowed|legal|necessary|safe|true|hard|easy|better)\b/gi;
/** "My parcel: where is it?" names what it points at. */
const antecedent = /\b(my|our|your|the|an?|some|any|this|that|these|those|all|multiple|several)\s+\p{L}/iu;

/** Nothing but a question word asks on. */
const bare =
  /^(why|why not|how|how so|when|where|which one|really|how come|为什么|为何|怎么办|怎么弄|什么时候|哪个)\s*[?？!！.。]*$/iu;

/** Longer messages mostly say themselves what they are about. */
const longest = { words: 12, openingWords: 6, hanCharacters: 16 };

const words = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
const hanCharacters = (text: string): number => text.match(/\p{Script=Han}/gu)?.length ?? 0;

const opensOn = (text: string): boolean => openings.english.test(text) || openings.chinese.test(text);

/** Whether the text cannot be understood without what was said before. */
export function pointsBack(text: string): boolean {
  const trimmed = text.trim();
  if (bare.test(trimmed)) return true;
  const characters = hanCharacters(trimmed);
  if (characters > 0) {
    return characters <= longest.hanCharacters && (opensOn(trimmed) || pointing.chinese.test(trimmed));
  }
  const length = words(trimmed);
  if (opensOn(trimmed) && length <= longest.openingWords) return true;
  const match = pointing.english.exec(trimmed.replace(empty, ''));
  if (!match || length > longest.words) return false;
  return !antecedent.test(trimmed.replace(empty, '').slice(0, match.index));
}

export interface FollowUpLimits {
  /** Below this coverage a message is searched again with the answered question. */
  weakCoverage: number;
  /** The same for one that opens with "and", "what about", … */
  openingCoverage: number;
}

/**
 * Whether a message goes on from an answered question. Pointing back decides by itself: "how long does it take?" is made of words
 * that any article covers. Otherwise it stands by itself when knowledge covers it; and one that shares nothing with
 * knowledge is no follow-up but something unknown.
 */
export function isFollowUp(text: string, coverage: number, limits: FollowUpLimits): boolean {
  if (pointsBack(text)) return true;
  if (opensOn(text.trim())) return coverage < limits.openingCoverage;
  return coverage > 0 && coverage < limits.weakCoverage;
}
