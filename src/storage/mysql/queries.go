package mysql

// The SQL of this package, but for the tables, which are in migrations/, and filters. {location}
// stands for what identifies the server: see dialect. A column that is called as a reserved word is
// always qualified.
const (
	sqlBeginWrite = `SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION; `
	sqlBeginRead  = `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY; `
	sqlCommit     = `; COMMIT`

	sqlNow = `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))`

	// A server can be made read-only while connections go on, and some users may write to it all
	// the same. In some versions the variable is a word.
	sqlReadOnly = `(@@global.read_only NOT IN ('0', 'OFF') OR @@global.innodb_read_only)`

	// Locks the sequencer, and then looks where the log ends, and whether it lacks the revision ?,
	// committed at ?. The variables are the message's: SELECT … INTO leaves them as they are if
	// there is no row.
	sqlTakeTurn = `SET @turn = NULL, @lacks = NULL, @newest = NULL, @moment = NULL;
		SELECT s.only_row INTO @turn FROM sequencer s WHERE NOT ` + sqlReadOnly + ` FOR UPDATE;
		SELECT state.newest, state.lacks, ` + sqlNow + ` INTO @newest, @lacks, @moment FROM (` + sqlState + `) state; `

	// A digit for each write: 1 if its precondition holds. The conditions stand between these.
	sqlHolds    = `SELECT IF(@turn = 1 AND @lacks = 0, CONCAT(''`
	sqlHoldsOne = `, COALESCE((SELECT o.revision FROM objects o WHERE o.key = ?), 0) = ?`
	sqlHoldsEnd = `), REPEAT('0', %d)) INTO @holds; `

	// A row for each write. One whose precondition does not hold gets the revision of the newest
	// entry, which is there and stays as it is.
	sqlLogWrites    = `INSERT INTO log (revision, log.key, prev_revision, deleted, tombstone, committed_at, expires_at, size, checksum, labels, fields, value) VALUES `
	sqlLogWritesOne = `(@newest + IF(SUBSTR(@holds, %d, 1) = '1', LENGTH(REPLACE(SUBSTR(@holds, 1, %[1]d), '0', '')), 0), ?, ?, ?, ?, @moment, ?, ?, ?, ?, ?, ?)`
	sqlLogWritesEnd = ` ON DUPLICATE KEY UPDATE log.revision = log.revision; `

	sqlKeep = `INSERT INTO objects (objects.key, revision, size, labels, fields, expires_at)
		SELECT l.key, l.revision, l.size, l.labels, l.fields, l.expires_at FROM log l WHERE l.revision > @newest AND NOT l.deleted
		ON DUPLICATE KEY UPDATE objects.revision = l.revision, objects.size = l.size, objects.labels = l.labels, objects.fields = l.fields,
			objects.expires_at = l.expires_at; `
	sqlRemove = `DELETE o FROM log l STRAIGHT_JOIN objects o ON o.key = l.tombstone WHERE l.revision > @newest; `

	sqlOutcome = `SELECT @turn, @lacks, @newest, @moment, @holds`

	// Where the log ends, where it begins, and whether it lacks revision ?, committed at ?, or the
	// database does not stand for itself. What is compacted need not be there.
	sqlState = `SELECT n.revision AS newest, n.committed_at, c.revision AS compacted,
			st.role <> 0 OR ? > c.revision AND NOT EXISTS (SELECT 1 FROM log seen WHERE seen.revision = ? AND seen.committed_at = ?) AS lacks
		FROM (SELECT e.revision, e.committed_at FROM log e ORDER BY e.revision DESC LIMIT 1) n, compaction c, standing st`

	// One row, whether the key exists or not: a single statement is a snapshot by itself.
	sqlGet = `SELECT state.*, o.revision, l.value, COALESCE(l.checksum, 0)
		FROM (` + sqlState + `) state
		LEFT JOIN objects o ON o.key = ?
		LEFT JOIN log l ON l.revision = o.revision`

	// By the index log_key.
	sqlGetAt      = `SELECT l.revision, l.deleted, l.value, COALESCE(l.checksum, 0) ` + sqlVersionAt
	sqlRevisionAt = `SELECT l.revision, l.deleted, NULL, 0 ` + sqlVersionAt
	sqlVersionAt  = `FROM log l WHERE l.key = ? AND l.revision <= ? ORDER BY l.revision DESC LIMIT 1`

	// ? ≤ key < ? that match the filter. By the primary key of objects; log is only read for the
	// page.
	sqlList = `SELECT o.key, o.revision, l.value, COALESCE(l.checksum, 0)
		FROM objects o FORCE INDEX FOR JOIN (PRIMARY) FORCE INDEX FOR ORDER BY (PRIMARY) STRAIGHT_JOIN log l ON l.revision = o.revision
		WHERE o.key >= ? AND o.key < ?%s
		ORDER BY o.key LIMIT ?`

	sqlKeys = `SELECT o.key, o.revision, NULL, 0
		FROM objects o FORCE INDEX FOR JOIN (PRIMARY) FORCE INDEX FOR ORDER BY (PRIMARY)
		WHERE o.key >= ? AND o.key < ?%s
		ORDER BY o.key LIMIT ?`

	sqlCount = `SELECT COUNT(*) FROM objects o WHERE o.key >= ? AND o.key < ?`

	// The same at a revision. A key that lived then either lives now, and is found as above, or has
	// been deleted since, and has a tombstone. log_key finds the version of each: one look-up per
	// key, however many versions there are. Values are only read for the page.
	sqlListAt = `SELECT page.name, l.revision, l.value, COALESCE(l.checksum, 0)
		FROM ` + sqlPageAt + ` STRAIGHT_JOIN log l ON l.revision = page.revision
		ORDER BY page.name LIMIT ?`
	sqlKeysAt = `SELECT page.name, page.revision, NULL, 0 FROM ` + sqlPageAt + ` ORDER BY page.name LIMIT ?`
	sqlPageAt = `(
			(
				SELECT known.key AS name, o.revision
				FROM objects known FORCE INDEX FOR JOIN (PRIMARY) FORCE INDEX FOR ORDER BY (PRIMARY)
				STRAIGHT_JOIN log o ON o.revision = IF(known.revision <= ?, known.revision,
					(SELECT v.revision FROM log v WHERE v.key = known.key AND v.revision <= ? ORDER BY v.revision DESC LIMIT 1))
				WHERE known.key >= ? AND known.key < ? AND NOT o.deleted%s
				ORDER BY known.key LIMIT ?
			) UNION ALL (
				SELECT known.name, o.revision
				FROM (SELECT DISTINCT t.tombstone AS name FROM log t WHERE t.tombstone >= ? AND t.tombstone < ? AND t.revision > ?) known
				STRAIGHT_JOIN log o ON o.revision = (SELECT v.revision FROM log v WHERE v.key = known.name AND v.revision <= ? ORDER BY v.revision DESC LIMIT 1)
				WHERE NOT EXISTS (SELECT 1 FROM objects living WHERE living.key = known.name) AND NOT o.deleted%s
				ORDER BY known.name LIMIT ?
			)
		) page`

	// As many as live now, without those that were created since, with those that were deleted
	// since.
	sqlCountAt = `SELECT (` + sqlCount + `) + COALESCE((SELECT SUM(l.deleted) - SUM(l.prev_revision = 0)
		FROM log l WHERE l.revision > ? AND l.key >= ? AND l.key < ?), 0)`

	// Changes with ? < revision ≤ ? and ? ≤ key < ?. By the primary key, twice.
	sqlLog = `SELECT l.key, l.revision, l.deleted, l.value, COALESCE(l.checksum, 0),
			l.prev_revision, previous.value, COALESCE(previous.checksum, 0)
		FROM log l FORCE INDEX (PRIMARY)
		LEFT JOIN log previous ON previous.revision = l.prev_revision
		WHERE l.revision > ? AND l.revision <= ? AND l.key >= ? AND l.key < ?
		ORDER BY l.revision LIMIT ?`

	sqlCompacted  = `SELECT c.revision FROM compaction c`
	sqlCommitTime = `SELECT l.committed_at FROM log l WHERE l.revision >= ? ORDER BY l.revision LIMIT 1`

	// Where the log ends, what the database is, and whether there are keys.
	sqlStanding = `SELECT n.revision, n.committed_at, c.revision, st.role, EXISTS (SELECT 1 FROM objects o)
		FROM (SELECT e.revision, e.committed_at FROM log e ORDER BY e.revision DESC LIMIT 1) n, compaction c, standing st`

	// The rows of the log after ?.
	sqlRows = `SELECT l.revision, l.key, l.prev_revision, l.deleted, l.committed_at, o.expires_at, l.labels, l.fields, l.value, COALESCE(l.checksum, 0)
		FROM log l FORCE INDEX (PRIMARY) LEFT JOIN objects o ON o.key = l.key AND o.revision = l.revision WHERE l.revision > ? ORDER BY l.revision LIMIT ?`
	sqlBareRows = `SELECT l.revision, l.key, l.prev_revision, l.deleted, l.committed_at, NULL, NULL, NULL, NULL, COALESCE(l.checksum, 0)
		FROM log l FORCE INDEX (PRIMARY) WHERE l.revision > ? ORDER BY l.revision LIMIT ?`

	sqlCountRows = `SELECT COUNT(*) FROM log l WHERE l.revision > ?`

	sqlEmptyLog      = `DELETE FROM log`
	sqlImportLog     = `INSERT INTO log (log.key, prev_revision, deleted, tombstone, expires_at, size, checksum, labels, fields, value, revision, committed_at) VALUES `
	sqlImportLogOne  = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlDropObject    = `DELETE FROM objects WHERE objects.key = ? AND objects.revision = ?; `
	sqlDeleteKeys    = `DELETE FROM objects WHERE objects.key IN (%s); `
	sqlImportObjects = `INSERT INTO objects (objects.key, revision, size, labels, fields, expires_at)
		SELECT l.key, l.revision, l.size, l.labels, l.fields, l.expires_at FROM log l WHERE l.revision IN (%s); `
	sqlSetRole = `UPDATE standing st SET st.role = ?, st.least = GREATEST(st.least, ?)`
	sqlEndRole = `UPDATE standing st SET st.role = 0, st.least = 0`
	sqlRole    = `SELECT st.role, st.least FROM standing st`

	// By the index log_tombstones alone: deletions have no values.
	sqlSizes = `SELECT l.revision, l.size FROM log l FORCE INDEX (log_tombstones)
		WHERE l.tombstone IS NULL AND l.revision > (` + sqlCompacted + `) AND l.revision < ?
		ORDER BY l.revision DESC LIMIT ?`

	// By the index objects_expiry.
	sqlExpired = `SELECT o.key, o.revision, l.value, COALESCE(l.checksum, 0)
		FROM objects o FORCE INDEX (objects_expiry) STRAIGHT_JOIN log l ON l.revision = o.revision
		WHERE o.expires_at <= ?
		ORDER BY o.expires_at LIMIT ?`

	sqlStats = `SELECT COUNT(*), COALESCE(SUM(o.size), 0) FROM objects o WHERE o.key >= ? AND o.key < ?`

	sqlSize = `SELECT COALESCE(SUM(t.DATA_LENGTH + t.INDEX_LENGTH + t.DATA_FREE), 0) FROM information_schema.TABLES t
		WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME IN ('log', 'objects', 'compaction')`

	// Locks the row, or returns none if another process has it.
	sqlLockCompaction  = `SELECT c.swept, c.revision FROM compaction c FOR UPDATE SKIP LOCKED`
	sqlRaiseCompaction = `UPDATE compaction c SET c.revision = LEAST(?, (SELECT MAX(l.revision) FROM log l)) WHERE c.revision < ?`
	// The entries from ? to ?, the first ? of them.
	sqlSuperseding = `SELECT l.revision, l.prev_revision, l.deleted, (SELECT MAX(n.revision) FROM log n) FROM log l
		WHERE l.revision >= ? AND l.revision <= ? ORDER BY l.revision LIMIT ?`
	sqlDrop     = `DELETE FROM log WHERE revision IN (%s)`
	sqlSetSwept = `UPDATE compaction c SET c.swept = ?`

	// It copies the tables, and lets others read and write meanwhile.
	sqlRewriteLog     = `ALTER TABLE log FORCE`
	sqlRewriteObjects = `ALTER TABLE objects FORCE`

	// Only those with the privilege PROCESS may have this, which says nothing; others are refused.
	sqlSeesProcesses = `SHOW ENGINE MEMORY STATUS`
	// The connections of replicas. Those without that privilege see none but their own.
	sqlReplicas = `SELECT p.USER, p.HOST, COALESCE(p.STATE, '') FROM information_schema.PROCESSLIST p
		WHERE p.COMMAND LIKE 'Binlog Dump%' ORDER BY p.HOST, p.ID`
	// How many replicas are connected, and how many servers this one follows. MySQL has neither.
	sqlCountsReplicas = `SHOW GLOBAL STATUS WHERE Variable_name IN ('Slaves_connected', 'Slaves_running')`

	// Says that process ? is there.
	sqlBeat = `INSERT INTO processes (id, beat_at) VALUES (?, ` + sqlNow + `) ON DUPLICATE KEY UPDATE beat_at = ` + sqlNow
	// The end of the log, and how many others than ? were there in the last ? microseconds.
	sqlLook   = `SELECT (SELECT MAX(l.revision) FROM log l), (SELECT COUNT(*) FROM processes p WHERE p.id <> ? AND p.beat_at > ` + sqlNow + ` - ?)`
	sqlForget = `DELETE FROM processes WHERE beat_at < ` + sqlNow + ` - ?`

	// Whether the database is in another place than its log was.
	sqlMoved       = `SELECT COALESCE(({location}) <> (SELECT i.location FROM incarnation i), FALSE)`
	sqlNoteFirst   = `UPDATE incarnation i SET i.location = ({location}) WHERE i.location IS NULL`
	sqlNote        = `UPDATE incarnation i SET i.location = ({location})`
	sqlIncarnation = `SELECT state.newest, state.lacks, (` + sqlMoved + `), ` + sqlNow + `, ` + sqlReadOnly + ` FROM (` + sqlState + `) state`
	sqlLockLog     = `SELECT s.only_row FROM sequencer s FOR UPDATE`
	sqlMark        = `INSERT INTO log (revision, log.key, prev_revision, deleted, committed_at, size) VALUES (?, '', 0, TRUE, ?, 0)`
	sqlCompactAll  = `UPDATE compaction c SET c.revision = ?`

	sqlTables              = `SELECT COUNT(*), COALESCE(SUM(t.TABLE_NAME = 'schema_version'), 0) FROM information_schema.TABLES t WHERE t.TABLE_SCHEMA = DATABASE()`
	sqlCreateSchemaVersion = `CREATE TABLE IF NOT EXISTS schema_version (
			version    INT          NOT NULL PRIMARY KEY,
			name       VARCHAR(255) NOT NULL,
			applied_at DATETIME(6)  NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
		) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin COMMENT = ?`
	// The row of version 0 is there to be locked.
	sqlFirstSchemaVersion = `INSERT IGNORE INTO schema_version (version, name) VALUES (0, '')`
	sqlLockSchemaVersion  = `SELECT v.version FROM schema_version v WHERE v.version = 0 FOR UPDATE`
	sqlSchemaVersion      = `SELECT COALESCE(MAX(v.version), 0) FROM schema_version v`
	sqlAddSchemaVersion   = `INSERT INTO schema_version (version, name) VALUES (?, ?)`
)
