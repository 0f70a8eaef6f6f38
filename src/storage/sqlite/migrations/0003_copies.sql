-- What the database is, see driver.Role: 0 an original, 1 a copy, 2 an unfinished one, 3 moved elsewhere. The next
-- incarnation begins above floor.
ALTER TABLE compaction ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
ALTER TABLE compaction ADD COLUMN floor INTEGER NOT NULL DEFAULT 0;

-- What a backup has. No row: the file is none, or has been used by a server since.
CREATE TABLE seal (
    rows    INTEGER NOT NULL,
    objects INTEGER NOT NULL,
    -- SHA-256 of all rows of the log
    digest  BLOB    NOT NULL,
    -- Unix time in milliseconds
    made_at INTEGER NOT NULL,
    -- the version of the program
    made_by TEXT    NOT NULL
) STRICT;
