-- {schema} is replaced by the quoted name of the schema.

-- See 0003. Its names are its own now too, wherever it is called from: PostgreSQL would prefer anybody's pg_sleep(numeric) in a
-- schema of search_path.
CREATE OR REPLACE FUNCTION {schema}.take_turn(lock_id bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    handover timestamptz;
BEGIN
    SELECT s.handover INTO STRICT handover FROM {schema}.sequencer s FOR UPDATE;
    WHILE clock_timestamp() < handover AND NOT pg_try_advisory_xact_lock(lock_id) LOOP
        PERFORM pg_sleep(0.001::double precision);
    END LOOP;
END
$function$;

-- See 0002. That no standby has the commit is a warning, and nothing else: it has to get through, whatever the role or the
-- database has for client_min_messages. The setting holds until COMMIT has come to its end.
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
    PERFORM pg_catalog.set_config('client_min_messages', 'warning', true);
    SELECT applied.revisions, applied.moment INTO revisions, moment
    FROM {schema}.apply_batch(lock_id, channel, seen, seen_at,
        keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries, checksums) AS applied;
    COMMIT;
END
$procedure$;
