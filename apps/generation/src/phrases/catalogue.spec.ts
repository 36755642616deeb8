import { describe, expect, it } from 'vitest';
import { languageName, phrasesFor, spokenLanguage } from './catalogue.js';

describe('the catalogue of phrases', () => {
  it('speaks the customer’s language where it can, and English where it cannot', () => {
    expect(spokenLanguage('zh-Hant-TW')).toBe('zh');
    expect(spokenLanguage('EN-us')).toBe('en');
    expect(spokenLanguage('und')).toBe('en');
    expect(spokenLanguage('fi')).toBe('en');
    expect(phrasesFor('zh-CN').greet).toContain('您好');
  });

  it('names languages in the customer’s language, and what is no language as it is', () => {
    expect(languageName('en', 'zh')).toBe('英语');
    expect(languageName('zh', 'en')).toBe('Chinese');
    expect(languageName('not a tag', 'en')).toBe('not a tag');
  });
});
