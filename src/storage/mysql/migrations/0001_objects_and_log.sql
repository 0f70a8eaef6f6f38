-- DDL commits by itself here. A migration that was interrupted is run again, so each statement does nothing if it was done
-- before. Statements end with a semicolon at the end of a line.
-- Keys are bytes: 760 of them, with a revision behind, fit into an index of the smallest page that InnoDB can have. Moments are
-- microseconds since 1970, which no time zone of a session can change.

-- Every write, in order of revision. Rows are inserted and, by compaction, deleted; never updated.
CREATE TABLE IF NOT EXISTS log (
    revision      BIGINT         NOT NULL PRIMARY KEY,
    `key`         VARBINARY(760) NOT NULL,
    -- What the key had before; 0: it did not exist.
    prev_revision BIGINT         NOT NULL,
    deleted       BOOLEAN        NOT NULL,
    -- The key of a deletion, else NULL.
    tombstone     VARBINARY(760),
    committed_at  BIGINT         NOT NULL,
    -- When the record is to be deleted; NULL: never.
    expires_at    BIGINT,
    -- Length of the value in bytes.
    size          INT            NOT NULL,
    -- Of key and value, see storage.Checksum; NULL for deletions.
    checksum      BIGINT,
    -- What selectors ask about; NULL: unknown.
    labels        JSON,
    fields        JSON,
    -- The bytes as they are: MySQL's own type for JSON would rewrite them.
    value         LONGBLOB,
    -- The version of a key at a revision.
    KEY log_key (`key`, revision),
    -- The keys that a list at an older revision does not find in objects any more. All other rows are under NULL, in order of revision
    -- and with their sizes, which is what tells how long history may be.
    KEY log_tombstones (tombstone, revision, size)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The living keys.
CREATE TABLE IF NOT EXISTS objects (
    `key`      VARBINARY(760) NOT NULL PRIMARY KEY,
    -- The entry of log that has the value.
    revision   BIGINT         NOT NULL,
    size       INT            NOT NULL,
    labels     JSON,
    fields     JSON,
    expires_at BIGINT,
    KEY objects_expiry (expires_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Who has locked this row may add to the log. One row.
CREATE TABLE IF NOT EXISTS sequencer (
    only_row BOOLEAN NOT NULL PRIMARY KEY
) ENGINE = InnoDB;
INSERT IGNORE INTO sequencer (only_row) VALUES (TRUE);

-- One row.
CREATE TABLE IF NOT EXISTS compaction (
    only_row BOOLEAN NOT NULL PRIMARY KEY,
    -- What Backend.CompactRevision reports. It is raised before anything is deleted: whoever can see a gap sees this too.
    revision BIGINT  NOT NULL,
    -- Up to here rows have been deleted.
    swept    BIGINT  NOT NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO compaction (only_row, revision, swept) VALUES (TRUE, 0, 0);

-- Which server and database the log belongs to. Not equal any more: it may lack what has been committed. One row.
CREATE TABLE IF NOT EXISTS incarnation (
    only_row BOOLEAN NOT NULL PRIMARY KEY,
    -- NULL: unknown.
    location VARCHAR(255)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
INSERT IGNORE INTO incarnation (only_row, location) VALUES (TRUE, NULL);

-- The processes that use the database, and when they said so last.
CREATE TABLE IF NOT EXISTS processes (
    id      BINARY(16) NOT NULL PRIMARY KEY,
    beat_at BIGINT     NOT NULL
) ENGINE = InnoDB;

-- Revision 1 marks the empty database. A log that has been compacted since has later ones.
INSERT INTO log (revision, `key`, prev_revision, deleted, committed_at, size)
SELECT 1, '', 0, TRUE, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)), 0 FROM sequencer WHERE NOT EXISTS (SELECT 1 FROM log l);

-- The current objects, for SQL users. Keys are /<group>/<resource>/[<namespace>/]<name>, in the core group /<resource>/[<namespace>/]<name>; a
-- group has a dot, a resource has none. object is NULL if the value is encrypted, or if it is no JSON to the database's functions.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW resources AS
SELECT path.api_group,
       SUBSTRING_INDEX(path.rest, '/', 1) AS resource,
       CASE WHEN path.rest LIKE '%/%/%' THEN SUBSTRING_INDEX(SUBSTRING_INDEX(path.rest, '/', 2), '/', -1) END AS namespace,
       SUBSTRING_INDEX(path.rest, '/', -1) AS name,
       path.revision,
       CASE WHEN JSON_VALID(path.text) AND CAST(path.text AS BINARY) = path.value THEN path.text END AS object,
       path.labels,
       TIMESTAMPADD(MICROSECOND, path.committed_at, '1970-01-01') AS committed_at,
       path.`key`
FROM (
    SELECT CASE WHEN SUBSTRING_INDEX(split.path, '/', 1) LIKE '%.%' THEN SUBSTRING_INDEX(split.path, '/', 1) ELSE '' END AS api_group,
           CASE WHEN SUBSTRING_INDEX(split.path, '/', 1) LIKE '%.%' THEN SUBSTRING(split.path, LOCATE('/', split.path) + 1) ELSE split.path END AS rest,
           split.*
    FROM (
        SELECT TRIM(LEADING '/' FROM CONVERT(o.`key` USING utf8mb4)) AS path,
               CASE WHEN l.value LIKE '{%' THEN CONVERT(l.value USING utf8mb4) END AS text,
               o.`key`, o.revision, o.labels, l.value, l.committed_at
        FROM objects o
        JOIN log l ON l.revision = o.revision
    ) AS split
) AS path;
