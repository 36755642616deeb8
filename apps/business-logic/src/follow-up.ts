/** Openings and pointing words with which a message goes on from what was said before. */
const english = {
  openings:
    /^(and|also|but|so|then|or|what about|how about|what if|why|why not|how so|which one|in that case|otherwise|instead)\b/i,
  pointing: /\b(it|its|that|this|they|them|these|those|there|one|ones|same|another|else|either|both)\b/i,
};
const chinese = {
  openings: /^(那|那么|还有|然后|另外|如果|为什么|怎么办|或者|但是|可是|所以|以及)/u,
  pointing: /(它|他们|她们|这个|那个|这些|那些|这样|那样|该|此|刚才|上面|呢[？?]?$)/u,
};

const words = (text: string): number => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
const hanCharacters = (text: string): number => text.match(/\p{Script=Han}/gu)?.length ?? 0;

/** Pointing words in a long sentence mostly point within it ("a folder and everything in it"). */
const longestPointing = { words: 12, hanCharacters: 16 };

/** Whether the text says little by itself and points back: an opening like "and", or a short sentence with "it". */
export function pointsBack(text: string): boolean {
  const trimmed = text.trim();
  if (hanCharacters(trimmed) > 0) {
    return (
      chinese.openings.test(trimmed) ||
      (hanCharacters(trimmed) <= longestPointing.hanCharacters && chinese.pointing.test(trimmed))
    );
  }
  return (
    english.openings.test(trimmed) ||
    (words(trimmed) <= longestPointing.words && english.pointing.test(trimmed))
  );
}

/**
 * Whether a message goes on from an answered question. One that knowledge covers well by itself stands by itself, whatever
 * words it uses; one that shares nothing with knowledge and does not point back is no follow-up but something unknown.
 */
export function isFollowUp(text: string, coverage: number, wellCovered: number): boolean {
  if (coverage >= wellCovered) return false;
  return pointsBack(text) || coverage > 0;
}
