export interface Tenant {
  /** Slug, e.g. `default`: [a-z0-9-], at most 40 characters. */
  id: string;
  name: string;
  /** Key of the HMACs that pseudonymise threads and contacts. Never leaves the process. */
  secret: Buffer;
}

/** The tenants there are. Cached; a tenant added elsewhere is seen within seconds. */
export abstract class TenantDirectory {
  /** @returns undefined when there is no such tenant. */
  abstract find(id: string): Promise<Tenant | undefined>;
  abstract all(): Promise<readonly Tenant[]>;
}
