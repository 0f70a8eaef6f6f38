package standalone_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// TestObjectsCanBeQueriedWithSQL asks what docs/storage.md tells users to ask.
func TestObjectsCanBeQueriedWithSQL(t *testing.T) {
	dir := t.TempDir()
	server := mustStart(t, options(dir))
	server.create(t, agents, "default", agent("adviser"))
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "ark.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var group, name, prompt string
	err = db.QueryRowContext(t.Context(), `SELECT api_group, name, object ->> '$.spec.prompt' FROM resources
		WHERE resource = 'agents' AND namespace = 'default'`).Scan(&group, &name, &prompt)
	if err != nil || group != "ark.ai" || name != "adviser" || prompt != "Be helpful." {
		t.Errorf("got %s/%s with prompt %q, error %v", group, name, prompt, err)
	}
	server.mustStop(t)
}
