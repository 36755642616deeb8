import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitPassages } from './passages.js';

const bare = (text: string): string => text.replaceAll(/\s+/g, '');

describe('splitPassages', () => {
  it('keeps a short text whole', () => {
    expect(splitPassages('One.\n\nTwo.')).toEqual(['One.\n\nTwo.']);
  });

  it('has nothing for an empty text', () => {
    expect(splitPassages(' \n\n ')).toEqual([]);
  });

  it('cuts between paragraphs', () => {
    const paragraphs = [1, 2, 3].map((number) => `Paragraph ${number}. `.repeat(50).trim());
    expect(splitPassages(paragraphs.join('\n\n'))).toEqual(paragraphs);
  });

  it('leaves no heading at the end of a passage', () => {
    const sentences = (count: number): string =>
      'We answer the phone from nine to five. '.repeat(count).trim();
    expect(splitPassages(`${sentences(15)}\n\nOn the phone\n\n${sentences(16)}`)).toEqual([
      sentences(15),
      `On the phone\n\n${sentences(16)}`,
    ]);
  });

  it('cuts a long paragraph between sentences', () => {
    const passages = splitPassages('This is a sentence. '.repeat(200).trim());
    for (const passage of passages) expect(passage).toMatch(/^This .*sentence\.$/s);
  });

  it('cuts Chinese between sentences', () => {
    const passages = splitPassages('请先登录您的账号。'.repeat(400));
    expect(passages.length).toBeGreaterThan(1);
    for (const passage of passages) expect(passage.endsWith('。')).toBe(true);
  });

  it('never cuts a character in two', () => {
    for (const passage of splitPassages('👋'.repeat(3_000))) expect(passage.isWellFormed()).toBe(true);
  });

  it('loses nothing, and no passage is too long', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('\n\n', '\n', '. ', ' ', '。', 'word', 'x'.repeat(80)),
    );
    const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 10, max: 200 }), (original, limit) => {
        const passages = splitPassages(original, limit);
        expect(bare(passages.join(' '))).toBe(bare(original));
        for (const passage of passages) expect(passage.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
