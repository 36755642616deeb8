import { languageWords } from './language-words.js';

/** Scripts that tell the language by themselves, the more telling first: Japanese is written with Han, too. */
const scripts: readonly [string, RegExp][] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['zh', /\p{Script=Han}/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
  ['hi', /\p{Script=Devanagari}/gu],
  ['ar', /\p{Script=Arabic}/gu],
  ['ru', /\p{Script=Cyrillic}/gu],
];
/** A character of such a script says about as much as this many Latin letters. */
const perCharacter = 4;
/** Chinese that holds a sentence together, not just a name or a word that is asked about. */
const runningChinese = /[我你您请帮怎么吗呢的了想要能什如何不没是给]/u;
/** Longest text that is looked at: more does not make it surer. */
const longest = 1_000;
/** The best language must be ahead of the next by this factor. */
const ahead = 1.25;

/**
 * The primary language (BCP 47) of a text: by its script, else by the frequent short words of the languages written
 * in Latin letters. A text that does not tell has the language of the hint, or `und`.
 */
export function languageOf(text: string, hint?: string): string {
  const looked = text
    .slice(0, longest)
    .replaceAll(/https?:\/\/\S+|\S+@\S+/g, ' ')
    .normalize('NFC')
    .toLowerCase();
  return byScript(looked) ?? byWords(looked) ?? primary(hint) ?? 'und';
}

function byScript(text: string): string | undefined {
  const letters = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const counts = new Map(scripts.map(([language, script]) => [language, text.match(script)?.length ?? 0]));
  // Kana decide about the Han characters around them.
  if (counts.get('ja')! > 0 && counts.get('ja')! * 4 >= counts.get('zh')!) return 'ja';
  const [language, count] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  if (count === 0) return undefined;
  if (count * perCharacter < letters && !(language === 'zh' && isChinese(text, count))) return undefined;
  if (language === 'ru' && /[іїєґ]/u.test(text)) return 'uk';
  return language === 'ar' && /[پچژگ]/u.test(text) ? 'fa' : language;
}

/** "帮我 reset password" is Chinese with foreign words in it, however long those are. */
function isChinese(text: string, characters: number): boolean {
  const foreign = text.match(/[\p{Script=Latin}\p{M}'’]+/gu)?.length ?? 0;
  return characters * (runningChinese.test(text) ? 2 : 1) >= foreign;
}

function byWords(text: string): string | undefined {
  const scores = new Map<string, number>();
  for (const [word] of text.matchAll(
    /\p{Script=Latin}[\p{Script=Latin}\p{M}]*(?:['’]\p{Script=Latin}+)?/gu,
  )) {
    const languages = languageWords.get(word.replace('’', "'"));
    // A word that several languages have says less about each.
    for (const language of languages ?? []) {
      scores.set(language, (scores.get(language) ?? 0) + 1 / languages!.length);
    }
  }
  const [best, next] = [...scores].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < 0.5 || best[1] < (next?.[1] ?? 0) * ahead) return undefined;
  return best[0];
}

/** `en` of `en-GB`; undefined for what is no language tag. */
const primary = (tag: string | undefined): string | undefined =>
  tag && /^[a-z]{2,3}(?:[-_]|$)/i.test(tag) ? tag.split(/[-_]/, 1)[0]!.toLowerCase() : undefined;
