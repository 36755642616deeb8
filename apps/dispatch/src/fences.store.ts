import { Injectable } from '@nestjs/common';
import { Database } from '@clawdesk/database';

/** The fence of each conversation: the number that a bot's reply needs to be claimed. */
@Injectable()
export class FencesStore {
  constructor(private readonly database: Database) {}

  /** Puts the fence in force; an older one changes nothing. Waits for claims that hold the row. */
  raise(tenant: string, conversation: string, fence: number): Promise<void> {
    return this.database.tenantScope(tenant, async (manager) => {
      await manager.query(
        `INSERT INTO dispatch.fences AS f (conversation, fence) VALUES ($1, $2)
         ON CONFLICT (tenant_id, conversation) DO UPDATE SET fence = greatest(f.fence, EXCLUDED.fence)`,
        [conversation, fence],
      );
    });
  }
}
