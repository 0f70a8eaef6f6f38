-- Every committed write, in order. A value is stored once, here; objects points to it.
CREATE TABLE log (
    revision      INTEGER PRIMARY KEY,
    key           TEXT    NOT NULL,
    -- what this write superseded; 0: the key did not exist
    prev_revision INTEGER NOT NULL,
    deleted       INTEGER NOT NULL,
    -- Unix time in milliseconds
    committed_at  INTEGER NOT NULL,
    -- JSON objects of what selectors ask for. They come before the value, so that filtering does not read it.
    labels        TEXT,
    fields        TEXT,
    -- TEXT if it is JSON, BLOB if it is encrypted; NULL for a deletion
    value         ANY
) STRICT;

-- The state of a key at a revision.
CREATE INDEX log_key ON log (key, revision);

-- The current state.
CREATE TABLE objects (
    key        TEXT    NOT NULL PRIMARY KEY,
    revision   INTEGER NOT NULL,
    size       INTEGER NOT NULL,
    -- Unix time in milliseconds; NULL: never
    expires_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX objects_expires_at ON objects (expires_at) WHERE expires_at IS NOT NULL;

-- One row. History up to revision may not be read any more; it is deleted up to cleaned.
CREATE TABLE compaction (
    revision INTEGER NOT NULL,
    cleaned  INTEGER NOT NULL
) STRICT;

INSERT INTO compaction VALUES (0, 0);

-- An empty database is at revision 1.
INSERT INTO log VALUES (1, '', 0, 1, 0, NULL, NULL, NULL);

-- For people: SELECT name, object ->> '$.spec.type' FROM resources WHERE resource = 'agents';
CREATE VIEW resources AS
SELECT CASE WHEN instr(first, '.') > 0 THEN first ELSE '' END AS api_group,
       CASE WHEN instr(first, '.') > 0 THEN substr(rest, 1, instr(rest, '/') - 1) ELSE first END AS resource,
       object ->> '$.metadata.namespace' AS namespace,
       object ->> '$.metadata.name' AS name,
       revision,
       object
FROM (
    -- keys are /group/resource/namespace/name, or without group or namespace
    SELECT substr(o.key, 2, instr(substr(o.key, 2), '/') - 1) AS first,
           substr(o.key, 2 + instr(substr(o.key, 2), '/')) AS rest,
           o.revision,
           l.value AS object
    FROM objects o JOIN log l ON l.revision = o.revision
    WHERE typeof(l.value) = 'text'
);
