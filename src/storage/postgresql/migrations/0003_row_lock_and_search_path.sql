-- {schema} is replaced by the quoted name of the schema.
-- Names that others may create in a schema of the caller's search_path mean nothing here: the functions have one of their own, and
-- so has the migration. commit_writes, which commits, can't have one: its names are qualified, here and where it is called.

-- Who has locked this row may add to the log. An advisory lock, as before, can be held by anybody who may connect. Locking
-- changes the row in its place: it leaves no dead row behind. One row.
CREATE TABLE {schema}.sequencer (
    only_row boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    -- Until then calls of version 2's functions may be in flight, which hold the advisory lock instead.
    handover timestamptz NOT NULL
);
INSERT INTO {schema}.sequencer (handover)
SELECT CASE WHEN max(l.revision) > 1 THEN clock_timestamp() + interval '5 seconds' ELSE '-infinity' END FROM {schema}.log l;

-- Waits until nobody else adds to the log; the end of the transaction lets the next one do so. lock_id is version 2's advisory lock.
CREATE FUNCTION {schema}.take_turn(lock_id bigint) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    handover timestamptz;
BEGIN
    SELECT s.handover INTO STRICT handover FROM {schema}.sequencer s FOR UPDATE;
    WHILE clock_timestamp() < handover AND NOT pg_try_advisory_xact_lock(lock_id) LOOP
        PERFORM pg_sleep(0.001);
    END LOOP;
END
$function$;

-- See 0002. Servers of version 2 call it too.
CREATE OR REPLACE FUNCTION {schema}.apply_batch(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[], checksums bigint[],
    OUT revisions bigint[], OUT moment timestamptz
) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '10s'
SET plan_cache_mode = force_generic_plan
SET enable_indexscan = on
SET enable_nestloop = on
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $function$
DECLARE
    newest    bigint;
    any_holds boolean;
BEGIN
    PERFORM {schema}.take_turn(lock_id);
    IF {schema}.lacks(seen, seen_at) THEN
        RAISE 'the log lacks revision %', seen USING ERRCODE = 'AR001';
    END IF;
    newest := (SELECT max(l.revision) FROM {schema}.log l);
    moment := clock_timestamp();

    WITH write AS (
        SELECT w.*, w.expected = coalesce((SELECT o.revision FROM {schema}.objects o WHERE o.key = w.key), 0) AS holds
        FROM unnest(keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries, checksums)
            WITH ORDINALITY AS w (key, expected, deleted, value, data, size, labels, fields, expires_at, checksum, ordinal)
    ), numbered AS MATERIALIZED (
        SELECT w.*, newest + count(*) FILTER (WHERE w.holds) OVER (ORDER BY w.ordinal) AS revision FROM write w
    ), logged AS (
        INSERT INTO {schema}.log (revision, key, prev_revision, deleted, value, data, labels, fields, committed_at, checksum)
        SELECT n.revision, n.key, n.expected, n.deleted, n.value, n.data, n.labels, n.fields, moment, n.checksum
        FROM numbered n WHERE n.holds
    ), removed AS (
        DELETE FROM {schema}.objects WHERE key = ANY (ARRAY(SELECT n.key FROM numbered n WHERE n.holds AND n.deleted))
    ), kept AS (
        INSERT INTO {schema}.objects AS o (key, revision, size, labels, fields, expires_at)
        SELECT n.key, n.revision, n.size, n.labels, n.fields, n.expires_at
        FROM numbered n WHERE n.holds AND NOT n.deleted
        ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, size = excluded.size,
            labels = excluded.labels, fields = excluded.fields, expires_at = excluded.expires_at
    )
    SELECT array_agg(CASE WHEN n.holds THEN n.revision ELSE 0 END ORDER BY n.ordinal),
           coalesce(bool_or(n.holds), false)
    INTO revisions, any_holds
    FROM numbered n;

    IF any_holds THEN
        PERFORM pg_notify(channel, '');
    END IF;
END
$function$;

-- See 0002. Version 1's.
CREATE OR REPLACE FUNCTION {schema}.commit_batch(
    lock_id bigint, channel text,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[]
) RETURNS bigint[] LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT applied.revisions FROM {schema}.apply_batch(lock_id, channel, 0::bigint, clock_timestamp(),
        keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries, NULL::bigint[]) AS applied
$function$;

-- See 0002.
CREATE OR REPLACE PROCEDURE {schema}.commit_writes(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[], checksums bigint[],
    INOUT revisions bigint[], INOUT moment timestamptz
) LANGUAGE plpgsql AS $procedure$
BEGIN
    IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.<>) 'read committed' THEN
        ROLLBACK; -- nothing
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    END IF;
    SELECT applied.revisions, applied.moment INTO revisions, moment
    FROM {schema}.apply_batch(lock_id, channel, seen, seen_at,
        keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries, checksums) AS applied;
    COMMIT;
END
$procedure$;

-- See 0002.
CREATE OR REPLACE FUNCTION {schema}.start_incarnation(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz, OUT newest bigint, OUT began bigint, OUT began_at timestamptz, OUT lost boolean
) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '10s'
AS $function$
BEGIN
    PERFORM {schema}.take_turn(lock_id);
    newest := (SELECT max(l.revision) FROM {schema}.log l);
    lost := {schema}.lacks(seen, seen_at);
    IF lost OR {schema}.location() <> (SELECT i.location FROM {schema}.incarnation i) THEN
        began := greatest(newest, seen) + 1000000000;
        began_at := clock_timestamp();
        INSERT INTO {schema}.log (revision, key, prev_revision, deleted, committed_at) VALUES (began, '', 0, true, began_at);
        UPDATE {schema}.compaction SET revision = began;
        PERFORM pg_notify(channel, '');
    END IF;
    UPDATE {schema}.incarnation SET location = {schema}.location() WHERE {schema}.location() IS NOT NULL;
END
$function$;

-- See 0002.
CREATE OR REPLACE FUNCTION {schema}.location() RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8), '{schema}.log'::regclass::oid);
EXCEPTION WHEN insufficient_privilege OR undefined_function OR feature_not_supported OR object_not_in_prerequisite_state THEN
    RETURN NULL;
END
$function$;

-- See 0001. It was made under the search_path of who made it.
CREATE OR REPLACE VIEW {schema}.resources AS
SELECT path.api_group,
       path.rest[1] AS resource,
       CASE WHEN cardinality(path.rest) > 2 THEN path.rest[2] END AS namespace,
       path.rest[cardinality(path.rest)] AS name,
       o.revision,
       l.value AS object,
       o.labels,
       l.committed_at,
       o.key
FROM {schema}.objects o
JOIN {schema}.log l ON l.revision = o.revision
CROSS JOIN LATERAL (SELECT string_to_array(ltrim(o.key, '/'), '/') AS parts) AS split
CROSS JOIN LATERAL (
    SELECT CASE WHEN parts[1] LIKE '%.%' THEN parts[1] ELSE '' END AS api_group,
           CASE WHEN parts[1] LIKE '%.%' THEN parts[2:] ELSE parts END AS rest
) AS path;
