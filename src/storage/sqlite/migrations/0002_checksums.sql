-- Of key and value, see storage.Checksum; NULL for deletions, and for what version 1 wrote.
ALTER TABLE log ADD COLUMN checksum INTEGER;
