import { describe, expect, it } from 'vitest';
import { parseApiKey, newApiKey } from './api-key.js';
import { subjectKey, threadKey } from './pseudonyms.js';

const secret = Buffer.alloc(32, 1);

describe('pseudonyms', () => {
  it('are the same for ever', () => {
    expect(threadKey(secret, 'web', 'abc')).toBe(threadKey(Buffer.alloc(32, 1), 'web', 'abc'));
    expect(threadKey(secret, 'web', 'abc')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('differ between tenants, accounts and purposes', () => {
    const all = [
      threadKey(secret, 'web', 'abc'),
      threadKey(Buffer.alloc(32, 2), 'web', 'abc'),
      threadKey(secret, 'we', 'babc'),
      subjectKey(secret, 'web', 'abc'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('API keys', () => {
  it('name their tenant', () => {
    expect(parseApiKey(newApiKey('acme-shop'))?.tenant).toBe('acme-shop');
  });

  it.each([
    '',
    'cd_acme_short',
    'cd__' + 'a'.repeat(43),
    `cd_Acme_${'a'.repeat(43)}`,
    `xx_acme_${'a'.repeat(43)}`,
  ])('are nothing like %s', (text) => expect(parseApiKey(text)).toBeUndefined());
});
