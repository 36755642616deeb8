import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { secretsEqual } from './equal.js';

/**
 * Signs small claims into a compact token: `v1.<claims, base64url>.<HMAC-SHA256, base64url>`. Claims can be read by
 * the bearer: nothing secret belongs into them.
 */
export class TokenSigner<C extends object> {
  /** Key objects: from plain bytes Node would make one for each token. */
  private readonly keys: KeyObject[];

  /**
   * @param purpose keeps tokens of different kinds apart although they share the secret
   * @param secrets the first signs, all verify: put a new one first to rotate
   */
  constructor(
    purpose: string,
    secrets: readonly string[],
    private readonly now: () => number = Date.now,
  ) {
    if (secrets.length === 0) throw new Error('A token signer needs at least one secret');
    this.keys = secrets.map((secret) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `clawdesk token ${purpose}`, 32))),
    );
  }

  /** @param expiresAt milliseconds since 1970 */
  sign(claims: C, expiresAt: number): string {
    const body = Buffer.from(JSON.stringify({ ...claims, exp: Math.floor(expiresAt / 1000) })).toString(
      'base64url',
    );
    return `v1.${body}.${this.mac(this.keys[0]!, body)}`;
  }

  /** @returns undefined for anything but an unexpired token of ours. */
  verify(token: string): C | undefined {
    const [version, body, mac, ...rest] = token.split('.');
    if (version !== 'v1' || !body || !mac || rest.length > 0) return undefined;
    if (!this.keys.some((key) => secretsEqual(this.mac(key, body), mac))) return undefined;
    const { exp, ...claims } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as C & {
      exp: number;
    };
    return exp * 1000 > this.now() ? (claims as unknown as C) : undefined;
  }

  private mac(key: KeyObject, body: string): string {
    return createHmac('sha256', key).update(`v1.${body}`).digest('base64url');
  }
}
