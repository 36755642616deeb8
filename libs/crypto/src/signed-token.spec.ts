import { describe, expect, it } from 'vitest';
import { TokenSigner } from './signed-token.js';

const now = 1_700_000_000_000;
const signer = (secrets = ['a'.repeat(32)], purpose = 'visitor', at = now) =>
  new TokenSigner<{ thread: string }>(purpose, secrets, () => at);
const token = signer().sign({ thread: 't' }, now + 1_000);

describe('TokenSigner', () => {
  it('gives back the claims of its own token', () => {
    expect(signer().verify(token)).toEqual({ thread: 't' });
  });

  it('refuses an expired token', () => {
    expect(signer(undefined, undefined, now + 1_000).verify(token)).toBeUndefined();
  });

  it('refuses a token with any character changed', () => {
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === 'A' ? 'B' : 'A';
      const forged = token.slice(0, i) + other + token.slice(i + 1);
      // The last character of base64url carries unused bits: the same bytes are the same signature.
      if (i === token.length - 1) continue;
      expect(signer().verify(forged), `position ${i}`).toBeUndefined();
    }
  });

  it.each([
    '',
    'v1',
    'v1.',
    'v1..',
    `${token}.x`,
    token.slice(0, -1),
    token.replace('v1', 'v2'),
    '...',
    'x'.repeat(5_000),
  ])('refuses %.30s', (text) => expect(signer().verify(text)).toBeUndefined());

  it('refuses a token of another purpose or secret', () => {
    expect(signer(['a'.repeat(32)], 'agent').verify(token)).toBeUndefined();
    expect(signer(['b'.repeat(32)]).verify(token)).toBeUndefined();
  });

  it('accepts tokens of the old secret while it is rotated', () => {
    expect(signer(['b'.repeat(32), 'a'.repeat(32)]).verify(token)).toEqual({ thread: 't' });
  });
});
