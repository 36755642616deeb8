/** Abort reason of work whose partition was taken away, or that outlived the drain: it is left undone and uncommitted. */
export class RevokedError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'RevokedError';
  }
}
