package postgresql

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// oddSettings are those of a role or database that could change what a statement means, what is
// stored, or how long it may take. public has what PostgreSQL would take for its own there.
var oddSettings = map[string]string{
	"client_encoding":                     "LATIN1",
	"search_path":                         "public, pg_catalog",
	"datestyle":                           "'SQL, DMY'",
	"intervalstyle":                       "sql_standard",
	"timezone":                            "'Asia/Kathmandu'",
	"bytea_output":                        "escape",
	"extra_float_digits":                  "-15",
	"standard_conforming_strings":         "off",
	"backslash_quote":                     "off",
	"escape_string_warning":               "on",
	"default_transaction_isolation":       "serializable",
	"default_transaction_deferrable":      "on",
	"statement_timeout":                   "'1min'",
	"lock_timeout":                        "1",
	"idle_in_transaction_session_timeout": "1000",
	"row_security":                        "off",
	"session_replication_role":            "replica",
	"xmlbinary":                           "hex",
	"quote_all_identifiers":               "on",
	"transform_null_equals":               "on",
	"array_nulls":                         "off",
	"plan_cache_mode":                     "force_generic_plan",
	"enable_indexscan":                    "off",
	"enable_indexonlyscan":                "off",
	"enable_nestloop":                     "off",
	"enable_seqscan":                      "off",
	"default_toast_compression":           "pglz",
	"check_function_bodies":               "off",
	"lc_messages":                         "'C'",
	"client_min_messages":                 "error",
	"exit_on_error":                       "on",
}

// alter sets all odd settings: some on the database, some on the role in it, which is stronger.
func alter(t *testing.T, database postgrestest.Database, settings map[string]string) {
	t.Helper()
	var statements strings.Builder
	onRole := false
	for name, value := range settings {
		whom := "DATABASE " + database.Name
		if onRole {
			whom = fmt.Sprintf("ROLE %s IN DATABASE %s", database.Username, database.Name)
		}
		fmt.Fprintf(&statements, "ALTER %s SET %s = %s;\n", whom, name, value)
		onRole = !onRole
	}
	database.Exec(t, statements.String())
}

// TestOddSettings: the whole suite passes, whatever the settings of role and database.
func TestOddSettings(t *testing.T) {
	t.Parallel()
	t.Run("directly", func(t *testing.T) {
		t.Parallel()
		database := postgrestest.Shared(t).NewDatabase(t)
		settings := maps.Clone(oddSettings)
		for name := range newerSettings {
			if knows(t, database, name) {
				settings[name] = "'500ms'"
			}
		}
		alter(t, database, settings)
		exerciseSmall(t, optionsFor(database))
	})
	t.Run("through pgbouncer", func(t *testing.T) {
		t.Parallel()
		database := postgrestest.Shared(t).NewDatabase(t)
		settings := maps.Clone(oddSettings)
		// Those count there.
		maps.DeleteFunc(settings, func(name, _ string) bool {
			return strings.HasPrefix(name, "enable_") || name == "lock_timeout" || name == "exit_on_error"
		})
		alter(t, database, settings)
		exerciseSmall(t, optionsFor(database.ThroughPgbouncer(t, 10)))
	})
}

// knows reports whether the server's version has a setting.
func knows(t *testing.T, database postgrestest.Database, setting string) (known bool) {
	t.Helper()
	if err := database.Connect(t).QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_settings WHERE name = $1)`, setting).Scan(&known); err != nil {
		t.Fatal(err)
	}
	return known
}

// TestIdleConnections: a server that closes connections that nobody uses leaves ours alone.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	if !knows(t, database, "idle_session_timeout") {
		// PostgreSQL 13, the oldest that is supported, never closes them: there is nothing to test.
		t.Skip("the server has no idle_session_timeout")
	}
	alter(t, database, map[string]string{"idle_session_timeout": "'200ms'"})
	backend := open(t, database)
	create(t, backend, "/a")
	var writers []uint32
	backend.own.Range(func(pid, _ any) bool { writers = append(writers, pid.(uint32)); return true })
	// That of another, which began to be idle later, comes to its end.
	if _, err := database.Connect(t).WaitForNotification(t.Context()); codeOf(err) != "57P05" {
		t.Fatalf("another connection that is idle: error %v", err)
	}
	create(t, backend, "/b")
	for _, pid := range writers {
		if _, there := backend.own.Load(pid); !there {
			t.Errorf("the connection of process %d is another one", pid)
		}
	}
}

func exerciseSmall(t *testing.T, options Options) {
	t.Helper()
	storagetest.Exercise(t, storagetest.Harness{
		Lose:   lose,
		Shared: true,
		Small:  true,
		New:    inSchemas(options, func(*testing.T, string) {}),
	})
}

// TestEncodings: text is stored as it is, and found again, whatever the encoding that role or
// database give to their clients.
func TestEncodings(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"LATIN1", "WIN1252", "SJIS", "SQL_ASCII", "KOI8R"} {
		for name, connections := range map[string]int{"directly": 0, "through pgbouncer": 2} {
			t.Run(encoding+" "+name, func(t *testing.T) {
				t.Parallel()
				database := postgrestest.Shared(t).NewDatabase(t)
				alter(t, database, map[string]string{"client_encoding": encoding})
				proxied := database
				if connections > 0 {
					proxied = database.ThroughPgbouncer(t, connections)
				}
				backend := open(t, proxied)
				const key, text = "/ark.ai/agents/team-a/é", "Grüße, 日本語, 😀 Ёж"
				revisions, err := backend.Commit(t.Context(), []driver.Write{{
					Key: key, Value: fmt.Appendf(nil, `{"spec":{"prompt":"%s"}}`, text),
					Attributes: driver.Attributes{Labels: map[string]string{"text": text}},
				}})
				if err != nil || revisions[0] != 2 {
					t.Fatalf("revisions %v, error %v", revisions, err)
				}
				filter := driver.Filter{{Key: "text", Operator: driver.In, Values: []string{text}}}
				page, err := backend.List(t.Context(), driver.ListQuery{Prefix: "/ark.ai/agents/team-a/é", Filter: filter})
				if err != nil || len(page.Records) != 1 || page.Records[0].Key != key || !strings.Contains(string(page.Records[0].Value), text) {
					t.Errorf("listed %v, error %v", page.Records, err)
				}
				other := open(t, database)
				changes, _, err := other.Log(t.Context(), 1, "/ark.ai/agents/team-a/é", 1)
				if err != nil || len(changes) != 1 || !strings.Contains(string(changes[0].Value), text) {
					t.Errorf("the log has %v, error %v", changes, err)
				}
				var stored string
				conn := database.Connect(t)
				if _, err := conn.Exec(t.Context(), `SET client_encoding = 'UTF8'`); err != nil {
					t.Fatal(err)
				}
				if err := conn.QueryRow(t.Context(), `SELECT object -> 'spec' ->> 'prompt' FROM ark.resources WHERE labels ->> 'text' = $1`, text).Scan(&stored); err != nil || stored != text {
					t.Errorf("SQL users see %q, error %v", stored, err)
				}
			})
		}
	}
}

// TestLockedRow: who has rights on the tables may lock them, but not for ever: then nothing was
// written.
func TestLockedRow(t *testing.T) {
	t.Parallel()
	for name, connections := range map[string]int{"directly": 0, "through pgbouncer": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgrestest.Shared(t).NewDatabase(t)
			proxied := database
			if connections > 0 {
				proxied = database.ThroughPgbouncer(t, connections)
			}
			backend := open(t, proxied)
			create(t, backend, "/a")
			locker, err := database.Connect(t).Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := locker.Exec(t.Context(), `SELECT FROM ark.sequencer FOR UPDATE`); err != nil {
				t.Fatal(err)
			}
			_, err = backend.Commit(t.Context(), []driver.Write{{Key: "/b", Value: []byte(`{}`)}})
			if !errors.Is(err, driver.ErrUnavailable) || codeOf(err) != lockNotAvailable {
				t.Errorf("a commit while the row is locked: got error %v, want ErrUnavailable", err)
			}
			if err := locker.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
			if exists(t, backend, "/b") {
				t.Error("the write has taken place")
			}
			create(t, backend, "/b")
		})
	}
}
