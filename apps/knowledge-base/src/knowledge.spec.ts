import { beforeEach, describe, expect, it } from 'vitest';
import type { ArticleChange, ArticlesStore } from './articles.store.js';
import { KnowledgeChangedHandler } from './knowledge-changed.handler.js';
import { Knowledge } from './knowledge.js';

/** Articles in memory, as the store gives them. */
class Shelf {
  readonly changed: ArticleChange[] = [];
  reads = 0;
  down = false;

  put(id: string, body: string): number {
    this.take(id);
    const changed = this.version + 1;
    this.changed.push({ deleted: false, id, version: 1, changed, title: id, body, language: 'en' });
    return changed;
  }

  delete(id: string): number {
    this.take(id);
    const changed = this.version + 1;
    this.changed.push({ deleted: true, id, changed });
    return changed;
  }

  private highest = 0;
  get version(): number {
    this.highest = Math.max(this.highest, ...this.changed.map(({ changed }) => changed), 0);
    return this.highest;
  }

  private take(id: string): void {
    const place = this.changed.findIndex((change) => change.id === id);
    if (place >= 0) void (this.version, this.changed.splice(place, 1));
  }
}

const shelves = new Map<string, Shelf>();
const shelf = (tenant: string): Shelf => shelves.get(tenant)!;
const store = {
  knowledgeVersion: async (tenant: string) => {
    shelf(tenant).reads += 1;
    if (shelf(tenant).down) throw new Error('down');
    return Promise.resolve(shelf(tenant).version);
  },
  changes: (tenant: string, after: { changed: number; id: string }, limit: number) =>
    Promise.resolve(
      shelf(tenant)
        .changed.filter(
          ({ changed, id }) => changed > after.changed || (changed === after.changed && id > after.id),
        )
        .slice(0, limit),
    ),
} as Pick<ArticlesStore, 'knowledgeVersion' | 'changes'> as ArticlesStore;

let knowledge: Knowledge;
beforeEach(() => {
  shelves.clear();
  for (const tenant of ['acme', 'globex']) shelves.set(tenant, new Shelf());
  knowledge = new Knowledge(store);
});

const found = async (tenant: string, question: string): Promise<string[]> =>
  (await knowledge.of(tenant)).index.retrieve(question, 'en').map(({ article }) => article);

describe('Knowledge', () => {
  it('loads a tenant when it is first asked for, once', async () => {
    shelf('acme').put('lamps', 'lamps');
    expect(await Promise.all([found('acme', 'lamps'), found('acme', 'lamps')])).toEqual([
      ['lamps'],
      ['lamps'],
    ]);
    expect(shelf('acme').reads).toBe(1);
    expect(shelf('globex').reads).toBe(0);
  });

  it('loads more articles than one page has', async () => {
    for (let number = 0; number < 450; number += 1) shelf('acme').put(`a${number}`, `unique${number}`);
    expect(await found('acme', 'unique449')).toEqual(['a449']);
    expect((await knowledge.of('acme')).index.size).toBe(450);
  });

  it('keeps the tenants apart', async () => {
    shelf('acme').put('lamps', 'lamps');
    expect(await found('globex', 'lamps')).toEqual([]);
  });

  it('takes up changes and deletions when it is told of a newer version', async () => {
    shelf('acme').put('lamps', 'lamps');
    await found('acme', 'lamps');
    await knowledge.refresh('acme', shelf('acme').put('chairs', 'chairs'));
    expect(await found('acme', 'chairs')).toEqual(['chairs']);
    await knowledge.refresh('acme', shelf('acme').delete('lamps'));
    expect(await found('acme', 'lamps')).toEqual([]);
    expect((await knowledge.of('acme')).version).toBe(3);
  });

  it('reads nothing for versions that it has, and for tenants that nobody asked for', async () => {
    shelf('acme').put('lamps', 'lamps');
    await found('acme', 'lamps');
    await knowledge.refresh('acme', 1);
    await knowledge.refresh('globex', 1);
    expect([shelf('acme').reads, shelf('globex').reads]).toEqual([1, 0]);
  });

  it('does not answer from what may be outdated after a refresh that failed', async () => {
    shelf('acme').put('lamps', 'lamps');
    await found('acme', 'lamps');
    const version = shelf('acme').put('chairs', 'chairs');
    shelf('acme').down = true;
    await expect(knowledge.refresh('acme', version)).rejects.toThrow('down');
    await expect(knowledge.of('acme')).rejects.toThrow('down');
    shelf('acme').down = false;
    expect(await found('acme', 'chairs')).toEqual(['chairs']);
  });
});

describe('KnowledgeChangedHandler', () => {
  it('looks for what was missed in all tenants on each connect', async () => {
    await found('acme', 'lamps');
    await found('globex', 'lamps');
    shelf('acme').put('lamps', 'lamps');
    shelf('globex').put('globes', 'lamps');
    await new KnowledgeChangedHandler(knowledge).reload(undefined, undefined);
    expect(await found('acme', 'lamps')).toEqual(['lamps']);
    expect(await found('globex', 'lamps')).toEqual(['globes']);
  });
});
