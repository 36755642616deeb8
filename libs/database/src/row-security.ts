import type { EntityManager } from 'typeorm';

/** Thrown when the app role could see more than one tenant. The process must not start. */
export class RowSecurityError extends Error {
  constructor(problems: readonly string[]) {
    super(`Tenants would not be kept apart:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'RowSecurityError';
  }
}

/**
 * Checks, as the app role, that it cannot get around row-level security and that every table with a tenant has it.
 * @throws {RowSecurityError} naming what is wrong
 */
export async function assertRowSecurity(manager: EntityManager): Promise<void> {
  const roles = await manager.query<{ name: string; bypass: boolean }[]>(
    `SELECT rolname AS name, rolsuper OR rolbypassrls AS bypass FROM pg_roles
      WHERE pg_has_role(session_user, oid, 'MEMBER')`,
  );
  const tables = await manager.query<{ name: string; forced: boolean; owned: boolean; policies: number }[]>(
    `SELECT c.oid::regclass::text AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
            pg_has_role(session_user, c.relowner, 'MEMBER') AS owned,
            (SELECT count(*)::integer FROM pg_policy WHERE polrelid = c.oid) AS policies
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const open = await manager.query<{ name: string }[]>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
        AND (c.relkind IN ('m', 'f')
          OR c.relkind = 'v' AND NOT coalesce(c.reloptions::text ~ 'security_invoker=(true|on|1)', false)
          OR c.relkind IN ('r', 'p') AND NOT EXISTS
            (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped))
        AND has_schema_privilege(session_user, n.oid, 'USAGE')
        AND has_table_privilege(session_user, c.oid, 'SELECT, INSERT, UPDATE, DELETE')`,
  );
  const problems = [
    ...roles.filter(({ bypass }) => bypass).map(({ name }) => `Role ${name} gets around row-level security.`),
    ...tables.filter(({ owned }) => owned).map(({ name }) => `The app role owns table ${name}.`),
    ...tables
      .filter(({ forced, policies }) => !forced || policies === 0)
      .map(({ name }) => `Table ${name} has no forced row-level security.`),
    ...open.map(
      ({ name }) =>
        `The app role may use ${name}, which row-level security does not cover: REVOKE it from {{app}} in a migration.`,
    ),
  ];
  if (problems.length > 0) throw new RowSecurityError(problems);
}
