import { describe, expect, it } from 'vitest';
import { languageByScript, plainText, tidy } from './article-text.js';

describe('plainText', () => {
  it('keeps a text as it is, but for its line ends', () => {
    expect(plainText('One\r\ntwo  \n\n\n\n<b>three</b> *four*', 'text')).toBe(
      'One\ntwo\n\n<b>three</b> *four*',
    );
  });

  it('reads Markdown', () => {
    const text = plainText(
      '# Returns\n\nSend it **back**:\n\n- pack\n- [ship](https://example.com)',
      'markdown',
    );
    expect(text).toContain('Returns');
    expect(text).toContain('Send it back:');
    expect(text).toMatch(/pack\n.*ship/);
    expect(text).not.toMatch(/[#]|\*\*/);
  });

  it('reads HTML without scripts and entities', () => {
    const text = plainText(
      '<h1>Returns</h1><script>alert(1)</script><p>Fish &amp; chips<br>free</p>',
      'html',
    );
    expect(text).toBe('Returns\n\nFish & chips\nfree');
  });

  it('does not fall over nesting', () => {
    const html = `${'<div>'.repeat(50_000)}deep${'</div>'.repeat(50_000)}`;
    expect(typeof plainText(html, 'html')).toBe('string');
  });
});

describe('tidy', () => {
  it('takes out what cannot be kept', () => {
    expect(tidy('a\0b\ud800c')).toBe('ab\ufffdc');
  });
});

describe('languageByScript', () => {
  it('knows languages that have a script of their own', () => {
    expect(languageByScript('如何退货')).toBe('zh');
    expect(languageByScript('返品する')).toBe('ja');
    expect(languageByScript('Returns')).toBe('und');
  });
});
