package kubectl_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

var credentials = []string{"ca.crt", "ca.key", "serving.crt", "serving.key", "admin.crt", "admin.key", "service-account.key"}

func TestStopAndStartAgain(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, database ownDatabase) {
		dir := filepath.Join(t.TempDir(), "data")
		first := newServer(t, dir, database.environment, database.flags...)
		t.Logf("ready after %s, memory then: %s", first.readyAfter.Round(pollInterval), residentMemory(first))
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("the data directory: %v, error %v", info, err)
		}
		admin := administrator(first, "default")
		admin.given(agent("poet", "Rhyme.")).ok(t, "create", "-f", "-")
		admin.eventuallySays(t, watchTimeout, "serviceaccount/default", "get", "serviceaccounts", "-o", "name")
		token := strings.TrimSpace(admin.ok(t, "create", "token", "default"))
		before := admin.ok(t, "get", "agent", "poet", "-o", "yaml")
		watch := admin.start(t, "get", "agents", "-w", "-o", "name")
		eventually(t, watchTimeout, func() error {
			if watch.stdout.String() != "agent.ark.ai/poet\n" {
				return fmt.Errorf("watch: %s%s", watch.stdout.String(), watch.stderr.String())
			}
			return nil
		})
		keys := checksums(t, dir, credentials...)

		if status := first.end(t, syscall.SIGTERM); status != 0 {
			t.Errorf("SIGTERM: exit status %d\n%s", status, first.stderr.String())
		}
		if status := watch.ends(t, watchTimeout); status != 0 {
			t.Errorf("the watch ends with status %d: %s", status, watch.stderr.String())
		}
		if leftovers, err := filepath.Glob(filepath.Join(dir, "ark.db-*")); err != nil || len(leftovers) > 0 {
			t.Errorf("a database of a server that is stopped is a single file, but there are %q, error %v", leftovers, err)
		}

		second := newServer(t, dir, database.environment, database.flags...)
		if !maps.Equal(keys, checksums(t, dir, credentials...)) {
			t.Error("certificates or keys changed")
		}
		admin = administrator(second, "default")
		if after := admin.ok(t, "get", "agent", "poet", "-o", "yaml"); after != before {
			t.Errorf("the agent was\n%s\nand is\n%s", before, after)
		}
		shows(t, admin.as(t, token).ok(t, "auth", "whoami"), "system:serviceaccount:default:default")
		if status := second.end(t, os.Interrupt); status != 0 {
			t.Errorf("SIGINT: exit status %d\n%s", status, second.stderr.String())
		}

		database.upgrade(t, dir)
		files := checksums(t, dir, filesIn(t, dir)...)
		refusesToStart(t, serverCommand(dir, database.environment, database.flags...),
			"the database's schema is version 999, but this binary knows versions up to", "a newer one")
		if !maps.Equal(files, checksums(t, dir, filesIn(t, dir)...)) {
			t.Error("a server that is too old for the database changed files")
		}
	})
}

func residentMemory(s *server) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.command.Process.Pid))
	if err != nil {
		return err.Error()
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	amount, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(amount)
}

func checksums(t *testing.T, dir string, names ...string) map[string][sha256.Size]byte {
	t.Helper()
	sums := map[string][sha256.Size]byte{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		sums[name] = sha256.Sum256(content)
	}
	return sums
}

// filesIn leaves lock files out: they hold a process's number.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.Type().IsRegular() && !strings.HasSuffix(entry.Name(), ".lock") {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return names
}
