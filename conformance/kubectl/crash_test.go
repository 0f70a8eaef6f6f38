package kubectl_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
)

func TestKillWhileWriting(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, database ownDatabase) {
		const writers, each, enough = 3, 300, 60
		dir := t.TempDir()
		first := newServer(t, dir, database.environment, database.flags...)
		admin := administrator(first, "default")
		var creations []*running
		for writer := range writers {
			var manifest strings.Builder
			for i := range each {
				manifest.WriteString("---" + query(fmt.Sprintf("q-%d-%d", writer, i), "crash"))
			}
			creations = append(creations, admin.given(manifest.String()).start(t, "create", "-f", "-"))
		}
		acknowledged := func() (names []string) {
			for _, creation := range creations {
				for line := range strings.Lines(creation.stdout.String()) {
					if name, ok := strings.CutSuffix(line, " created\n"); ok {
						names = append(names, name)
					}
				}
			}
			return names
		}
		eventually(t, watchTimeout, func() error {
			if n := len(acknowledged()); n < enough {
				return fmt.Errorf("%d queries were created: %s", n, creations[0].stderr.String())
			}
			return nil
		})
		if status := first.end(t, syscall.SIGKILL); status != -1 {
			t.Fatalf("kill -9: exit status %d", status)
		}
		for _, creation := range creations {
			if status := creation.ends(t, watchTimeout); status == 0 {
				t.Error("the server was killed too late: a writer had finished")
			}
		}

		admin = administrator(newServer(t, dir, database.environment, database.flags...), "default")
		there := map[string]bool{}
		for _, name := range strings.Fields(admin.ok(t, "get", "queries", "-o", "name")) {
			there[name] = true
		}
		for _, name := range acknowledged() {
			if !there[name] {
				t.Errorf("%s was acknowledged and is lost", name)
			}
		}
		t.Logf("%d acknowledged, %d there", len(acknowledged()), len(there))
		admin.given(query("after", "crash")).ok(t, "create", "-f", "-")
		newest := strings.Fields(admin.ok(t, "get", "queries", "--sort-by={.metadata.resourceVersion}", "-o", "name"))
		if last := newest[len(newest)-1]; last != "query.ark.ai/after" {
			t.Errorf("the newest query is %s", last)
		}
	})
}
