package postgresql

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestPlans: a page costs what it returns, whatever the size of the tables, even if the server has
// no statistics of them yet.
func TestPlans(t *testing.T) {
	t.Parallel()
	const keys, limit = 20_000, 100
	database := postgrestest.Shared(t).NewDatabase(t)
	database.Exec(t, `ALTER DATABASE `+database.Name+` SET plan_cache_mode = force_generic_plan`)
	backend := open(t, database)
	database.Exec(t, `ALTER TABLE ark.log SET (autovacuum_enabled = off); ALTER TABLE ark.objects SET (autovacuum_enabled = off)`)
	for i := 0; i < keys; i += 1000 {
		batch := make([]driver.Write, 1000)
		for j := range batch {
			batch[j] = driver.Write{Key: fmt.Sprintf("/k/%05d", (i+j)*7919%keys), Value: []byte(`{}`)}
		}
		if _, err := backend.Commit(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	for _, statistics := range []string{"SELECT", "VACUUM ANALYZE"} {
		database.Exec(t, statistics)
		for name, statement := range map[string]struct {
			sql  string
			args []any
		}{
			"get":             {sqlGet, []any{keys, time.Now(), "/k/00007"}},
			"get at":          {sqlGetAllAt, []any{[]string{"/k/00007", "/k/00008"}, keys / 2}},
			"list":            {sqlList, []any{"/k/00100", "/k0", limit, []byte("[]")}},
			"list at":         {sqlListAt, []any{"/k/00100", "/k0", keys, []byte("[]"), limit}},
			"log":             {sqlLog, []any{keys / 2, keys, "/k/", "/k0", limit}},
			"state":           {sqlState, []any{keys, time.Now()}},
			"commit time":     {sqlCommitTime, []any{keys / 2}},
			"expired":         {sqlExpired, []any{"2020-01-01", limit}},
			"count at recent": {sqlCountAt, []any{"/k/00000", "/k/00100", keys}},
		} {
			if read := rowsRead(t, backend, database, statement.sql, statement.args); read > 6*limit {
				t.Errorf("%s reads %d rows of tables with %d, after %s", name, read, keys, statistics)
			}
		}
	}
}

// rowsRead is the number of rows that the scans of a statement look at.
func rowsRead(t *testing.T, backend *Backend, database postgrestest.Database, sql string, args []any) int {
	t.Helper()
	tx, err := database.Connect(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context())
	if _, err := tx.Exec(t.Context(), sqlSettings); err != nil {
		t.Fatal(err)
	}
	var text []byte
	if err := tx.QueryRow(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+backend.sql(sql), args...).Scan(&text); err != nil {
		t.Fatal(err)
	}
	type node struct {
		Type    string  `json:"Node Type"`
		Rows    float64 `json:"Actual Rows"`
		Removed float64 `json:"Rows Removed by Filter"`
		Loops   float64 `json:"Actual Loops"`
		Plans   []node
	}
	var plans []struct{ Plan node }
	if err := json.Unmarshal(text, &plans); err != nil {
		t.Fatal(err)
	}
	var count func(node) float64
	count = func(n node) (rows float64) {
		if strings.Contains(n.Type, "Scan") && n.Type != "Subquery Scan" {
			rows = (n.Rows + n.Removed) * n.Loops
		}
		for _, child := range n.Plans {
			rows += count(child)
		}
		return rows
	}
	return int(count(plans[0].Plan))
}

// TestStatements counts what the server executes: a batch is one transaction with one statement in
// it, whatever its size.
func TestStatements(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	database.Exec(t, `CREATE EXTENSION pg_stat_statements`)
	backend := open(t, database)
	const batches = 7
	for n := range batches {
		var batch []driver.Write
		for i := range 50 {
			batch = append(batch, driver.Write{Key: fmt.Sprintf("/%d/%d", n, i), Value: []byte(`{}`)})
		}
		if _, err := backend.Commit(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	conn := database.Connect(t)
	for pattern, want := range map[string]int{"%commit_batch($1%": batches, "BEGIN ISOLATION LEVEL READ COMMITTED": batches + 1, "NOTIFY%": 0} {
		var calls int
		if err := conn.QueryRow(t.Context(), `SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
			WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query ILIKE $1`, pattern).Scan(&calls); err != nil {
			t.Fatal(err)
		}
		// Migration is a transaction too.
		if calls > want {
			t.Errorf("%d batches took %d × %s, want %d", batches, calls, pattern, want)
		}
	}
	var hot float64
	for i := range 200 {
		if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/0/0", Expected: revisionOf(t, backend, "/0/0"), Value: fmt.Appendf(nil, `{"i":%d}`, i)}}); err != nil {
			t.Fatal(err)
		}
	}
	// Counters of a table arrive when a session is idle, or ends.
	backend.writer.Reset()
	for hot == 0 {
		if err := conn.QueryRow(t.Context(), `SELECT coalesce(n_tup_hot_upd::float / nullif(n_tup_upd, 0), 0) FROM pg_stat_user_tables WHERE relname = 'objects'`).Scan(&hot); err != nil {
			t.Fatal(err)
		}
	}
	if hot < 0.9 {
		t.Errorf("%.0f %% of the updates of objects are HOT, want almost all", 100*hot)
	}
}

func revisionOf(t *testing.T, backend *Backend, key string) int64 {
	t.Helper()
	record, _, err := backend.Get(t.Context(), key, 0)
	if err != nil || record == nil {
		t.Fatalf("get %s: %v, %v", key, record, err)
	}
	return record.Revision
}

// TestResourcesView is what SQL users see.
func TestResourcesView(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	for key, value := range map[string]string{
		"/ark.ai/agents/team-a/writer":                          `{"spec":{"prompt":"say \\u0000 and \ud83d\ude00","model":"m1"}}`,
		"/ark.ai/agents/team-a/zero":                            `{"spec":{"prompt":"say \u0000","model":"m1"}}`,
		"/ark.ai/agents/team-a/half":                            `{"spec":{"prompt":"say \ud83d","model":"m1"}}`,
		"/ark.ai/agents/team-a/other-half":                      `{"spec":{"prompt":"say \ude00\ud83d","model":"m1"}}`,
		"/ark.ai/models/team-a/large":                           `{"spec":{"prompt":1e400,"model":"m2"}}`,
		"/secrets/default/token":                                "k8s:enc:\x00",
		"/namespaces/default":                                   `{"kind":"Namespace"}`,
		"/rbac.authorization.k8s.io/clusterroles/system:node":   `{}`,
		"/events.k8s.io/events/team-a/name.with.dots.176c0ffee": `{}`,
		"/gone": `{}`,
	} {
		if _, err := backend.Commit(t.Context(), []driver.Write{{Key: key, Value: []byte(value)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := backend.Commit(t.Context(), []driver.Write{{Key: "/gone", Expected: revisionOf(t, backend, "/gone"), Delete: true}}); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := database.Connect(t).QueryRow(t.Context(), `SELECT string_agg(concat_ws('|', api_group, resource, coalesce(namespace, '-'), name,
		coalesce(object->'spec'->>'model', object->>'kind', '-'), object->'spec'->>'prompt'), E'\n' ORDER BY key) FROM ark.resources`).Scan(&got); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"ark.ai|agents|team-a|half|-",
		"ark.ai|agents|team-a|other-half|-",
		"ark.ai|agents|team-a|writer|m1|say \\u0000 and 😀",
		"ark.ai|agents|team-a|zero|-",
		"ark.ai|models|team-a|large|m2|1e400",
		"events.k8s.io|events|team-a|name.with.dots.176c0ffee|-",
		"|namespaces|-|default|Namespace",
		"rbac.authorization.k8s.io|clusterroles|-|system:node|-",
		"|secrets|default|token|-",
	}, "\n")
	if got != want {
		t.Errorf("resources has\n%s\nwant\n%s", got, want)
	}
}

func TestKeyRange(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ prefix, start, from, end string }{
		{"/a/", "", "/a/", "/a0"},
		{"/a/", "/a/b", "/a/b", "/a0"},
		{"/a/", "/a/b\x00", "/a/b\x01", "/a0"},
		{"/a/", "/", "/a/", "/a0"},
		{"", "", "", "\U0010FFFF"},
		{"/é", "", "/é", "/ê"},
		{"/\uD7FF", "", "/\uD7FF", "/\uE000"},
		{"/\U0010FFFF", "", "/\U0010FFFF", "0"},
		{"\U0010FFFF", "", "\U0010FFFF", "\U0010FFFF"},
		{"/\x00", "", "", ""},
		{"/\xff", "", "", ""},
	} {
		if from, end := keyRange(tc.prefix, tc.start); from != tc.from || end != tc.end {
			t.Errorf("keys with prefix %q from %q are [%q, %q), want [%q, %q)", tc.prefix, tc.start, from, end, tc.from, tc.end)
		}
	}
}
