import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { gauge } from '@clawdesk/tracing';
import { ArticleIndex } from './article-index.js';
import { ArticlesStore, type ArticleChange } from './articles.store.js';
import { memoryConfig } from './knowledge-base.config.js';

const pageSize = 200;
/** Articles indexed without letting anything else run. */
const batchSize = 25;

const tenantsInMemory = gauge(
  'clawdesk_knowledge_tenants_in_memory',
  'Tenants whose articles are indexed in memory',
);
const charactersInMemory = gauge('clawdesk_knowledge_characters_in_memory', 'Characters of indexed articles');

/** The articles of one tenant as they can be searched now. */
export interface TenantKnowledge {
  readonly index: ArticleIndex;
  /** All changes up to this knowledge version are in the index. */
  readonly version: number;
}

class Loaded implements TenantKnowledge {
  readonly index = new ArticleIndex();
  version = 0;
  /** Set when a change may have been missed: it is looked for before the next search. */
  stale = true;
  /** Loads of one tenant run one after the other. */
  loading: Promise<void> = Promise.resolve();
}

/** The tenants' articles in memory: loaded when first asked for, kept up to date, bounded. One index per tenant. */
@Injectable()
export class Knowledge {
  private readonly tenants = new Map<string, Loaded>();

  constructor(private readonly store: ArticlesStore) {}

  /**
   * The tenant's articles, loaded if they are not in memory yet.
   * @throws {DatabaseUnavailableError} when they cannot be loaded
   */
  async of(tenant: string): Promise<TenantKnowledge> {
    const loaded = this.tenants.get(tenant) ?? new Loaded();
    // The map's order is the order of use.
    this.tenants.delete(tenant);
    this.tenants.set(tenant, loaded);
    if (loaded.stale) await this.bringUpToDate(tenant, loaded);
    return loaded;
  }

  /** Brings a tenant that is in memory to at least this version; others are loaded when they are asked for. */
  async refresh(tenant: string, version: number): Promise<void> {
    const loaded = this.tenants.get(tenant);
    if (!loaded || (loaded.version >= version && !loaded.stale)) return;
    loaded.stale = true;
    await this.bringUpToDate(tenant, loaded);
  }

  /** Brings every tenant that is in memory up to date: changes may have been missed. */
  async refreshAll(): Promise<void> {
    // All at once: whoever is searched before its turn came must not get what is outdated.
    for (const loaded of this.tenants.values()) loaded.stale = true;
    for (const [tenant, loaded] of this.tenants) await this.bringUpToDate(tenant, loaded);
  }

  private bringUpToDate(tenant: string, loaded: Loaded): Promise<void> {
    const load = async (): Promise<void> => {
      if (loaded.stale) await this.load(tenant, loaded);
    };
    loaded.loading = loaded.loading.then(load, load);
    return loaded.loading;
  }

  private async load(tenant: string, loaded: Loaded): Promise<void> {
    loaded.stale = false;
    try {
      // Read before the articles: what changes meanwhile is found again by the next load, at worst twice.
      const version = await this.store.knowledgeVersion(tenant);
      let after = { changed: loaded.version + 1, id: '' };
      for (;;) {
        const changes = await this.store.changes(tenant, after, pageSize);
        await apply(loaded.index, changes);
        const last = changes.at(-1);
        if (!last || changes.length < pageSize) break;
        after = { changed: last.changed, id: last.id };
      }
      loaded.version = Math.max(loaded.version, version);
    } catch (error) {
      loaded.stale = true;
      throw error;
    }
    this.forgetOldest(tenant);
  }

  private forgetOldest(inUse: string): void {
    const characters = (): number => {
      let sum = 0;
      for (const { index } of this.tenants.values()) sum += index.characters;
      return sum;
    };
    for (const tenant of this.tenants.keys()) {
      if (characters() <= memoryConfig.characters) break;
      if (tenant !== inUse) this.tenants.delete(tenant);
    }
    tenantsInMemory.set(this.tenants.size);
    charactersInMemory.set(characters());
  }
}

async function apply(index: ArticleIndex, changes: readonly ArticleChange[]): Promise<void> {
  for (const [place, change] of changes.entries()) {
    if (place > 0 && place % batchSize === 0) await setImmediate();
    if (change.deleted) index.remove(change.id);
    else index.put(change);
  }
}
