-- What Litestream makes in each database that it replicates. It is here before: to make a table while a server has the
-- file changes the version of the schema, by which the server knows that the file is its own.
CREATE TABLE IF NOT EXISTS _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER);
CREATE TABLE IF NOT EXISTS _litestream_lock (id INTEGER);

-- 1: a server has seen another program have the file open, which may have copied it to where nothing tells what clients
-- have seen.
ALTER TABLE compaction ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
