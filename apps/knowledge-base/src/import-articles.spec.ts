import { describe, expect, it } from 'vitest';
import { readImport } from './import-articles.js';

const fine = { id: 'a', title: 'Title', body: 'Text' };
const rejected = (item: unknown): unknown => readImport([item]).finish([])[0];

describe('readImport', () => {
  it.each([
    ['id', { ...fine, id: '' }],
    ['id', { ...fine, id: 'x'.repeat(201) }],
    ['id', { ...fine, id: 'line\nbreak' }],
    ['id', { ...fine, id: ' a' }],
    ['id', { ...fine, id: 7 }],
    ['id', { title: 'Title', body: 'Text' }],
    ['title', { ...fine, title: ' ' }],
    ['title', { ...fine, title: 'x'.repeat(501) }],
    ['body', { ...fine, body: 'x'.repeat(500_001) }],
    ['body', { ...fine, body: null }],
    ['format', { ...fine, format: 'pdf' }],
    ['url', { ...fine, url: 'javascript:alert(1)' }],
    ['language', { ...fine, language: 'not a language' }],
    ['colour', { ...fine, colour: 'blue' }],
    ['articles', 'text'],
    ['articles', null],
    ['articles', [fine]],
  ])('names %s when that is wrong', (field, item) => {
    expect(rejected(item)).toMatchObject({
      outcome: 'rejected',
      field,
      reason: expect.any(String) as string,
    });
  });

  it('keeps good ones in their order beside bad ones', () => {
    const { good, finish } = readImport([fine, { ...fine, id: 'b', title: '' }, { ...fine, id: 'c' }, fine]);
    expect(good.map(({ id }) => id)).toEqual(['a', 'c']);
    const results = finish(good.map(({ id }) => ({ id, outcome: 'created', version: 1 })));
    expect(results.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'a created',
      'b rejected',
      'c created',
      'a rejected',
    ]);
  });

  it('reads formats, tells the language of a title by its script, and takes null for nothing', () => {
    const { good } = readImport([
      { ...fine, body: '<p>Text</p>', format: 'html', url: null, source: null, language: null },
      { ...fine, id: 'b', title: '退货', url: 'https://example.com/help' },
    ]);
    expect(good).toEqual([
      { id: 'a', title: 'Title', body: 'Text', language: 'und' },
      { id: 'b', title: '退货', body: 'Text', language: 'zh', url: 'https://example.com/help' },
    ]);
  });
});
