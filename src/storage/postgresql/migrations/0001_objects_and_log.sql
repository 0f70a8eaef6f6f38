-- {schema} is replaced by the quoted name of the schema.

-- Every write, in order of revision. Rows are inserted and, by compaction, deleted; never updated.
CREATE TABLE {schema}.log (
    revision      bigint      PRIMARY KEY,
    key           text        COLLATE "C" NOT NULL,
    -- What the key had before; 0: it did not exist.
    prev_revision bigint      NOT NULL,
    deleted       boolean     NOT NULL,
    -- A JSON value is in value, whose type keeps its text as it is; any other (encrypted, for instance) in data.
    value         json,
    data          bytea,
    -- What selectors ask about; null: unknown.
    labels        jsonb,
    fields        jsonb,
    committed_at  timestamptz NOT NULL
) WITH (
    -- Compaction deletes steadily from a large table: vacuum it in small portions.
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_scale_factor = 0.1,
    toast.autovacuum_vacuum_scale_factor = 0.02
);
-- The version of a key at a revision.
CREATE INDEX log_key ON {schema}.log (key, revision);
-- The keys that a list at an older revision does not find in objects any more.
CREATE INDEX log_tombstones ON {schema}.log (key, revision) WHERE deleted;

-- The living keys. Updates change no indexed column, so that they stay within the page (HOT).
CREATE TABLE {schema}.objects (
    key        text    COLLATE "C" PRIMARY KEY,
    -- The entry of log that has the value.
    revision   bigint  NOT NULL,
    -- Length of the value in bytes.
    size       integer NOT NULL,
    labels     jsonb,
    fields     jsonb,
    expires_at timestamptz
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);
CREATE INDEX objects_expiry ON {schema}.objects (expires_at) WHERE expires_at IS NOT NULL;

-- One row.
CREATE TABLE {schema}.compaction (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- What Backend.CompactRevision reports. It is raised before anything is deleted: whoever can see a gap
    -- sees this too.
    revision bigint  NOT NULL DEFAULT 0,
    -- Up to here rows have been deleted.
    swept    bigint  NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
INSERT INTO {schema}.compaction DEFAULT VALUES;

-- Revision 1 marks the empty database.
INSERT INTO {schema}.log (revision, key, prev_revision, deleted, committed_at) VALUES (1, '', 0, true, clock_timestamp());

-- Applies a batch of writes, given as columns, and returns the revision of each; 0: its precondition did not
-- hold. See Backend.Commit. The caller must run it in a transaction of its own, READ COMMITTED: then the
-- statement after the lock sees everything that was committed under the lock before.
-- The planner settings keep a plan that was made while the tables were small from scanning them when they are large.
CREATE FUNCTION {schema}.commit_batch(
    lock_id bigint, channel text,
    keys text[], expectations bigint[], deletions boolean[], documents json[], binaries bytea[], sizes integer[],
    label_sets jsonb[], field_sets jsonb[], expiries timestamptz[]
) RETURNS bigint[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET jit = off
AS $function$
DECLARE
    newest    bigint;
    moment    timestamptz;
    revisions bigint[];
    any_holds boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(lock_id);
    newest := (SELECT max(l.revision) FROM {schema}.log l);
    moment := clock_timestamp();

    WITH write AS (
        SELECT w.*, w.expected = coalesce((SELECT o.revision FROM {schema}.objects o WHERE o.key = w.key), 0) AS holds
        FROM unnest(keys, expectations, deletions, documents, binaries, sizes, label_sets, field_sets, expiries)
            WITH ORDINALITY AS w (key, expected, deleted, value, data, size, labels, fields, expires_at, ordinal)
    ), numbered AS MATERIALIZED (
        SELECT w.*, newest + count(*) FILTER (WHERE w.holds) OVER (ORDER BY w.ordinal) AS revision FROM write w
    ), logged AS (
        INSERT INTO {schema}.log (revision, key, prev_revision, deleted, value, data, labels, fields, committed_at)
        SELECT n.revision, n.key, n.expected, n.deleted, n.value, n.data, n.labels, n.fields, moment
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
    RETURN revisions;
END
$function$;

-- The current objects, for SQL users. Keys are /<group>/<resource>/[<namespace>/]<name>, in the core group
-- /<resource>/[<namespace>/]<name>; a group has a dot, a resource has none. object is null if the value is encrypted,
-- or holds what PostgreSQL's JSON functions fail on, such as an escaped zero byte.
CREATE VIEW {schema}.resources AS
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
