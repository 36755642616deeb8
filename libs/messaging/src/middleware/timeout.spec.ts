import { expect, it } from 'vitest';
import type { Delivery } from '../delivery.js';
import { RevokedError } from '../revoked.js';
import { timeout } from './timeout.js';

it('does not begin an attempt whose partition was revoked while it waited', async () => {
  const revoked = new AbortController();
  revoked.abort(new RevokedError('lost'));
  let begun = 0;
  const handle = timeout()(() => Promise.resolve(((begun += 1), [])));
  const delivery = {
    handler: { options: { timeoutMs: 1_000, group: 'nlu.understand-message' } },
    signal: revoked.signal,
  } as Delivery;
  await expect(handle(delivery)).rejects.toThrow(RevokedError);
  expect(begun).toBe(0);
});
