-- {schema} is replaced by the quoted name of the schema.

-- What the database is, see driver.Role: 0 an original, 1 a copy, 2 an unfinished one, 3 moved elsewhere. The next
-- incarnation begins above floor.
ALTER TABLE {schema}.compaction ADD COLUMN role smallint NOT NULL DEFAULT 0, ADD COLUMN floor bigint NOT NULL DEFAULT 0;

-- See 0002. Who is no original lacks what the original may have got since.
CREATE OR REPLACE FUNCTION {schema}.lacks(seen bigint, seen_at timestamptz) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN EXISTS (SELECT FROM {schema}.compaction c WHERE c.role <> 0 OR seen > c.revision
        AND NOT EXISTS (SELECT FROM {schema}.log l WHERE l.revision = seen AND l.committed_at = seen_at));
END
$function$;

-- See 0002.
CREATE OR REPLACE FUNCTION {schema}.start_incarnation(
    lock_id bigint, channel text, seen bigint, seen_at timestamptz, OUT newest bigint, OUT began bigint, OUT began_at timestamptz, OUT lost boolean
) LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET lock_timeout = '10s'
AS $function$
DECLARE
    role  smallint;
    floor bigint;
BEGIN
    PERFORM {schema}.take_turn(lock_id);
    SELECT c.role, c.floor INTO STRICT role, floor FROM {schema}.compaction c;
    IF role > 1 THEN
        RAISE 'the database has role %', role USING ERRCODE = 'AR00' || role;
    END IF;
    newest := (SELECT max(l.revision) FROM {schema}.log l);
    lost := role = 0 AND {schema}.lacks(seen, seen_at);
    IF lost OR role = 1 OR {schema}.location() <> (SELECT i.location FROM {schema}.incarnation i) THEN
        began := greatest(newest, seen, floor) + 1000000000;
        began_at := clock_timestamp();
        INSERT INTO {schema}.log (revision, key, prev_revision, deleted, committed_at) VALUES (began, '', 0, true, began_at);
        UPDATE {schema}.compaction c SET revision = began, role = 0, floor = 0;
        PERFORM pg_notify(channel, '');
    END IF;
    UPDATE {schema}.incarnation SET location = {schema}.location() WHERE {schema}.location() IS NOT NULL;
END
$function$;
