package sqlite

import (
	"fmt"
	"testing"
)

// LimitPages has the database refuse to grow beyond a number of pages, as a full disk does; 0 lets it grow again.
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
