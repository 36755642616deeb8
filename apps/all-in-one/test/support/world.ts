import { ClawdeskClient } from '@clawdesk/client';
import { articles } from './articles.js';
import { Customer } from './customer.js';
import type { System } from './system.js';

/** One tenant with its own API key. */
export interface TestTenant {
  id: string;
  client: ClawdeskClient;
}

/** A system with two tenants that hold the same articles, and the customers that came to them. */
export class World {
  private readonly customers: Customer[] = [];

  private constructor(
    readonly system: System,
    readonly first: TestTenant,
    readonly second: TestTenant,
  ) {}

  static async of(system: System): Promise<World> {
    const first = { id: 'default', client: new ClawdeskClient(system.urls, system.apiKey()) };
    const { apiKey } = await first.client.addTenant({ id: 'second', name: 'The second tenant' });
    const second = { id: 'second', client: first.client.withKey(apiKey) };
    for (const { client } of [first, second]) await client.importArticles(articles);
    return new World(system, first, second);
  }

  get tenants(): readonly TestTenant[] {
    return [this.first, this.second];
  }

  /** A new customer of a tenant, by default the first one. */
  async customer(tenant: TestTenant = this.first, locale?: string): Promise<Customer> {
    const customer = await Customer.arrive(tenant.client, tenant.id, locale);
    this.customers.push(customer);
    return customer;
  }

  /** Ends all streams and the system. */
  async end(): Promise<void> {
    for (const customer of this.customers) customer.leave();
    await this.system.stop();
  }
}
