package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
)

// LimitPages has the database refuse to grow beyond a number of pages, as a full disk does; 0 lets
// it grow again.
func (b *Backend) LimitPages(t *testing.T, pages int64) {
	t.Helper()
	if pages == 0 {
		pages = 1 << 31
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	if _, err := b.writer.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		t.Fatal(err)
	}
}

// UseReader takes one of the connections that read until release is called.
func (b *Backend) UseReader(t *testing.T) (release func()) {
	t.Helper()
	conn, err := b.readers.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Damage replaces a part of a key's value.
func (b *Backend) Damage(t *testing.T, key, part, by string) {
	t.Helper()
	b.writing.Lock()
	defer b.writing.Unlock()
	result, err := b.writer.conn.ExecContext(t.Context(), "UPDATE log SET value = replace(value, ?2, ?3) WHERE key = ?1 AND instr(value, ?2)", key, part, by)
	if err != nil {
		t.Fatal(err)
	}
	if changed, err := result.RowsAffected(); err != nil || changed != 1 {
		t.Fatal(changed, err)
	}
}

// Rewrite takes the creations from revision on back, and makes others instead, as another program.
func (b *Backend) Rewrite(t *testing.T, revision int64, creations []driver.Write) {
	t.Helper()
	db, err := sql.Open("sqlite", b.dsn(busyTimeout))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("DELETE FROM log WHERE revision >= ?1; DELETE FROM objects WHERE revision >= ?1", revision)
	for i, write := range creations {
		exec("INSERT INTO log (revision, key, prev_revision, deleted, committed_at, value) VALUES (?, ?, 0, 0, unixepoch() * 1000 + 1000, ?)",
			revision+int64(i), write.Key, string(write.Value))
		exec(sqlInsertObject, write.Key, revision+int64(i), len(write.Value), nil)
	}
}

// ReserveDisk has writes leave that many bytes of the disk free.
func (b *Backend) ReserveDisk(t *testing.T, bytes int64) {
	t.Helper()
	b.reserve.Store(bytes)
}

// Growth is how many bytes the database's file has to grow by.
func (b *Backend) Growth() (int64, error) { return b.growth() }

// Migration is the text of a migration.
func Migration(t *testing.T, name string) string {
	t.Helper()
	text, err := migrationFiles.ReadFile("migrations/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// HoldList begins to read as a list does, as soon as it may, and goes on until release is called.
// began is closed when it has begun.
func (b *Backend) HoldList(t *testing.T) (began <-chan struct{}, release func()) {
	t.Helper()
	begun, released, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		end, err := b.beginList(context.Background())
		if err != nil {
			ended <- err
			return
		}
		defer end()
		ended <- b.snapshot(context.Background(), 0, func(*sql.Tx, driver.State) error {
			close(begun)
			<-released
			return nil
		})
	}()
	return begun, sync.OnceFunc(func() {
		close(released)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
