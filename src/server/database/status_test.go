package database

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

// TestStatus counts objects by resource.
func TestStatus(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := at(t, place(t))
			backend, _ := opened(t, o)
			var writes []driver.Write
			for _, key := range []string{"/ark.ai/agents/ns/a", "/ark.ai/agents/ns/b", "/ark.ai/agentsets/ns/a", "/namespaces/ns", "/secrets/ns/a"} {
				writes = append(writes, driver.Write{Key: key, Value: []byte(`{}`)})
			}
			if _, err := backend.Commit(t.Context(), writes); err != nil {
				t.Fatal(err)
			}
			if err := backend.Compact(t.Context(), 3); err != nil {
				t.Fatal(err)
			}
			status, err := o.Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(status.Resources)
			if want := "[{agents.ark.ai 2 4} {agentsets.ark.ai 1 2} {namespaces 1 2} {secrets 1 2}]"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if status.Role != "original" || status.Revision != 6 || status.CompactedRevision != 3 || status.Changes != 3 || status.LogRows != 5 || status.OldestChange == nil ||
				status.Objects != 5 || status.Bytes != 10 || status.DatabaseBytes == 0 {
				t.Errorf("got %+v", status)
			}
			if status.SchemaVersion == 0 || status.SchemaVersion != status.NewestSchemaVersion {
				t.Errorf("the schema has version %d, and this binary's is %d", status.SchemaVersion, status.NewestSchemaVersion)
			}
			if r := status.Replication; r.Replicas == nil || r.Sources == nil || r.Hidden == nil || len(r.Replicas)+len(r.Sources)+len(r.Hidden) > 0 {
				t.Errorf("replication is %+v, want three lists with nothing in them", r)
			}
		})
	}
}

// TestStatusOfAnotherSchema tells its version, and what this binary's is, and nothing else.
func TestStatusOfAnotherSchema(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(t *testing.T) (location string, setVersion func(int)){
		"sqlite": func(t *testing.T) (string, func(int)) {
			file := filepath.Join(t.TempDir(), "ark.db")
			return "sqlite://" + file, func(version int) {
				db, err := sql.Open("sqlite", file)
				if err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				if _, err := db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
					t.Fatal(err)
				}
			}
		},
		"postgresql": func(t *testing.T) (string, func(int)) {
			made := postgrestest.Shared(t).NewDatabase(t)
			return postgreSQLAt(t, made), func(version int) { made.Exec(t, setVersion("ark.schema_version", version)) }
		},
		"mysql": func(t *testing.T) (string, func(int)) {
			made := mysqltest.Shared(t).NewDatabase(t)
			return mySQLAt(t, made), func(version int) { made.Exec(t, setVersion("schema_version", version)) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			location, setVersion := database(t)
			o := at(t, location)
			_, closeIt := opened(t, o)
			closeIt()
			good, err := o.Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for version, want := range map[int]string{1: "is version 1, older than this binary's", 99: "is version 99, but this binary knows"} {
				setVersion(version)
				status, err := o.Status(t.Context())
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("version %d: error %v, want one with %q", version, err, want)
				}
				if status.SchemaVersion != version || status.NewestSchemaVersion != good.NewestSchemaVersion || status.Content != nil || status.Driver != name {
					t.Errorf("version %d: %+v", version, status)
				}
			}
		})
	}
}

// setVersion is for tables of drivers that keep a row for each version.
func setVersion(table string, version int) string {
	return fmt.Sprintf("DELETE FROM %s WHERE version > 0; INSERT INTO %[1]s (version, name) VALUES (%d, '')", table, version)
}

// TestStatusOfAReplica: what the server tells of it comes through, at both of them.
func TestStatusOfAReplica(t *testing.T) {
	t.Parallel()
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		primary := postgrestest.New(t)
		made := primary.NewDatabase(t)
		o := at(t, postgreSQLAt(t, made))
		opened(t, o)
		standby, err := primary.NewStandby(t.Context(), true)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = standby.Close() })
		wantPeer(t, o, func(r Replication) []Peer { return r.Replicas }, Peer{Name: "walreceiver", State: "streaming", Sync: "sync", LagBytes: new(int64(0)), LagSeconds: new(0.0)})
		wantPeer(t, at(t, postgreSQLAt(t, made.At(standby))), func(r Replication) []Peer { return r.Sources }, Peer{Address: primary.Dir, State: "streaming", LagBytes: new(int64(0)), LagSeconds: new(0.0)})
	})
	t.Run("MariaDB", func(t *testing.T) {
		t.Parallel()
		source := mysqltest.New(t, mysqltest.Replicated...)
		replica, err := source.NewReplica(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = replica.Close() })
		made := source.NewDatabase(t)
		opened(t, at(t, mySQLAt(t, made)))
		wantPeer(t, at(t, mySQLAt(t, made.At(replica))), func(r Replication) []Peer { return r.Sources }, Peer{Address: source.Host, State: "running", LagSeconds: new(0.0)})
	})
}

// wantPeer waits for the status of a database to have one.
func wantPeer(t *testing.T, o *Options, which func(Replication) []Peer, want Peer) {
	t.Helper()
	text := func(v any) string { encoded, _ := json.Marshal(v); return string(encoded) }
	var got string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(testserver.PollInterval) {
		status, err := o.Status(t.Context())
		if got = fmt.Sprint(err); err == nil {
			got = text(which(status.Replication))
		}
		if got == text([]Peer{want}) {
			return
		}
	}
	t.Errorf("there are %s, want %s", got, text(want))
}

// TestLagOfACopy: of what a copy lacks, how many writes there are and for how long.
func TestLagOfACopy(t *testing.T) {
	t.Parallel()
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, to := at(t, place(t)), at(t, place(t))
			backend, _ := opened(t, from)
			storagetest.WriteHistory(t, backend)
			if _, err := from.FindLag(t.Context(), from); err == nil || !strings.Contains(err.Error(), "it is not a copy of another database") {
				t.Errorf("the lag of an original: error %v", err)
			}
			copyNow := func() {
				t.Helper()
				if err := from.CopyTo(t.Context(), to, CopyMode{}, io.Discard, nil); err != nil {
					t.Fatal(err)
				}
			}
			copyNow()
			for writes := range 3 {
				for i := range writes {
					if _, err := backend.Commit(t.Context(), []driver.Write{{Key: fmt.Sprintf("/later/%d/%d", writes, i), Value: []byte(`{}`)}}); err != nil {
						t.Fatal(err)
					}
				}
				lag, err := to.FindLag(t.Context(), from)
				current, _ := backend.CurrentRevision(t.Context())
				if err != nil || lag.Rows != int64(writes) || lag.Newest != current || (lag.Seconds > 0) != (writes > 0) || lag.Seconds > 60 {
					t.Errorf("after %d writes: %+v, error %v", writes, lag, err)
				}
				copyNow()
			}
			other := at(t, place(t))
			unrelated, _ := opened(t, other)
			storagetest.WriteHistory(t, unrelated)
			if _, err := to.FindLag(t.Context(), other); err == nil || !strings.Contains(err.Error(), "it is not a copy of the other one") {
				t.Errorf("behind another database: error %v", err)
			}
		})
	}
}
