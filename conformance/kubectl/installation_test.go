package kubectl_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// installation is one or more servers on one database.
type installation struct {
	name       string
	start      func(*testing.T, *installation) error
	once       sync.Once
	servers    []*server
	err        error
	namespaces atomic.Int64
}

var installations = []*installation{
	{name: "sqlite", start: startSQLite},
	{name: "postgresql", start: startPostgreSQL},
}

// onEveryInstallation runs a scenario with administrators in a namespace of its own: what write writes, read reads. They
// use different servers where there are two.
func onEveryInstallation(t *testing.T, scenario func(t *testing.T, write, read *kubectl)) {
	t.Helper()
	t.Parallel()
	for _, i := range installations {
		t.Run(i.name, func(t *testing.T) {
			t.Parallel()
			write, read := i.administrators(t)
			scenario(t, write, read)
		})
	}
}

func (i *installation) administrators(t *testing.T) (write, read *kubectl) {
	t.Helper()
	i.once.Do(func() { i.err = i.start(t, i) })
	if i.err != nil {
		t.Fatal(i.err)
	}
	namespace := fmt.Sprintf("test-%d", i.namespaces.Add(1))
	write = administrator(i.servers[0], namespace)
	read = administrator(i.servers[len(i.servers)-1], namespace)
	write.ok(t, "create", "namespace", namespace)
	return write, read
}

func startSQLite(_ *testing.T, i *installation) error {
	dir, err := i.newDir()
	if err != nil {
		return err
	}
	return i.add(dir, nil)
}

func startPostgreSQL(t *testing.T, i *installation) error {
	database := postgrestest.Shared(t).NewDatabase(t)
	first, err := i.newDir()
	if err != nil {
		return err
	}
	if err := i.add(first, onPostgreSQL(database), "--storage-driver=postgresql"); err != nil {
		return err
	}
	second, err := i.newDir()
	if err != nil {
		return err
	}
	if err := copyFiles(first, second, "ca.crt", "ca.key", "service-account.key"); err != nil {
		return err
	}
	return i.add(second, onPostgreSQL(database), "--storage-driver=postgresql")
}

// onPostgreSQL is the environment of a server on a database.
func onPostgreSQL(database postgrestest.Database) []string {
	return []string{"ARK_POSTGRESQL_DSN=" + database.DSN()}
}

// newDir is for a server that outlives the test which starts it.
func (i *installation) newDir() (string, error) { return os.MkdirTemp(scratch, i.name+"-") }

func (i *installation) add(dir string, environment []string, args ...string) error {
	s, err := startServer(dir, environment, args...)
	if err != nil {
		return fmt.Errorf("start %s: %w", i.name, err)
	}
	i.servers = append(i.servers, s)
	return nil
}

func killSharedServers() {
	for _, i := range installations {
		for _, s := range i.servers {
			s.kill()
		}
	}
}

func copyFiles(from, to string, names ...string) error {
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// clusterName is a name for a cluster-wide object of the test that has this namespace.
func clusterName(k *kubectl, name string) string {
	return strings.Join([]string{name, k.namespace}, "-")
}
