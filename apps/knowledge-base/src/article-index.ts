import MiniSearch from 'minisearch';
import type { Passage } from '@clawdesk/envelope';
import { ArticlePassages, type IndexedArticle, type SplitPassage } from './article-passages.js';
import { memoryConfig, passagesConfig, rankingConfig } from './knowledge-base.config.js';
import { indexTerms, pairsOf, termsOf } from './tokenizer.js';

interface Ranked {
  article: IndexedArticle;
  score: number;
  coverage: number;
}

/** The articles of ONE tenant in memory: ranks them by BM25 and picks their best passages. */
export class ArticleIndex {
  private readonly articles = new Map<string, IndexedArticle>();
  private readonly documents = new Map<string, number>();
  private readonly passages = new ArticlePassages(memoryConfig.splitCharacters);
  private readonly search = new MiniSearch<IndexedArticle>({
    fields: ['title', 'body'],
    tokenize: indexTerms,
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: rankingConfig.titleWeight },
      bm25: rankingConfig.bm25,
      combineWith: 'OR',
    },
  });
  /** Characters of text held. */
  characters = 0;

  get size(): number {
    return this.articles.size;
  }

  /** Puts an article in, in place of the one that has its id. */
  put(article: IndexedArticle): void {
    this.remove(article.id);
    this.articles.set(article.id, article);
    this.search.add(article);
    this.count(article, 1);
  }

  remove(id: string): void {
    const article = this.articles.get(id);
    if (!article) return;
    this.articles.delete(id);
    this.search.remove(article);
    this.passages.forget(id);
    this.count(article, -1);
  }

  /**
   * At most 8 passages for a question, best article first: the best passages of the best article, then one of each
   * of the next. Empty when nothing but stop words is found.
   */
  retrieve(question: string, language: string): Passage[] {
    const { words, pairs } = this.rarest(question);
    const best = this.rank(words, pairs, language);
    const query = new Set([...words, ...pairs]);
    const others = Math.min(best.length, passagesConfig.articles) - 1;
    return best.flatMap(({ article, score, coverage }, place) => {
      const wanted = place === 0 ? Math.min(passagesConfig.ofTheBest, passagesConfig.most - others) : 1;
      return this.bestPassages(article, query, wanted).map(({ id, text }) => ({
        id,
        article: article.id,
        version: article.version,
        title: article.title,
        text,
        ...(article.url !== undefined && { url: article.url }),
        language: article.language,
        score,
        coverage,
      }));
    });
  }

  private rank(words: string[], pairs: string[], language: string): Ranked[] {
    if (words.length === 0) return [];
    const weights = new Map([...new Set(words)].map((word) => [word, this.weight(word)]));
    const found = this.search.search([...words, ...pairs].join(' '), { tokenize: (text) => text.split(' ') });
    return found
      .slice(0, passagesConfig.articles * 5)
      .flatMap(({ id, score, match }) => {
        const article = this.articles.get(id as string);
        if (!article) return [];
        const other =
          language !== 'und' && article.language !== 'und' && !sameLanguage(article.language, language);
        return [{ article, score: other ? score * rankingConfig.otherLanguage : score, match }];
      })
      .sort((a, b) => b.score - a.score)
      .slice(0, passagesConfig.articles)
      .map(({ article, score, match }) => ({ article, score, coverage: coverageOf(weights, match) }));
  }

  /** Those with most of the question's weight, earlier ones first among equals. */
  private bestPassages(article: IndexedArticle, query: ReadonlySet<string>, most: number): SplitPassage[] {
    const rated = this.passages.of(article).map((passage) => {
      let overlap = 0;
      for (const term of query) if (passage.terms.has(term)) overlap += this.weight(term);
      return { passage, overlap };
    });
    return rated
      .sort((a, b) => b.overlap - a.overlap)
      .filter(({ overlap }, place) => place === 0 || overlap > 0)
      .slice(0, most)
      .map(({ passage }) => passage);
  }

  /** The question's terms; of a long text only those that tell most. */
  private rarest(question: string): { words: string[]; pairs: string[] } {
    const { words, pairs } = termsOf(question);
    const known = new Set(words);
    return { words: this.heaviest(words), pairs: this.heaviest(pairs.filter((pair) => !known.has(pair))) };
  }

  private heaviest(terms: string[]): string[] {
    const distinct = [...new Set(terms)];
    if (distinct.length <= rankingConfig.longestQuery) return distinct;
    const rated = distinct.map((term) => ({ term, weight: this.weight(term) }));
    return rated
      .sort((a, b) => b.weight - a.weight)
      .slice(0, rankingConfig.longestQuery)
      .map(({ term }) => term);
  }

  /** Inverse document frequency: what no article knows weighs most. */
  private weight(term: string): number {
    const having = this.documents.get(term) ?? 0;
    return Math.log(1 + (this.articles.size - having + 0.5) / (having + 0.5));
  }

  private count(article: IndexedArticle, by: 1 | -1): void {
    this.characters += by * (article.title.length + article.body.length);
    for (const term of new Set([...indexTerms(article.title), ...indexTerms(article.body)])) {
      const having = (this.documents.get(term) ?? 0) + by;
      if (having > 0) this.documents.set(term, having);
      else this.documents.delete(term);
    }
  }
}

/** The fields in which each term was found. */
type Match = Readonly<Record<string, readonly string[]>>;

/**
 * Share of the words' weight that was found; a word of an unspaced script counts by the pairs of it that were. What was
 * found by chance counts for little: not nothing, for a follow-up may be made of it.
 */
function coverageOf(weights: ReadonlyMap<string, number>, match: Match): number {
  let all = 0;
  let covered = 0;
  for (const [word, weight] of weights) {
    all += weight;
    if (Object.hasOwn(match, word)) covered += weight;
    else {
      const pairs = pairsOf(word);
      const found = pairs.filter((pair) => Object.hasOwn(match, pair)).length;
      if (found > 0) covered += (weight * found) / pairs.length;
    }
  }
  const share = all > 0 ? Math.min(1, covered / all) : 0;
  return isChance([...weights.keys()], match) ? share * rankingConfig.chance : share;
}

/** Somewhere in a long enough text there is one word of anything; an article that answers has more of them, or says so in its title. */
function isChance(words: readonly string[], match: Match): boolean {
  const fieldsOf = (word: string): readonly string[] =>
    [word, ...pairsOf(word)].flatMap((term) => (Object.hasOwn(match, term) ? match[term]! : []));
  const found = words.map(fieldsOf).filter((fields) => fields.length > 0);
  if (found.length === words.length || found.flat().includes('title')) return false;
  return found.length < 2 || found.length / words.length < rankingConfig.leastOfText;
}

const sameLanguage = (one: string, other: string): boolean => one.split('-', 1)[0] === other.split('-', 1)[0];
