package postgresql

import "ark.ai/apiserver/src/storage/driver"

// The SQL of this package, but for the tables and functions, which are in migrations/. {schema}
// stands for the quoted name of the schema.
//
// Functions and types are qualified, and what is given to functions in {schema} has their very
// types: else others could have theirs run with our rights, who may create functions in {schema} or
// in a schema of search_path. So are the operators of what may run before sqlSettings: behind a
// pooler search_path may have others' schemas before pg_catalog until then.
const (
	// A read sees one snapshot.
	sqlBeginRead = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`

	// The settings end with the transaction. Without those of the planner a plan that was made
	// while a table was small, or without statistics, may sort all of it to return one page. For
	// the others see session.go.
	sqlSettings = `SELECT pg_catalog.count(pg_catalog.set_config(name, value, true)) FROM (VALUES
			('enable_seqscan', 'off'), ('enable_bitmapscan', 'off'), ('enable_sort', 'off'), ('enable_hashjoin', 'off'),
			('enable_mergejoin', 'off'), ('enable_hashagg', 'off'), ('jit', 'off'),
			('enable_indexscan', 'on'), ('enable_indexonlyscan', 'on'), ('enable_nestloop', 'on'),
			('search_path', '` + searchPath + `'), ('lock_timeout', '` + lockTimeout + `'), ('statement_timeout', '` + readTimeout + `'),
			('idle_in_transaction_session_timeout', '` + idleTimeout + `')
		) AS setting (name, value)`

	sqlCommit   = `COMMIT`
	sqlRollback = `ROLLBACK`

	sqlCommitWrites = `CALL {schema}.commit_writes($1::bigint, $2::pg_catalog.text, $3::bigint, $4::timestamp with time zone,
		$5::pg_catalog.text[], $6::bigint[], $7::boolean[], $8::pg_catalog.json[], $9::pg_catalog.bytea[], $10::integer[],
		$11::pg_catalog.jsonb[], $12::pg_catalog.jsonb[], $13::timestamp with time zone[], $14::bigint[],
		NULL::bigint[], NULL::timestamp with time zone)`

	sqlStartIncarnation = `SELECT newest, began, began_at, lost
		FROM {schema}.start_incarnation($1::bigint, $2::pg_catalog.text, $3::bigint, $4::timestamp with time zone)`

	// Whether the database is in another place than its log was.
	sqlMoved = `SELECT coalesce({schema}.location() OPERATOR(pg_catalog.<>) (SELECT location FROM {schema}.incarnation), false)`

	sqlCompacted = `SELECT revision FROM {schema}.compaction WHERE only_row`

	// Where the log ends, where it begins, and whether it lacks revision $1, committed at $2, or
	// the database does not stand for itself.
	sqlState = `SELECT newest.revision, newest.committed_at, compaction.revision,
			compaction.role OPERATOR(pg_catalog.<>) 0 OR $1 OPERATOR(pg_catalog.>) compaction.revision AND NOT EXISTS (SELECT FROM {schema}.log seen
				WHERE seen.revision OPERATOR(pg_catalog.=) $1 AND seen.committed_at OPERATOR(pg_catalog.=) $2)
		FROM (SELECT revision, committed_at FROM {schema}.log ORDER BY revision DESC LIMIT 1) newest, {schema}.compaction`

	// The same, and whether the database is in another place than its log was.
	sqlEnd = `SELECT state.*, coalesce({schema}.location() OPERATOR(pg_catalog.<>) (SELECT location FROM {schema}.incarnation), false)
		FROM (` + sqlState + `) AS state (current, current_at, compacted, diverged)`

	// One row, whether the key exists or not: a single statement is a snapshot by itself.
	sqlGet = `SELECT state.*, o.revision, l.value, l.data, coalesce(l.checksum, 0)
		FROM (` + sqlState + `) AS state (current, current_at, compacted, diverged)
		LEFT JOIN {schema}.objects o ON o.key OPERATOR(pg_catalog.=) $3
		LEFT JOIN {schema}.log l ON l.revision OPERATOR(pg_catalog.=) o.revision`

	// Each key by the index log_key.
	sqlGetAllAt = sqlWanted + `(
			SELECT l.revision, l.deleted, l.value, l.data, coalesce(l.checksum, 0) AS checksum ` + sqlVersionAt + `
		) ` + sqlFound
	sqlRevisionsAt = sqlWanted + `(
			SELECT l.revision, l.deleted, NULL AS value, NULL AS data, 0 AS checksum ` + sqlVersionAt + `
		) ` + sqlFound
	sqlWanted = `SELECT wanted.key, found.revision, found.value, found.data, found.checksum
		FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS wanted (key, place)
		CROSS JOIN LATERAL `
	sqlVersionAt = `FROM {schema}.log l WHERE l.key = wanted.key AND l.revision <= $2 ORDER BY l.revision DESC LIMIT 1`
	sqlFound     = `found WHERE NOT found.deleted ORDER BY wanted.place`

	// $1 ≤ key < $2 that match the filter $4, at most $3 or all if that is null. By the primary key
	// of objects; log is only read for the page.
	sqlList = sqlValues + `(` + sqlPage + `) page ` + sqlOfPage
	sqlKeys = sqlNoValues + `(` + sqlPage + `) page ORDER BY page.key`
	sqlPage = `SELECT candidate.key, candidate.revision
		FROM {schema}.objects candidate
		WHERE candidate.key >= $1 AND candidate.key < $2 AND ` + sqlMatches + `
		ORDER BY candidate.key LIMIT $3`

	sqlValues   = `SELECT page.key, page.revision, l.value, l.data, coalesce(l.checksum, 0) FROM `
	sqlOfPage   = `JOIN {schema}.log l ON l.revision = page.revision ORDER BY page.key`
	sqlNoValues = `SELECT page.key, page.revision, NULL, NULL, 0 FROM `

	sqlCount = `SELECT pg_catalog.count(*) FROM {schema}.objects WHERE key >= $1 AND key < $2`

	// The same at revision $3, at most $5. A key that lived then either lives now, and is found as
	// above, or has been deleted since, and has a tombstone. log_key finds the version of each: one
	// look-up per key, however many versions there are. Each half is in order and ends at the
	// limit; without that, PostgreSQL would collect and sort all keys.
	sqlListAt = sqlValues + `(` + sqlPageAt + `) page ` + sqlOfPage
	sqlKeysAt = sqlNoValues + `(` + sqlPageAt + `) page ORDER BY page.key`
	sqlPageAt = `SELECT either.key, either.revision FROM (
			(
				SELECT known.key, candidate.revision
				FROM {schema}.objects known ` + sqlVersionOfLiving + `
				WHERE known.key >= $1 AND known.key < $2 AND ` + sqlMatches + `
				ORDER BY known.key LIMIT $5
			) UNION ALL (
				SELECT known.key, candidate.revision
				FROM (
					SELECT DISTINCT t.key FROM {schema}.log t
					WHERE t.deleted AND t.revision > $3 AND t.key >= $1 AND t.key < $2
				) known ` + sqlVersionOfDeleted + `
				WHERE NOT EXISTS (SELECT FROM {schema}.objects o WHERE o.key = known.key) AND ` + sqlMatches + `
				ORDER BY known.key LIMIT $5
			)
		) either
		ORDER BY either.key LIMIT $5`

	// The version at revision $3 of the known key, as candidate. What lives and was written before
	// is its own.
	sqlVersionOfLiving = `CROSS JOIN LATERAL (
			SELECT known.revision, known.labels, known.fields WHERE known.revision <= $3
			UNION ALL SELECT earlier.* FROM (` + sqlLatestAt + `) earlier WHERE known.revision > $3
		) candidate`
	sqlVersionOfDeleted = `CROSS JOIN LATERAL (` + sqlLatestAt + `) candidate`
	sqlLatestAt         = `SELECT latest.revision, latest.labels, latest.fields FROM (
			SELECT v.revision, v.deleted, v.labels, v.fields FROM {schema}.log v
			WHERE v.key = known.key AND v.revision <= $3
			ORDER BY v.revision DESC LIMIT 1
		) latest
		WHERE NOT latest.deleted`

	// As many as live now, without those that were created since, with those that were deleted
	// since.
	sqlCountAt = `SELECT (` + sqlCount + `) + (
			SELECT pg_catalog.count(*) FILTER (WHERE deleted) - pg_catalog.count(*) FILTER (WHERE prev_revision = 0)
			FROM {schema}.log WHERE revision > $3 AND key >= $1 AND key < $2
		)`

	// No requirement of the filter $4 (see encodeFilter) fails on candidate's labels and fields.
	sqlMatches = `NOT EXISTS (
		SELECT FROM pg_catalog.jsonb_to_recordset($4) AS requirement (
			field boolean, key pg_catalog.text, hidden_key pg_catalog.text, hidden_by pg_catalog.text, operator pg_catalog.text, "values" pg_catalog.text[])
		CROSS JOIN LATERAL (SELECT CASE WHEN field THEN candidate.fields ELSE candidate.labels END AS object) AS attributes
		CROSS JOIN LATERAL (SELECT
			coalesce(object ->> requirement.key, object ->> hidden_key) AS value,
			field OR candidate.labels IS NULL OR candidate.labels ->> '` + driver.HiddenLabel + `'::pg_catalog.text <> hidden_by AS may_be_unknown
		) AS attribute
		WHERE CASE
			WHEN attribute.value IS NULL AND may_be_unknown THEN false
			WHEN operator = 'in' THEN attribute.value IS NULL OR attribute.value <> ALL ("values")
			WHEN operator = 'notin' THEN attribute.value = ANY ("values")
			WHEN operator = 'exists' THEN attribute.value IS NULL
			WHEN operator = 'notexists' THEN attribute.value IS NOT NULL
		END)`

	// Changes with $1 < revision ≤ $2 and $3 ≤ key < $4, at most $5. By the primary key, twice.
	sqlLog = `SELECT l.key, l.revision, l.deleted, l.value, l.data, coalesce(l.checksum, 0),
			l.prev_revision, previous.value, previous.data, coalesce(previous.checksum, 0)
		FROM {schema}.log l
		LEFT JOIN {schema}.log previous ON previous.revision = l.prev_revision
		WHERE l.revision > $1 AND l.revision <= $2 AND l.key >= $3 AND l.key < $4
		ORDER BY l.revision LIMIT $5`

	// Where the log ends, what the database is, and whether there are keys.
	sqlStanding = `SELECT newest.revision, newest.committed_at, compaction.revision, compaction.role, EXISTS (SELECT FROM {schema}.objects)
		FROM (SELECT revision, committed_at FROM {schema}.log ORDER BY revision DESC LIMIT 1) newest, {schema}.compaction`

	// The rows of the log after $1, at most $2.
	sqlRows = `SELECT l.revision, l.key, l.prev_revision, l.deleted, l.committed_at, o.expires_at, l.labels, l.fields, l.value, l.data, coalesce(l.checksum, 0)
		FROM {schema}.log l LEFT JOIN {schema}.objects o ON o.key = l.key AND o.revision = l.revision
		WHERE l.revision > $1 ORDER BY l.revision LIMIT $2`
	sqlBareRows = `SELECT l.revision, l.key, l.prev_revision, l.deleted, l.committed_at, NULL::timestamp with time zone, NULL::pg_catalog.jsonb, NULL::pg_catalog.jsonb,
			NULL::pg_catalog.json, NULL::pg_catalog.bytea, coalesce(l.checksum, 0)
		FROM {schema}.log l WHERE l.revision > $1 ORDER BY l.revision LIMIT $2`

	sqlCountRows = `SELECT pg_catalog.count(*) FROM {schema}.log WHERE revision > $1`

	sqlTakeTurn = `SELECT {schema}.take_turn($1::bigint)`
	sqlEmptyLog = `DELETE FROM {schema}.log`
	sqlDropRows = `WITH dropped AS (DELETE FROM {schema}.log WHERE revision = ANY ($2::bigint[]))
		DELETE FROM {schema}.objects WHERE key = ANY ($1::pg_catalog.text[]) AND revision = ANY ($2::bigint[])`
	sqlImportLog = `INSERT INTO {schema}.log (revision, key, prev_revision, deleted, value, data, labels, fields, committed_at, checksum)
		SELECT * FROM ROWS FROM (pg_catalog.unnest($1::bigint[]), pg_catalog.unnest($2::pg_catalog.text[]), pg_catalog.unnest($3::bigint[]),
			pg_catalog.unnest($4::boolean[]), pg_catalog.unnest($5::pg_catalog.json[]), pg_catalog.unnest($6::pg_catalog.bytea[]),
			pg_catalog.unnest($7::pg_catalog.jsonb[]), pg_catalog.unnest($8::pg_catalog.jsonb[]),
			pg_catalog.unnest($9::timestamp with time zone[]), pg_catalog.unnest($10::bigint[]))`
	sqlDeleteKeys = `DELETE FROM {schema}.objects WHERE key = ANY ($1::pg_catalog.text[])`
	// The rows that live, $7 among all.
	sqlImportObjects = `INSERT INTO {schema}.objects (key, revision, size, labels, fields, expires_at)
		SELECT w.key, w.revision, w.size, w.labels, w.fields, w.expires_at
		FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::bigint[]), pg_catalog.unnest($3::integer[]),
			pg_catalog.unnest($4::pg_catalog.jsonb[]), pg_catalog.unnest($5::pg_catalog.jsonb[]),
			pg_catalog.unnest($6::timestamp with time zone[]), pg_catalog.unnest($7::boolean[])) AS w (key, revision, size, labels, fields, expires_at, living)
		WHERE w.living`
	sqlSetRole = `UPDATE {schema}.compaction SET role = $1, floor = greatest(floor, $2) WHERE only_row`

	// Whether we may rewrite the tables: PostgreSQL leaves out those of others with no more than a
	// warning.
	sqlMayRewrite = `SELECT pg_catalog.bool_and(pg_catalog.pg_has_role(c.relowner, 'USAGE')) FROM pg_catalog.pg_class c
		WHERE c.oid OPERATOR(pg_catalog.=) ANY (ARRAY['{schema}.log'::pg_catalog.regclass::pg_catalog.oid, '{schema}.objects'::pg_catalog.regclass::pg_catalog.oid])`
	sqlRewrite = `VACUUM (FULL, ANALYZE) {schema}.log, {schema}.objects`
	// The same of the planner's statistics, which the owner of the database may rewrite.
	sqlMayRewriteStatistics = `SELECT pg_catalog.pg_has_role(d.datdba, 'USAGE') FROM pg_catalog.pg_database d
		WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()`
	sqlRewriteStatistics = `VACUUM FULL pg_catalog.pg_statistic`

	sqlCommitTime = `SELECT committed_at FROM {schema}.log WHERE revision OPERATOR(pg_catalog.>=) $1 ORDER BY revision LIMIT 1`

	// What PostgreSQL has compressed counts as it is on disk. It stops where it finds the revision.
	sqlRevisionBeyond = `SELECT coalesce((
			SELECT newer.revision FROM (
				SELECT l.revision, pg_catalog.sum(coalesce(pg_catalog.pg_column_size(l.value), pg_catalog.pg_column_size(l.data), 0)) OVER (ORDER BY l.revision DESC) AS bytes
				FROM {schema}.log l WHERE l.revision > (` + sqlCompacted + `)
			) newer
			WHERE newer.bytes > $1 LIMIT 1
		), 0)`

	// By the partial index objects_expiry.
	sqlExpired = `SELECT o.key, o.revision, l.value, l.data, coalesce(l.checksum, 0)
		FROM {schema}.objects o
		JOIN {schema}.log l ON l.revision = o.revision
		WHERE o.expires_at <= $1
		ORDER BY o.expires_at LIMIT $2`

	// By the same index.
	sqlFirstExpiry = `SELECT expires_at FROM {schema}.objects WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT 1`

	sqlStats = `SELECT pg_catalog.count(*), coalesce(pg_catalog.sum(size), 0) FROM {schema}.objects
		WHERE key OPERATOR(pg_catalog.>=) $1 AND key OPERATOR(pg_catalog.<) $2`

	// Quoted names of tables.
	sqlSize = `SELECT pg_catalog.sum(pg_catalog.pg_total_relation_size(name::pg_catalog.regclass))::bigint FROM pg_catalog.unnest(ARRAY[$1, $2, $3]::pg_catalog.text[]) AS name`

	// Locks the row, or returns none if another process has it.
	sqlLockCompaction = `SELECT FROM {schema}.compaction WHERE only_row FOR UPDATE SKIP LOCKED`

	sqlRaiseCompaction = `UPDATE {schema}.compaction
		SET revision = least($1, (SELECT pg_catalog.max(revision) FROM {schema}.log))
		WHERE revision < $1`

	// Deletes what the next $1 entries superseded, and the tombstones among them; all of it is at
	// or below the compacted revision. The last entry of the portion before is looked at again: it
	// may be a tombstone that was kept because it was the newest entry. Returns whether something
	// is left to do. Portions are counted in entries, because an incarnation leaves a gap.
	sqlSweep = `WITH remaining AS MATERIALIZED (
			SELECT swept AS low, revision AS high FROM {schema}.compaction WHERE swept < revision
		), entry AS MATERIALIZED (
			SELECT l.* FROM remaining CROSS JOIN LATERAL (
				SELECT revision, prev_revision, deleted FROM {schema}.log
				WHERE revision >= remaining.low AND revision <= remaining.high
				ORDER BY revision LIMIT $1::bigint + 1
			) l
		), portion AS MATERIALIZED (
			SELECT CASE WHEN (SELECT pg_catalog.count(*) FROM entry) > $1 THEN (SELECT pg_catalog.max(revision) FROM entry) ELSE high END AS high FROM remaining
		), dropped AS (
			DELETE FROM {schema}.log WHERE revision = ANY (ARRAY(
				SELECT prev_revision FROM entry WHERE prev_revision > 0
				UNION ALL
				SELECT revision FROM entry WHERE deleted AND revision < (SELECT pg_catalog.max(revision) FROM {schema}.log)
			))
		)
		UPDATE {schema}.compaction SET swept = portion.high FROM portion
		RETURNING swept < revision`

	// Whether the server can't accept writes: a standby, or set to be read-only.
	sqlReadOnly = `SELECT pg_catalog.pg_is_in_recovery() OR pg_catalog.current_setting('transaction_read_only')::boolean`

	// Who follows the server. Those who may not see statistics are told the names, and NULL for the
	// rest. A lag is only measured while something is written; there is none if nothing is missing.
	sqlReplicas = `SELECT coalesce(r.application_name, ''), coalesce(pg_catalog.host(r.client_addr), ''), coalesce(r.state, ''), coalesce(r.sync_state, ''),
			missing.bytes, (CASE WHEN missing.bytes OPERATOR(pg_catalog.=) 0 THEN 0 ELSE EXTRACT(epoch FROM r.replay_lag) END)::double precision
		FROM pg_catalog.pg_stat_replication r
		CROSS JOIN (SELECT CASE WHEN pg_catalog.pg_is_in_recovery()
			THEN coalesce(pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()) ELSE pg_catalog.pg_current_wal_lsn() END) AS log (lsn)
		CROSS JOIN LATERAL (SELECT (CASE WHEN r.replay_lsn OPERATOR(pg_catalog.>=) log.lsn THEN 0 ELSE pg_catalog.pg_wal_lsn_diff(log.lsn, r.replay_lsn) END)::bigint) AS missing (bytes)
		ORDER BY 1, 2, r.pid`

	// What a standby follows: one row, none on another server. Without a connection to it nobody
	// knows what is missing. greatest ignores NULL: there is one before anything was received.
	sqlSource = `SELECT coalesce(source.sender_host, ''),
			CASE WHEN source.pid IS NULL THEN 'not connected' WHEN pg_catalog.pg_is_wal_replay_paused() THEN 'replay paused' ELSE coalesce(source.status, '') END,
			missing.bytes, (CASE WHEN missing.bytes OPERATOR(pg_catalog.=) 0 THEN 0
				WHEN missing.bytes OPERATOR(pg_catalog.>) 0 THEN EXTRACT(epoch FROM pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) pg_catalog.pg_last_xact_replay_timestamp()) END)::double precision
		FROM (SELECT pg_catalog.pg_last_wal_replay_lsn() WHERE pg_catalog.pg_is_in_recovery()) AS log (replayed)
		LEFT JOIN pg_catalog.pg_stat_wal_receiver source ON true
		CROSS JOIN LATERAL (SELECT CASE WHEN source.pid IS NOT NULL THEN greatest(pg_catalog.pg_last_wal_receive_lsn(), source.latest_end_lsn) END) AS received (lsn)
		CROSS JOIN LATERAL (SELECT (CASE WHEN received.lsn OPERATOR(pg_catalog.<=) log.replayed THEN 0 ELSE pg_catalog.pg_wal_lsn_diff(received.lsn, log.replayed) END)::bigint) AS missing (bytes)`

	sqlNotify = `SELECT pg_catalog.pg_notify($1, $2)`

	sqlServer = `SELECT pg_catalog.current_setting('server_version_num')::integer, pg_catalog.current_setting('server_version'),
		pg_catalog.current_setting('server_encoding'), pg_catalog.current_setting('fsync'), pg_catalog.current_setting('synchronous_commit'), pg_catalog.current_setting('synchronous_standby_names'),
		pg_catalog.current_setting('statement_timeout')`

	// Sets $1 to $2 for the session, and returns a row, if the server knows it.
	sqlSetIfKnown = `SELECT pg_catalog.set_config(s.name, $2, false) FROM pg_catalog.pg_settings s WHERE s.name OPERATOR(pg_catalog.=) $1`

	// For what a migration creates, too. It waits no longer than $1 for a lock.
	sqlBeginMigration = `SELECT pg_catalog.set_config('search_path', '` + searchPath + `', true), pg_catalog.set_config('lock_timeout', $1, true),
			pg_catalog.set_config('statement_timeout', '0', true)`
	sqlLockSchemaVersion = `LOCK TABLE {schema}.schema_version IN EXCLUSIVE MODE`

	// Whether schema $1 has our tables, and whether they belong to somebody whom we trust.
	sqlHoldsTables = `SELECT pg_catalog.count(*) OPERATOR(pg_catalog.=) 4, pg_catalog.count(*) FILTER (WHERE NOT ` + sqlTrusted + `) OPERATOR(pg_catalog.=) 0
		FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
		JOIN pg_catalog.pg_roles role ON role.oid OPERATOR(pg_catalog.=) c.relowner
		WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND c.relkind OPERATOR(pg_catalog.=) 'r' AND c.relname OPERATOR(pg_catalog.=) ANY ('{schema_version, log, objects, compaction}'::pg_catalog.name[])`

	// Those whom what is in schema $1 belongs to, and whom we have no reason to trust.
	sqlUntrustedOwners = `SELECT DISTINCT role.rolname::pg_catalog.text
		FROM pg_catalog.pg_namespace n
		CROSS JOIN LATERAL (
			SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid
			UNION ALL SELECT p.proowner FROM pg_catalog.pg_proc p WHERE p.pronamespace OPERATOR(pg_catalog.=) n.oid
		) AS belongs (owner)
		JOIN pg_catalog.pg_roles role ON role.oid OPERATOR(pg_catalog.=) belongs.owner
		WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND NOT ` + sqlTrusted + `
		ORDER BY 1`

	// Those who may create something in schema $1 and whom we have no reason to trust.
	sqlStrangers = `SELECT DISTINCT coalesce(role.rolname, 'PUBLIC')
		FROM pg_catalog.pg_namespace n
		CROSS JOIN pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) granted
		LEFT JOIN pg_catalog.pg_roles role ON role.oid OPERATOR(pg_catalog.=) granted.grantee
		WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND granted.privilege_type OPERATOR(pg_catalog.=) 'CREATE' AND (role.oid IS NULL OR NOT (` + sqlTrusted + `
			OR role.oid OPERATOR(pg_catalog.=) (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.relnamespace OPERATOR(pg_catalog.=) n.oid AND c.relname OPERATOR(pg_catalog.=) 'schema_version')))
		ORDER BY 1`

	// Whether role is the server's, or can do what it likes anyway.
	sqlTrusted = `(role.rolsuper OR role.rolname OPERATOR(pg_catalog.=) 'pg_database_owner' OR role.rolname OPERATOR(pg_catalog.=) current_user
			OR pg_catalog.pg_has_role(role.oid, 'MEMBER') AND NOT (SELECT me.rolsuper FROM pg_catalog.pg_roles me WHERE me.rolname OPERATOR(pg_catalog.=) current_user)
			OR role.oid OPERATOR(pg_catalog.=) (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()))`

	sqlSchemaExists        = `SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname OPERATOR(pg_catalog.=) $1)`
	sqlCreateSchema        = `CREATE SCHEMA {schema}`
	sqlSchemaVersionExists = `SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname OPERATOR(pg_catalog.=) $1 AND tablename OPERATOR(pg_catalog.=) 'schema_version')`
	sqlCreateSchemaVersion = `CREATE TABLE {schema}.schema_version (
			version    integer     PRIMARY KEY,
			name       text        NOT NULL,
			applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
		)`
	sqlSchemaVersion    = `SELECT coalesce(pg_catalog.max(version), 0) FROM {schema}.schema_version`
	sqlAddSchemaVersion = `INSERT INTO {schema}.schema_version (version, name) VALUES ($1, $2)`
)
