import type { Migration } from '@clawdesk/database';

/**
 * The timeline, partitioned by month. Rows always have a place: what falls outside the months made so far goes
 * to the default partition. `create_timeline_months` runs as the owner because only the owner may make tables;
 * it takes a number and nothing else from its caller.
 */
export const timeline: Migration = {
  name: '0002-timeline',
  sql: `
    CREATE TABLE business_logic.timeline (
      tenant_id text NOT NULL DEFAULT current_setting('app.tenant'),
      conversation uuid NOT NULL,
      sequence integer NOT NULL CHECK (sequence > 0),
      kind text NOT NULL CHECK (kind IN ('message', 'reply', 'turn', 'owner')),
      id uuid,
      contact text NOT NULL,
      agent text,
      entry jsonb NOT NULL,
      created_at timestamptz NOT NULL,
      PRIMARY KEY (tenant_id, conversation, sequence, created_at)
    ) PARTITION BY RANGE (created_at);
    CREATE INDEX timeline_by_contact ON business_logic.timeline (tenant_id, contact, agent, created_at);
    CREATE INDEX timeline_by_kind ON business_logic.timeline (tenant_id, conversation, created_at, kind);
    ALTER TABLE business_logic.timeline ENABLE ROW LEVEL SECURITY;
    ALTER TABLE business_logic.timeline FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON business_logic.timeline
      USING (tenant_id = current_setting('app.tenant', true))
      WITH CHECK (tenant_id = current_setting('app.tenant', true));
    GRANT SELECT, INSERT, UPDATE, DELETE ON business_logic.timeline TO {{app}};

    CREATE FUNCTION business_logic.guard_timeline_partition(partition text) RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      -- Rows are reached through the parent; a partition itself shows nothing without the tenant either.
      EXECUTE format('ALTER TABLE business_logic.%I ENABLE ROW LEVEL SECURITY', partition);
      EXECUTE format('ALTER TABLE business_logic.%I FORCE ROW LEVEL SECURITY', partition);
      EXECUTE format($policy$CREATE POLICY tenant ON business_logic.%I
        USING (tenant_id = current_setting('app.tenant', true))
        WITH CHECK (tenant_id = current_setting('app.tenant', true))$policy$, partition);
    END $$;

    CREATE FUNCTION business_logic.create_timeline_months(ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      this_month date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
      first_day date;
      partition text;
      made integer := 0;
    BEGIN
      -- Attaching a partition waits for statements that are running; it must not hold up those behind it.
      PERFORM set_config('lock_timeout', '2s', true);
      -- Two processes at the same time: the second one finds the months there.
      PERFORM pg_advisory_xact_lock(hashtext('business_logic.create_timeline_months'));
      FOR month IN 0 .. least(greatest(ahead, 0), 24) LOOP
        first_day := (this_month + make_interval(months => month))::date;
        partition := 'timeline_' || to_char(first_day, 'YYYY_MM');
        CONTINUE WHEN to_regclass('business_logic.' || partition) IS NOT NULL;
        BEGIN
          EXECUTE format(
            'CREATE TABLE business_logic.%I PARTITION OF business_logic.timeline FOR VALUES FROM (%L) TO (%L)',
            partition, first_day || ' 00:00:00+00', (first_day + interval '1 month')::date || ' 00:00:00+00');
          PERFORM business_logic.guard_timeline_partition(partition);
          made := made + 1;
        EXCEPTION WHEN check_violation THEN
          -- The default partition holds rows of that month already: they stay there, found as before.
          RAISE WARNING 'timeline: % stays in the default partition', to_char(first_day, 'YYYY-MM');
        END;
      END LOOP;
      RETURN made;
    END $$;
    REVOKE ALL ON FUNCTION business_logic.guard_timeline_partition(text) FROM PUBLIC;
    REVOKE ALL ON FUNCTION business_logic.create_timeline_months(integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION business_logic.create_timeline_months(integer) TO {{platform}};

    CREATE TABLE business_logic.timeline_other PARTITION OF business_logic.timeline DEFAULT;
    SELECT business_logic.guard_timeline_partition('timeline_other');
    SELECT business_logic.create_timeline_months(3);
  `,
};
