import { en } from './en.js';
import type { Phrases } from './phrases.js';
import { zh } from './zh.js';

/** All languages that the bot speaks: a new one is a file beside this and a line here. */
const catalogue: Readonly<Record<string, Phrases>> = { en, zh };
const fallback = 'en';

/** Primary language of a BCP 47 tag: `zh` of `zh-Hant-TW`. */
export const primaryLanguage = (tag: string): string => tag.toLowerCase().split('-')[0]!;

/** The language that the bot answers in, of all it speaks. */
export function spokenLanguage(wanted: string): string {
  const language = primaryLanguage(wanted);
  return language in catalogue ? language : fallback;
}

export const phrasesFor = (language: string): Phrases => catalogue[spokenLanguage(language)]!;

/** Name of a language in another one: 'Chinese', '英语'. */
export function languageName(language: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([spokenLanguage(inLanguage)], { type: 'language' }).of(language) ?? language;
  } catch (error) {
    // Not a language tag: an article may have been imported with anything.
    if (error instanceof RangeError) return language;
    throw error;
  }
}
