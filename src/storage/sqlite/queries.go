package sqlite

const sqlSelectFormat = `SELECT page_count, page_size, schema_version FROM pragma_page_count, pragma_page_size, pragma_schema_version`

const (
	sqlSelectVersion = `SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)`
	sqlSelectTables  = `SELECT count(*) FROM sqlite_schema WHERE tbl_name NOT LIKE '\_litestream\_%' ESCAPE '\'`
	sqlSelectBegun   = `SELECT auto_vacuum, (` + sqlSelectTables + `) FROM pragma_auto_vacuum`
	sqlSelectShared  = `SELECT shared FROM compaction`
)

// Statements of the writer; sqlSelectState is one of readers too.
const (
	sqlInsertObject = `INSERT INTO objects (key, revision, size, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
	sqlUpdateObject = `UPDATE objects SET revision = ?, size = ?, expires_at = ? WHERE key = ? AND revision = ?`
	sqlDeleteObject = `DELETE FROM objects WHERE key = ? AND revision = ?`
	sqlInsertLog    = `INSERT INTO log (revision, key, prev_revision, deleted, committed_at, labels, fields, value, checksum)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

	// Where the log ends, and whether it lacks revision ?1, committed at ?2, or the database does
	// not stand for itself. What is compacted need not be there.
	sqlSelectState = `SELECT newest.revision, newest.committed_at, compaction.revision, compaction.role <> 0 OR ?1 > compaction.revision AND
			NOT EXISTS (SELECT 1 FROM log seen WHERE seen.revision = ?1 AND seen.committed_at = ?2)
		FROM (SELECT revision, committed_at FROM log ORDER BY revision DESC LIMIT 1) newest, compaction`

	// What an incarnation begins above, if it may begin.
	sqlSelectRole = `SELECT role, floor FROM compaction`
	sqlSetRole    = `UPDATE compaction SET role = ?, floor = max(floor, ?)`
	sqlEndRole    = `UPDATE compaction SET role = 0, floor = 0`

	sqlSetShared     = `UPDATE compaction SET shared = 1 WHERE shared = 0`
	sqlSetCompaction = `UPDATE compaction SET revision = max(revision, ?)`
	sqlSetSwept      = `UPDATE compaction SET cleaned = ?`
	// The revision of the ?3-th entry in (?1, ?2], if there are as many.
	sqlSelectStep = `SELECT revision FROM log WHERE revision > ?1 AND revision <= ?2 ORDER BY revision LIMIT 1 OFFSET ?3 - 1`
	// The versions that the writes in (?1, ?2] superseded.
	sqlDeleteSuperseded = `DELETE FROM log WHERE revision IN
		(SELECT prev_revision FROM log WHERE revision > ?1 AND revision <= ?2 AND prev_revision > 0)`
	// A tombstone that was the newest entry is deleted by the next compaction, which begins with
	// it.
	sqlDeleteTombstones = `DELETE FROM log WHERE revision >= ? AND revision <= ? AND revision < ? AND deleted`
)

// Statements of copies.
const (
	sqlSelectRows = `SELECT l.revision, l.key, l.prev_revision, l.deleted, l.committed_at, o.expires_at, l.labels, l.fields, l.value, coalesce(l.checksum, 0)
		FROM log l LEFT JOIN objects o ON o.key = l.key AND o.revision = l.revision
		WHERE l.revision > ? ORDER BY l.revision LIMIT ?`
	sqlSelectBareRows = `SELECT revision, key, prev_revision, deleted, committed_at, NULL, NULL, NULL, NULL, coalesce(checksum, 0)
		FROM log WHERE revision > ? ORDER BY revision LIMIT ?`
	// Where the log ends, and what the database is.
	sqlSelectStanding = `SELECT newest.revision, newest.committed_at, compaction.revision, role, EXISTS (SELECT 1 FROM objects)
		FROM (SELECT revision, committed_at FROM log ORDER BY revision DESC LIMIT 1) newest, compaction`

	sqlCountRows = `SELECT count(*) FROM log WHERE revision > ?`

	sqlDeleteLog = `DELETE FROM log`
	sqlDeleteRow = `DELETE FROM log WHERE revision = ?`
	sqlDeleteKey = `DELETE FROM objects WHERE key = ?`

	sqlSelectSeal = `SELECT rows, objects, digest, made_at, made_by FROM seal`
	sqlDeleteSeal = `DELETE FROM seal`
	sqlInsertSeal = `INSERT INTO seal (rows, objects, digest, made_at, made_by) VALUES (?, ?, ?, ?, ?)`
)

// What shrink needs.
const (
	sqlSelectPages = `SELECT (SELECT auto_vacuum FROM pragma_auto_vacuum), (SELECT freelist_count FROM pragma_freelist_count),
		(SELECT page_count FROM pragma_page_count)`
	sqlIncrementalVacuum = `PRAGMA incremental_vacuum(%d)`
)

// Statements of readers.
const (
	sqlSelectCompaction = `SELECT revision, cleaned FROM compaction`

	// One row, whether the key exists or not.
	sqlSelectCurrent = `SELECT state.*, o.revision, l.value, coalesce(l.checksum, 0)
		FROM (` + sqlSelectState + `) state LEFT JOIN objects o ON o.key = ?3 LEFT JOIN log l ON l.revision = o.revision`

	sqlSelectAt         = `SELECT revision, deleted, value, coalesce(checksum, 0) ` + sqlVersionAt
	sqlSelectRevisionAt = `SELECT revision, deleted, NULL, 0 ` + sqlVersionAt
	sqlVersionAt        = `FROM log WHERE key = ? AND revision <= ? ORDER BY revision DESC LIMIT 1`

	// The filter goes where %s stands.
	sqlListCurrent = `SELECT o.key, o.revision, l.value, coalesce(l.checksum, 0)
		FROM objects o CROSS JOIN log l ON l.revision = o.revision
		WHERE o.key >= ? AND o.key < ? %s ORDER BY o.key LIMIT ?`
	sqlKeysCurrent  = `SELECT o.key, o.revision, NULL, 0 FROM objects o WHERE o.key >= ? AND o.key < ? %s ORDER BY o.key LIMIT ?`
	sqlCountCurrent = `SELECT count(*) FROM objects WHERE key >= ? AND key < ?`

	sqlListAt    = `SELECT l.key, l.revision, l.value, coalesce(l.checksum, 0) ` + sqlFromLogAt + `%s ORDER BY l.key LIMIT ?`
	sqlKeysAt    = `SELECT l.key, l.revision, NULL, 0 ` + sqlFromLogAt + `%s ORDER BY l.key LIMIT ?`
	sqlCountAt   = `SELECT count(*) ` + sqlFromLogAt
	sqlFromLogAt = `FROM log l INDEXED BY log_key WHERE l.key >= ?1 AND l.key < ?2` + sqlNewestAt
	sqlNewestAt  = ` AND l.revision <= ?3 AND NOT l.deleted
		AND NOT EXISTS (SELECT 1 FROM log n WHERE n.key = l.key AND n.revision > l.revision AND n.revision <= ?3) `

	// The same, for a revision ?3 since which little has changed: what has not is taken as it is
	// now, and only of what has is the history read, at the cost of reading all changes since.
	sqlListSince = `SELECT o.key, o.revision, l.value, coalesce(l.checksum, 0)
		FROM objects o CROSS JOIN log l ON l.revision = o.revision
		WHERE o.key >= ?1 AND o.key < ?2 AND o.revision <= ?3 %[1]s
		UNION ALL SELECT l.key, l.revision, l.value, coalesce(l.checksum, 0) ` + sqlChangedSince + `%[1]s ORDER BY 1 LIMIT ?`
	sqlKeysSince = `SELECT o.key, o.revision, NULL, 0
		FROM objects o WHERE o.key >= ?1 AND o.key < ?2 AND o.revision <= ?3 %[1]s
		UNION ALL SELECT l.key, l.revision, NULL, 0 ` + sqlChangedSince + `%[1]s ORDER BY 1 LIMIT ?`
	sqlChangedSince = `FROM (SELECT DISTINCT key FROM log NOT INDEXED WHERE revision > ?3 AND +key >= ?1 AND +key < ?2) changed
		CROSS JOIN log l INDEXED BY log_key ON l.key = changed.key` + sqlNewestAt

	// The unary plus keeps the scan in the order of revisions.
	sqlSelectLog = `SELECT l.key, l.revision, l.deleted, l.value, coalesce(l.checksum, 0), l.prev_revision, p.value, coalesce(p.checksum, 0)
		FROM log l LEFT JOIN log p ON p.revision = l.prev_revision
		WHERE l.revision > ? AND l.revision <= ? AND +l.key >= ? AND +l.key < ?
		ORDER BY l.revision LIMIT ?`

	sqlSelectCommitTime = `SELECT committed_at FROM log WHERE revision >= ? ORDER BY revision LIMIT 1`

	// It stops where it finds the revision, and reads no values.
	sqlSelectBeyond = `SELECT newer.revision FROM (
			SELECT revision, sum(octet_length(value)) OVER (ORDER BY revision DESC) AS bytes
			FROM log WHERE revision > (SELECT revision FROM compaction)
		) newer
		WHERE newer.bytes > ? LIMIT 1`

	sqlSelectExpired = `SELECT o.key, o.revision, l.value, coalesce(l.checksum, 0) FROM objects o JOIN log l ON l.revision = o.revision
		WHERE o.expires_at <= ? ORDER BY o.expires_at LIMIT ?`

	sqlSelectStats = `SELECT count(*), coalesce(sum(size), 0) FROM objects WHERE key >= ? AND key < ?`
)
