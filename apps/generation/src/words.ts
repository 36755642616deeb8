const stopWords = new Set(
  (
    'a an and any are as at be been but by can could did do does for from get had has have how i if im in into is it its ' +
    'me my no not of on or our please should so some than that the their them then there these they this to too up us ' +
    'want was we what when where which who why will with would you your'
  ).split(' '),
);

/** Content words of a text: folded and stemmed lightly; Chinese as pairs of characters. */
export function contentWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const [run] of text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', '')
    .matchAll(/\p{Script=Han}+|[\p{L}\p{N}]+/gu)) {
    if (/^\p{Script=Han}/u.test(run)) for (const pair of pairs(run)) words.add(pair);
    else for (const part of run.split(/(\p{Script=Han}+)/u)) addWord(words, part);
  }
  return words;
}

function addWord(words: Set<string>, part: string): void {
  if (part === '') return;
  if (/^\p{Script=Han}/u.test(part)) for (const pair of pairs(part)) words.add(pair);
  else if (!stopWords.has(part)) words.add(stem(part));
}

function pairs(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => characters[index]! + character);
}

/** Enough for 'deleting', 'deleted', 'deletes' and 'delete' to meet. */
const stem = (word: string): string => (word.length > 4 ? word.replace(/(ing|ed|es|s|e)$/, '') : word);
