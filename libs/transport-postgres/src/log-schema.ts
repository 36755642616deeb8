import type { SchemaMigrations } from '@clawdesk/database';

/**
 * Topics as a log in PostgreSQL. Records lie in segments by day, so that retention drops whole tables. Offsets come from
 * `heads`, taken under a lock that is held until the commit: they are gap-free in commit order, and a reader
 * that has seen offset n never finds a smaller one later.
 */
export const logSchema: SchemaMigrations = {
  schema: 'log',
  // Also of the segments that are made later, one a day, no service's connection may see anything.
  access: 'platform',
  migrations: [
    {
      name: '0001-log',
      sql: `
        CREATE TABLE log.heads (
          topic text NOT NULL,
          partition integer NOT NULL,
          next_offset bigint NOT NULL DEFAULT 0,
          PRIMARY KEY (topic, partition)
        ) WITH (fillfactor = 50);

        CREATE TABLE log.records (
          topic text NOT NULL,
          partition integer NOT NULL,
          record_offset bigint NOT NULL,
          key text,
          headers text NOT NULL,
          -- Not compressed: that would cost more than all the rest of an append.
          value bytea STORAGE EXTERNAL NOT NULL,
          appended_at timestamptz NOT NULL,
          PRIMARY KEY (topic, partition, record_offset, appended_at)
        ) PARTITION BY RANGE (appended_at);
        CREATE TABLE log.records_other PARTITION OF log.records DEFAULT;

        -- One row per process that is alive; its lease is over when seen_at is too old by the server's clock.
        CREATE TABLE log.instances (
          id uuid PRIMARY KEY,
          seen_at timestamptz NOT NULL
        ) WITH (fillfactor = 50);

        CREATE TABLE log.members (
          group_name text NOT NULL,
          topic text NOT NULL,
          instance uuid NOT NULL REFERENCES log.instances ON DELETE CASCADE,
          PRIMARY KEY (group_name, instance)
        );

        -- Who reads a partition for a group, and from where on. The token grows with each new owner and fences the commits
        -- of the ones before.
        CREATE TABLE log.claims (
          group_name text NOT NULL,
          topic text NOT NULL,
          partition integer NOT NULL,
          owner uuid,
          token bigint NOT NULL DEFAULT 0,
          committed bigint NOT NULL DEFAULT 0,
          PRIMARY KEY (group_name, partition)
        ) WITH (fillfactor = 50);

        -- Every append waits for the one before it to commit, so that offsets appear in order.
        CREATE FUNCTION log.append(topics text[], partitions integer[], keys text[], headers text[], contents bytea[], wake text)
        RETURNS TABLE (topic text, partition integer, base bigint, at double precision)
        LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        DECLARE
          now_at timestamptz;
        BEGIN
          PERFORM pg_advisory_xact_lock(7364512002);
          now_at := clock_timestamp();
          IF wake IS NOT NULL THEN PERFORM pg_notify('clawdesk_log', wake); END IF;
          RETURN QUERY
            WITH given AS (
              SELECT * FROM unnest(topics, partitions, keys, headers, contents)
                WITH ORDINALITY AS g (topic, partition, key, headers, value, place)
            ), counted AS (
              SELECT topic, partition, count(*) AS records FROM given GROUP BY topic, partition
            ), moved AS (
              UPDATE log.heads h SET next_offset = h.next_offset + c.records
                FROM counted c WHERE h.topic = c.topic AND h.partition = c.partition
              RETURNING h.topic, h.partition, h.next_offset - c.records AS base
            ), written AS (
              INSERT INTO log.records (topic, partition, record_offset, key, headers, value, appended_at)
              SELECT g.topic, g.partition,
                     m.base + row_number() OVER (PARTITION BY g.topic, g.partition ORDER BY g.place) - 1,
                     g.key, g.headers, g.value, now_at
                FROM given g JOIN moved m ON m.topic = g.topic AND m.partition = g.partition
            )
            SELECT moved.topic, moved.partition, moved.base, (extract(epoch FROM now_at) * 1000)::double precision FROM moved;
        END $$;

        -- Runs as the owner, because only the owner of a table may give it segments or take them away.
        CREATE FUNCTION log.create_segments(days_ahead integer) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
          today date := (now() AT TIME ZONE 'UTC')::date;
          segment text;
        BEGIN
          PERFORM set_config('lock_timeout', '2s', true);
          PERFORM pg_advisory_xact_lock(7364512003);
          FOR ahead IN 0 .. least(greatest(days_ahead, 0), 30) LOOP
            segment := 'records_' || to_char(today + ahead, 'YYYYMMDD');
            CONTINUE WHEN to_regclass('log.' || segment) IS NOT NULL;
            BEGIN
              EXECUTE format('CREATE TABLE log.%I PARTITION OF log.records FOR VALUES FROM (%L) TO (%L)', segment,
                (today + ahead) || ' 00:00:00+00', (today + ahead + 1) || ' 00:00:00+00');
            EXCEPTION WHEN check_violation THEN
              RAISE WARNING 'log: % stays in the default segment', segment;
            END;
          END LOOP;
        END $$;

        -- Drops the segments that are older than so many days and that every group has read to their end.
        CREATE FUNCTION log.drop_segments(days_kept integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
        DECLARE
          segment text;
          unread boolean;
          dropped integer := 0;
        BEGIN
          PERFORM set_config('lock_timeout', '2s', true);
          FOR segment IN
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'log.records'::regclass AND c.relname ~ '^records_[0-9]{8}$'
               AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - greatest(days_kept, 1)
             ORDER BY c.relname
          LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM log.%I r JOIN log.claims c
              ON c.topic = r.topic AND c.partition = r.partition WHERE r.record_offset >= c.committed)', segment)
              INTO unread;
            EXIT WHEN unread;
            EXECUTE format('DROP TABLE log.%I', segment);
            dropped := dropped + 1;
          END LOOP;
          RETURN dropped;
        END $$;

        SELECT log.create_segments(3);
        REVOKE ALL ON ALL TABLES IN SCHEMA log FROM {{app}};
        REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
        GRANT SELECT, INSERT, UPDATE, DELETE ON log.heads, log.records, log.instances, log.members, log.claims TO {{platform}};
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA log TO {{platform}};
      `,
    },
    {
      // Headers and values come in one piece: as arrays of text each byte would be written as two and read again.
      name: '0002-append-in-one-piece',
      sql: `
        DROP FUNCTION log.append(text[], integer[], text[], text[], bytea[], text);

        -- Every append waits for the one before it to commit, so that offsets appear in order. 'ordinals' number the records of
        -- each partition from 0; 'contents' holds headers and value of one record after the other, 'starts' counts from 1.
        CREATE FUNCTION log.append(topics text[], partitions integer[], ordinals integer[], keys text[], starts integer[],
                                   header_sizes integer[], value_sizes integer[], contents bytea, wake text)
        RETURNS TABLE (topic text, partition integer, base bigint, at double precision)
        LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        DECLARE
          now_at timestamptz;
        BEGIN
          PERFORM pg_advisory_xact_lock(7364512002);
          now_at := clock_timestamp();
          IF wake IS NOT NULL THEN PERFORM pg_notify('clawdesk_log', wake); END IF;
          RETURN QUERY
            WITH given AS (
              SELECT * FROM unnest(topics, partitions, ordinals, keys, starts, header_sizes, value_sizes)
                AS g (topic, partition, ordinal, key, start, headers, value)
            ), counted AS (
              SELECT topic, partition, max(ordinal) + 1 AS records FROM given GROUP BY topic, partition
            ), moved AS (
              UPDATE log.heads h SET next_offset = h.next_offset + c.records
                FROM counted c WHERE h.topic = c.topic AND h.partition = c.partition
              RETURNING h.topic, h.partition, h.next_offset - c.records AS base
            ), written AS (
              INSERT INTO log.records (topic, partition, record_offset, key, headers, value, appended_at)
              SELECT g.topic, g.partition, m.base + g.ordinal, g.key,
                     convert_from(substring(contents FROM g.start FOR g.headers), 'UTF8'),
                     substring(contents FROM g.start + g.headers FOR g.value), now_at
                FROM given g JOIN moved m ON m.topic = g.topic AND m.partition = g.partition
            )
            SELECT moved.topic, moved.partition, moved.base, (extract(epoch FROM now_at) * 1000)::double precision FROM moved;
        END $$;

        REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA log TO {{platform}};
      `,
    },
  ],
};
