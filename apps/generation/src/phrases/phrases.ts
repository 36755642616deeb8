/** What the bot says in one language. Nothing in here claims anything about the tenant's business. */
export interface Phrases {
  greet: string;
  thank: string;
  askBack: string;
  /** The customer asked for a person. */
  handOffWanted: string;
  /** Nothing was found, twice. */
  handOffNothingFound: string;
  /** Stands before what an article says. */
  found(title: string): string;
  /** The same, when the article is in another language than the customer's. */
  foundInLanguage(title: string, language: string): string;
  /** Stands before what a second article says. */
  also(title: string): string;
}
