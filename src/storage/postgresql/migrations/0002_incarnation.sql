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

-- Whether the log lacks the entry of revision seen, committed at seen_at, that a process has read or written. What is
-- compacted need not be there.
CREATE FUNCTION {schema}.lacks(seen bigint, seen_at timestamptz) RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
AS $function$
BEGIN
    RETURN seen > (SELECT c.revision FROM {schema}.compaction c WHERE c.only_row)
        AND NOT EXISTS (SELECT FROM {schema}.log l WHERE l.revision = seen AND l.committed_at = seen_at);
END
$function$;

-- commit_batch as one message, so that the lock never waits for a client: it is released by the COMMIT here. Nothing is
-- committed if the log lacks what the caller has seen. committed_at is that of the batch, if it has a revision.
CREATE PROCEDURE {schema}.commit_writes(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[],
    INOUT revisions bigint[], INOUT committed_at timestamptz
) LANGUAGE plpgsql AS $procedure$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        ROLLBACK; -- nothing
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    END IF;
    PERFORM pg_advisory_xact_lock(lock_id);
    IF {schema}.lacks(seen, seen_at) THEN
        RAISE 'the log lacks revision %', seen USING ERRCODE = 'AR001';
    END IF;
    revisions := {schema}.commit_batch(
        lock_id, channel, keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries);
    committed_at := (SELECT l.committed_at FROM {schema}.log l ORDER BY l.revision DESC LIMIT 1);
    COMMIT;
END
$procedure$;

-- Begins a new incarnation if the log lacks what the caller has seen, or is in another place: revisions go on far above
-- all that can have been used, and what was before counts as compacted, so that nobody takes a version for another one that
-- had its number. began is null if there was no reason to; newest is where the log ended.
CREATE FUNCTION {schema}.start_incarnation(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz, OUT newest bigint, OUT began bigint, OUT began_at timestamptz
) LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM pg_advisory_xact_lock(lock_id);
    newest := (SELECT max(l.revision) FROM {schema}.log l);
    IF {schema}.lacks(seen, seen_at) OR {schema}.location() <> (SELECT i.location FROM {schema}.incarnation i) THEN
        began := greatest(newest, seen) + 1000000000;
        began_at := clock_timestamp();
        INSERT INTO {schema}.log (revision, key, prev_revision, deleted, committed_at) VALUES (began, '', 0, true, began_at);
        UPDATE {schema}.compaction SET revision = began;
        PERFORM pg_notify(channel, '');
    END IF;
    UPDATE {schema}.incarnation SET location = {schema}.location() WHERE {schema}.location() IS NOT NULL;
END
$function$;
