import { TokenSigner } from '@clawdesk/crypto';
import type { VisitorIdentity } from './access.js';

type Claims = Omit<VisitorIdentity, 'kind'>;

const lifetimeMs = 30 * 24 * 60 * 60 * 1000;

/** Tokens of customers on the web chat: each binds a browser's visitor id, tenant and thread. Nothing is stored. */
export class VisitorTokens {
  private readonly signer: TokenSigner<Claims>;

  /** @param secrets the installation's secrets; the first signs, all verify */
  constructor(
    secrets: readonly string[],
    private readonly now: () => number = Date.now,
  ) {
    this.signer = new TokenSigner('visitor', secrets, now);
  }

  issue(visitor: Claims): { token: string; expiresAt: Date } {
    const expiresAt = this.now() + lifetimeMs;
    const { tenant, account, thread, visitor: id, subjectkey } = visitor;
    return {
      token: this.signer.sign({ tenant, account, thread, visitor: id, subjectkey }, expiresAt),
      expiresAt: new Date(expiresAt),
    };
  }

  /** @returns undefined for anything but an unexpired token of this installation. */
  verify(token: string): VisitorIdentity | undefined {
    const claims = this.signer.verify(token);
    return claims && { kind: 'visitor', ...claims };
  }
}
