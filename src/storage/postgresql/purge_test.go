package postgresql

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// secret is in all that a test stores before it purges.
const secret = "ThePlainText"

// storeSecrets has enough rows with labels and fields for the planner to have statistics of them,
// and then replaces all.
func storeSecrets(t *testing.T, database postgrestest.Database, backend *Backend) {
	t.Helper()
	const keys = 500
	var revisions []int64
	for _, value := range []string{secret, "encrypted"} {
		batch := make([]driver.Write, keys)
		for i := range batch {
			batch[i] = driver.Write{Key: fmt.Sprintf("/agents/%d", i), Value: fmt.Appendf(nil, `{"prompt":"%s"}`, value)}
			if value == secret {
				attributes := map[string]string{"a": fmt.Sprintf("%s-%d", secret, i%10)}
				batch[i].Attributes = driver.Attributes{Labels: attributes, Fields: attributes}
			} else {
				batch[i].Expected = revisions[i]
			}
		}
		var err error
		if revisions, err = backend.Commit(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		database.Exec(t, `ANALYZE`)
	}
}

// TestPurge: nothing of what was overwritten is left in any file of the database.
func TestPurge(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	database := server.NewDatabase(t)
	backend := open(t, database)
	storeSecrets(t, database, backend)
	files := filepath.Join(server.Dir, "data", "base")
	if !contains(t, server, files, secret) {
		t.Error("what is to be purged was not in a file: this test proves nothing")
	}
	if err := backend.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if contains(t, server, files, secret) {
		t.Error("it is left in a file")
	}
}

// TestPurgeByTheOwnerOfTheTables: who does not own the database does what it may, and tells the
// rest.
func TestPurgeByTheOwnerOfTheTables(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	database := server.NewDatabase(t)
	database.Exec(t, `CREATE ROLE ark_owner LOGIN PASSWORD 'secret'; CREATE SCHEMA ark AUTHORIZATION ark_owner`)
	options := optionsFor(database)
	options.Username, options.Password = "ark_owner", "secret"
	backend := openWith(t, options)
	storeSecrets(t, database, backend)
	err := backend.Purge(t.Context())
	if err == nil {
		t.Fatal("purged")
	}
	_, command, _ := strings.Cut(err.Error(), "have the owner of the database run ")
	command = strings.TrimSuffix(command, " in it")
	database.Exec(t, command)
	if contains(t, server, filepath.Join(server.Dir, "data", "base"), secret) {
		t.Errorf("it is left in a file after %q too", command)
	}
}

// contains reports whether a file below dir has the text, once the server has written all.
func contains(t *testing.T, server *postgrestest.Server, dir, text string) (found bool) {
	t.Helper()
	if err := server.Exec(t.Context(), "CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || bytes.Contains(content, []byte(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
