/** How much of the articles an answer quotes. */
export const answerConfig = {
  /** Characters of the first source, and of a second one. */
  excerptCharacters: 600,
  secondCharacters: 280,
  /** A second article is quoted only if its score comes this near to the first one's, and it covers this much of the question. */
  secondScore: 0.85,
  secondCoverage: 0.6,
  /** Longer titles are shortened in the lead-in; the citation has the whole. */
  titleCharacters: 160,
};
