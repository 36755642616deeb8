import { describe, expect, it } from 'vitest';
import { indexTerms, pairsOf, termsOf } from './tokenizer.js';

describe('termsOf', () => {
  it('takes the forms of an English word as one', () => {
    expect(termsOf('resetting').words).toEqual(termsOf('Resets').words);
    expect(termsOf('accounts').words).toEqual(termsOf('ACCOUNT’s').words);
  });

  it('takes accents, width and case as one', () => {
    expect(termsOf('Café').words).toEqual(termsOf('CAFE').words);
    expect(termsOf('Contraseña').words).toEqual(termsOf('contrasena').words);
    expect(termsOf('ABC').words).toEqual(termsOf('abc').words);
  });

  it('leaves out words that say nothing', () => {
    expect(termsOf('How do I …?').words).toEqual([]);
    expect(termsOf('请问怎么').words).toEqual([]);
    expect(termsOf('hello, can you help me please').words).toEqual([]);
  });

  it('segments Chinese and knows its pairs of characters', () => {
    const { words, pairs } = termsOf('怎么重置密码');
    expect(words).toContain('密码');
    expect(pairs).toContain('重置');
    expect(pairs).toContain('密码');
  });

  it('keeps Latin words in Chinese texts whole', () => {
    expect(termsOf('我的iPhone15坏了').words).toContain('iphone15');
  });

  it('finds the words of many scripts', () => {
    expect(termsOf('Где заказ').words).toEqual(['где', 'заказ']);
    expect(termsOf('비밀번호 변경').words).toHaveLength(2);
    expect(termsOf('パスワードを変更').words.length).toBeGreaterThan(1);
    expect(termsOf('รหัสผ่าน').words.length).toBeGreaterThan(0);
  });

  it('has nothing for texts without words', () => {
    for (const text of ['', ' \n', '?!…', '👋']) expect(termsOf(text)).toEqual({ words: [], pairs: [] });
  });
});

describe('indexTerms', () => {
  it('counts a word of two characters once', () => {
    expect(indexTerms('密码').filter((term) => term === '密码')).toHaveLength(1);
  });
});

describe('pairsOf', () => {
  it('is for unspaced scripts only', () => {
    expect(pairsOf('订单号')).toEqual(['订单', '单号']);
    expect(pairsOf('order')).toEqual([]);
  });
});
