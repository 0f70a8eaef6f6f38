package mysql

import (
	"fmt"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// TestPlans: a page costs what it returns, whatever the size of the tables, even if the server has
// no statistics of them yet.
func TestPlans(t *testing.T) {
	t.Parallel()
	const keys, limit, rounds = 10_000, 100, 3
	database := mysqltest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	revisions := make([]int64, keys)
	for range rounds {
		for i := 0; i < keys; i += 1000 {
			batch := make([]driver.Write, 1000)
			for j := range batch {
				n := (i + j) * 7919 % keys
				batch[j] = driver.Write{Key: fmt.Sprintf("/k/%05d", n), Expected: revisions[n], Value: []byte(`{}`)}
			}
			got, err := backend.Commit(t.Context(), batch)
			if err != nil {
				t.Fatal(err)
			}
			for j, revision := range got {
				revisions[(i+j)*7919%keys] = revision
			}
		}
	}
	key := []byte("/k/00007")
	list, listArgs, _, _ := statements(driver.ListQuery{Prefix: "/k/", Start: "/k/00100", Limit: limit})
	listAt, listAtArgs, _, _ := statements(driver.ListQuery{Prefix: "/k/", Start: "/k/00100", Limit: limit, Revision: keys + 1})
	for _, statistics := range []string{"SELECT 1", "ANALYZE TABLE log, objects"} {
		database.Exec(t, statistics)
		for name, statement := range map[string]struct {
			sql  string
			args []any
		}{
			"get":         {sqlGet, append(stateArgs(driver.Entry{Revision: keys}), key)},
			"get at":      {sqlGetAt, []any{key, keys}},
			"list":        {list, listArgs},
			"list at":     {listAt, listAtArgs},
			"log":         {sqlLog, []any{keys, keys * rounds, []byte("/k/"), []byte("/k0"), limit}},
			"state":       {sqlState, stateArgs(driver.Entry{Revision: keys})},
			"look":        {sqlLook, []any{backend.process.id[:], 1}},
			"commit time": {sqlCommitTime, []any{keys}},
			"expired":     {sqlExpired, []any{1, limit}},
			"sizes":       {sqlSizes, []any{keys * rounds, limit}},
		} {
			// Temporary tables of the page count too.
			if read := rowsRead(t, database, statement.sql, statement.args); read > 15*limit {
				t.Errorf("%s reads %d rows of tables with %d, after %s", name, read, keys*rounds, statistics)
			}
		}
	}
}

// rowsRead is how often a statement asked for a row.
func rowsRead(t *testing.T, database mysqltest.Database, statement string, args []any) (total int) {
	t.Helper()
	conn := database.Connect(t)
	if _, err := conn.ExecContext(t.Context(), `FLUSH STATUS`); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRowContext(t.Context(), `SELECT SUM(VARIABLE_VALUE) FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME LIKE 'Handler_read%'`).Scan(&total); err != nil {
		t.Fatal(err)
	}
	return total
}

// TestStatements counts what the server executes: a batch is one transaction, whatever its size.
func TestStatements(t *testing.T) {
	t.Parallel()
	server := mysqltest.New(t)
	backend := open(t, server.NewDatabase(t))
	const batches = 7
	counts := func() (messages, commits int) {
		conn := backend.writer
		for name, count := range map[string]*int{"Com_commit": &commits, "Com_stmt_prepare": &messages} {
			if err := conn.QueryRowContext(t.Context(), `SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = ?`, name).Scan(count); err != nil {
				t.Fatal(err)
			}
		}
		return messages, commits
	}
	_, before := counts()
	for n := range batches {
		var batch []driver.Write
		for i := range 50 {
			batch = append(batch, driver.Write{Key: fmt.Sprintf("/%d/%d", n, i), Value: []byte(`{}`)})
		}
		if _, err := backend.Commit(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	prepared, after := counts()
	if after-before != batches || prepared != 0 {
		t.Errorf("%d batches took %d transactions and %d prepared statements, want as many and none", batches, after-before, prepared)
	}
}

// TestResourcesView is what SQL users see.
func TestResourcesView(t *testing.T) {
	t.Parallel()
	database := mysqltest.Shared(t).NewDatabase(t)
	backend := open(t, database)
	for key, value := range map[string]string{
		"/ark.ai/agents/team-a/writer":                          `{"spec":{"prompt":"say \\u0000 and \ud83d\ude00","model":"m1"}}`,
		"/ark.ai/agents/team-a/zero":                            `{"spec":{"prompt":"say \u0000","model":"m1"}}`,
		"/ark.ai/agents/team-a/bytes":                           "{\"spec\":{\"prompt\":\"\xff\",\"model\":\"m1\"}}",
		"/ark.ai/agents/team-a/deep":                            `{"spec":{"model":"m1"},"deep":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
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
	scan(t, database, `SELECT GROUP_CONCAT(CONCAT_WS('|', api_group, resource, COALESCE(namespace, '-'), name,
		COALESCE(JSON_VALUE(object, '$.spec.model'), JSON_VALUE(object, '$.kind'), '-'), JSON_VALUE(object, '$.spec.prompt')) ORDER BY resources.key SEPARATOR '\n') FROM resources`, &got)
	want := strings.Join([]string{
		"ark.ai|agents|team-a|bytes|-",
		"ark.ai|agents|team-a|deep|-",
		"ark.ai|agents|team-a|writer|m1|say \\u0000 and 😀",
		"ark.ai|agents|team-a|zero|m1|say \x00",
		"ark.ai|models|team-a|large|m2|1e400",
		"events.k8s.io|events|team-a|name.with.dots.176c0ffee|-",
		"|namespaces|-|default|Namespace",
		"rbac.authorization.k8s.io|clusterroles|-|system:node|-",
		"|secrets|default|token|-",
	}, "\n")
	if got != want {
		t.Errorf("resources has\n%q\nwant\n%q", got, want)
	}
	var age int
	scan(t, database, `SELECT MAX(ABS(TIMESTAMPDIFF(SECOND, committed_at, UTC_TIMESTAMP()))) FROM resources`, &age)
	if age > int(patience.Seconds()) {
		t.Errorf("the view says that a commit is %d s ago", age)
	}
}
