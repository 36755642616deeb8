/** How articles are ranked. Tuned on the whole of a set of shared help-centre questions, never on single ones. */
export const rankingConfig = {
  /** BM25's saturation of repeated words, its normalisation by length, and its bonus per word found. */
  bm25: { k: 1.5, b: 0.75, d: 0 },
  titleWeight: 4,
  /** Factor on articles in another language than the customer's: decides among near ties only. */
  otherLanguage: 0.9,
  /** Share of a question's words that an article must have when its title has none, and what its coverage is worth with less. */
  leastOfText: 0.4,
  chance: 0.15,
  /** Terms of a question that are searched, the rarest first: bounds the time a long text can take. */
  longestQuery: 40,
};

export const passagesConfig = {
  /** As many as a record may carry. */
  most: 8,
  /** Passages of the best article; the others give one each. */
  ofTheBest: 3,
  /** Different articles there should be among them, where that many were found. */
  articles: 6,
};

/** What stays in memory of the tenants' articles. */
export const memoryConfig = {
  /** Characters of text of all tenants together; the tenant asked longest ago goes first. */
  characters: 60_000_000,
  /** Split passages are kept for this many characters of text per tenant. */
  splitCharacters: 4_000_000,
};
