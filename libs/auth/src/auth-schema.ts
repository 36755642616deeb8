import type { SchemaMigrations } from '@clawdesk/database';

export const authSchema: SchemaMigrations = {
  schema: 'auth',
  migrations: [
    {
      name: '0001-tenants-and-keys',
      sql: `
        -- The list of tenants belongs to the platform: no tenant's own request reads or writes it. Its columns
        -- are named id, not tenant_id, because it is not any tenant's data.
        CREATE TABLE auth.tenants (
          id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
          name text NOT NULL,
          secret bytea NOT NULL CHECK (octet_length(secret) = 32),
          created_at timestamptz NOT NULL DEFAULT now()
        );
        REVOKE ALL ON auth.tenants FROM {{app}};
        GRANT SELECT, INSERT ON auth.tenants TO {{platform}};

        CREATE TABLE auth.api_keys (
          tenant_id text NOT NULL DEFAULT current_setting('app.tenant'),
          id uuid NOT NULL,
          name text NOT NULL,
          hash text NOT NULL,
          permissions text[] NOT NULL,
          created_at timestamptz NOT NULL DEFAULT now(),
          revoked_at timestamptz,
          -- A key of whoever runs the installation; no tenant's own request can make one.
          platform boolean NOT NULL DEFAULT false,
          CHECK (platform OR NOT 'tenants:write' = ANY (permissions)),
          PRIMARY KEY (tenant_id, id),
          UNIQUE (tenant_id, hash)
        );
        ALTER TABLE auth.api_keys ENABLE ROW LEVEL SECURITY;
        ALTER TABLE auth.api_keys FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON auth.api_keys
          USING (tenant_id = current_setting('app.tenant', true))
          WITH CHECK (tenant_id = current_setting('app.tenant', true));
        CREATE POLICY no_platform_keys ON auth.api_keys AS RESTRICTIVE FOR INSERT TO {{app}} WITH CHECK (NOT platform);
        REVOKE UPDATE, DELETE ON auth.api_keys FROM {{app}};
        GRANT UPDATE (revoked_at) ON auth.api_keys TO {{app}};
        -- A tenant and its first key are made together, by the platform, which can read no key.
        CREATE POLICY first_keys ON auth.api_keys FOR INSERT TO {{platform}} WITH CHECK (true);
        GRANT INSERT ON auth.api_keys TO {{platform}};
      `,
    },
  ],
};
