/** Openings with which a message goes on from what was said before. */
const openings = {
  english: /^(and|also|but|or|so|then|what about|how about|what if|in that case|otherwise|instead)\b/i,
  chinese: /^(那么|那|还有|然后|另外|或者|但是|可是|所以|以及)/u,
};
/** "那退款呢？" asks as "what about refunds?" does. */
const closing = /呢\s*[?？]?$/u;
/** What follows an opening and only narrows down what was asked: "and on my phone?", "那手机上呢？". */
const narrowing = {
  english: /^(on|in|at|with|without|from|by|via|through|over|under|if)\b/i,
  chinese: /^(在|用|从|对|如果|要是)|[上里中内外]呢\s*[?？]?$/u,
};

/** Words that point to something said before, unless the sentence itself names it first. */
const pointing = {
  english:
    /\b(it|they|them|those|these)\b|\b(this|that)\b(?=\s*($|[?.!,]|(work|happen|cost|take|mean|apply|include|help)s?\b))/i,
  chinese: /(它|这个|那个|这些|那些|这样|那样|刚才|上面)/u,
};
/** "Is it possible to …" points at nothing. */
const empty =
  /\b(is|was|would be|make|makes) it (possible|ok|okay|allowed|legal|necessary|safe|true|hard|easy|better)\b/gi;
/** "My parcel: where is it?" names what it points at. */
const antecedent = /\b(my|our|your|the|an?|some|any|this|that|these|those|all|multiple|several)\s+\p{L}/iu;

/** Nothing but a question word asks on. */
const bare =
  /^(why|why not|how|how so|how (long|much|many|often)|when|since when|until when|where|who|which one|really|how come|为什么|为何|怎么办|怎么弄|什么时候|哪个|在哪里?|要?多久|几天|多少钱?)\s*[呢啊呀]?\s*[?？!！.。]*$/iu;

/** Longer messages mostly say themselves what they are about. */
const longest = { words: 12, narrowingWords: 6, hanCharacters: 16 };

const words = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
const hanCharacters = (text: string): number => text.match(/\p{Script=Han}/gu)?.length ?? 0;

/** The text after its opening; undefined when it opens like any other. */
function afterOpening(text: string): string | undefined {
  const opening = openings.english.exec(text) ?? openings.chinese.exec(text);
  return opening?.[0] === undefined ? undefined : text.slice(opening[0].length).trim();
}

/** Whether the text cannot be understood without what was said before: it names no subject of its own. */
export function pointsBack(text: string): boolean {
  const trimmed = text.trim();
  if (bare.test(afterOpening(trimmed) ?? trimmed)) return true;
  const characters = hanCharacters(trimmed);
  if (characters > 0) return characters <= longest.hanCharacters && pointing.chinese.test(trimmed);
  const match = pointing.english.exec(trimmed.replace(empty, ''));
  if (!match || words(trimmed) > longest.words) return false;
  return !antecedent.test(trimmed.replace(empty, '').slice(0, match.index));
}

/** Whether the text only narrows down what was asked before, whatever knowledge has about its words. */
function narrows(text: string): boolean {
  const rest = afterOpening(text);
  if (rest === undefined) return false;
  return hanCharacters(text) > 0
    ? hanCharacters(text) <= longest.hanCharacters && narrowing.chinese.test(rest)
    : words(text) <= longest.narrowingWords && narrowing.english.test(rest);
}

export interface FollowUpLimits {
  /** Below this coverage a message is searched again with the answered question. */
  weakCoverage: number;
  /** The same for one that opens with "and", "what about", … */
  openingCoverage: number;
}

/**
 * How a message goes on from an answered question, if it does:
 * - `points-back`: it has no subject of its own. "How long does it take?" is made of words that any article covers, so
 *   coverage is not asked;
 * - `narrows`: it adds something to the subject;
 * - `changes`: it is about a subject that knowledge has, but says too little to be searched alone.
 *
 * Otherwise it stands by itself, as "what about the warranty?" does where there is an article about that; and one that
 * shares nothing with knowledge is no follow-up but something unknown.
 */
export function followUpKind(
  text: string,
  coverage: number,
  limits: FollowUpLimits,
): 'points-back' | 'narrows' | 'changes' | undefined {
  const trimmed = text.trim();
  if (pointsBack(trimmed)) return 'points-back';
  if (narrows(trimmed)) return 'narrows';
  const goesOn = afterOpening(trimmed) !== undefined || closing.test(trimmed);
  if (goesOn && coverage < limits.openingCoverage)
    return coverage < limits.weakCoverage ? 'narrows' : 'changes';
  return coverage > 0 && coverage < limits.weakCoverage ? 'narrows' : undefined;
}
