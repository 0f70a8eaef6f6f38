-- {schema} is replaced by the quoted name of the schema.

-- Which server, timeline and tables the log belongs to: see location(). Not equal any more: the database is another
-- one than it was, by a failover or because it was restored, and may lack what has been committed. One row.
CREATE TABLE {schema}.incarnation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- null: unknown.
    location text
);

-- The server's cluster, the timeline that a promotion begins, and the table. null if a server does not tell, and on a standby.
CREATE FUNCTION {schema}.location() RETURNS text LANGUAGE plpgsql AS $function$
BEGIN
    RETURN concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_lsn()), 8), '{schema}.log'::regclass::oid);
EXCEPTION WHEN insufficient_privilege OR undefined_function OR feature_not_supported OR object_not_in_prerequisite_state THEN
    RETURN NULL;
END
$function$;

INSERT INTO {schema}.incarnation (location) VALUES ({schema}.location());

-- Of key and value, see storage.Checksum; null for deletions, and for what version 1 wrote.
ALTER TABLE {schema}.log ADD COLUMN checksum bigint;

-- Whether the log lacks the entry of revision seen, committed at seen_at, that a process has read or written. What is
-- compacted need not be there.
CREATE FUNCTION {schema}.lacks(seen bigint, seen_at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $function$
BEGIN
    RETURN seen > (SELECT c.revision FROM {schema}.compaction c WHERE c.only_row)
        AND NOT EXISTS (SELECT FROM {schema}.log l WHERE l.revision = seen AND l.committed_at = seen_at);
END
$function$;

-- Applies a batch of writes, given as columns. revisions has that of each; 0: its precondition did not hold. See
-- Backend.Commit. Nothing is done if the log lacks what the caller has seen. The caller must run it in a transaction of its own,
-- READ COMMITTED: then the statement after the lock sees everything that was committed under the lock before.
-- The planner settings keep a plan that was made while the tables were small from scanning them when they are large.
CREATE FUNCTION {schema}.apply_batch(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[], checksums bigint[],
    OUT revisions bigint[], OUT moment timestamptz
) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $function$
DECLARE
    newest    bigint;
    any_holds boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(lock_id);
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

-- What servers of version 1 call, which may still run during a rolling update.
CREATE OR REPLACE FUNCTION {schema}.commit_batch(
    lock_id bigint, channel text,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[]
) RETURNS bigint[] LANGUAGE sql AS $function$
    SELECT applied.revisions FROM {schema}.apply_batch(lock_id, channel, 0, clock_timestamp(),
        keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries, NULL) AS applied
$function$;

-- apply_batch as one message, so that the lock never waits for a client: it is released by the COMMIT here.
CREATE PROCEDURE {schema}.commit_writes(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[], checksums bigint[],
    INOUT revisions bigint[], INOUT moment timestamptz
) LANGUAGE plpgsql AS $procedure$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        ROLLBACK; -- nothing
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    END IF;
    SELECT applied.revisions, applied.moment INTO revisions, moment
    FROM {schema}.apply_batch(lock_id, channel, seen, seen_at,
        keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries, checksums) AS applied;
    COMMIT;
END
$procedure$;

-- Begins a new incarnation if the log lacks what the caller has seen, or is in another place: revisions go on far above
-- all that can have been used, and what was before counts as compacted, so that nobody takes a version for another one that
-- had its number. began is null if there was no reason to; newest is where the log ended.
CREATE FUNCTION {schema}.start_incarnation(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz, OUT newest bigint, OUT began bigint, OUT began_at timestamptz, OUT lost boolean
) LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM pg_advisory_xact_lock(lock_id);
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
