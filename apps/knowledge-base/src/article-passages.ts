import { createHash } from 'node:crypto';
import { splitPassages } from './passages.js';
import { indexTerms } from './tokenizer.js';

/** An article as the index holds it. */
export interface IndexedArticle {
  id: string;
  version: number;
  title: string;
  body: string;
  language: string;
  url?: string;
}

export interface SplitPassage {
  id: string;
  text: string;
  terms: ReadonlySet<string>;
}

/** The passages of articles, split when first needed and kept for those that questions keep finding. */
export class ArticlePassages {
  private readonly kept = new Map<string, { article: IndexedArticle; passages: SplitPassage[] }>();
  private characters = 0;

  constructor(private readonly most: number) {}

  of(article: IndexedArticle): SplitPassage[] {
    const known = this.kept.get(article.id);
    this.forget(article.id);
    const passages = known?.article === article ? known.passages : split(article);
    this.kept.set(article.id, { article, passages });
    this.characters += article.body.length;
    for (const id of this.kept.keys()) {
      if (this.characters <= this.most || id === article.id) break;
      this.forget(id);
    }
    return passages;
  }

  forget(id: string): void {
    const known = this.kept.get(id);
    if (!known) return;
    this.kept.delete(id);
    this.characters -= known.article.body.length;
  }
}

/** An article without a text is answered with its title. */
function split({ id, version, title, body }: IndexedArticle): SplitPassage[] {
  // An article's id may be longer than a passage's id is allowed to be.
  const prefix = createHash('sha256').update(id).digest('base64url').slice(0, 16);
  const texts = splitPassages(body);
  return (texts.length > 0 ? texts : [title]).map((text, index) => ({
    id: `${prefix}.${version}.${index + 1}`,
    text,
    terms: new Set(indexTerms(text)),
  }));
}
