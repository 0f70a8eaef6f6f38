package migration_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"ark.ai/apiserver/src/storage/migration"
)

func files(names ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, name := range names {
		fsys[name] = &fstest.MapFile{Data: []byte("-- " + name)}
	}
	return fsys
}

func TestLoad(t *testing.T) {
	t.Parallel()
	all, err := migration.Load(files("0002_second_step.sql", "0001_first.sql"))
	if err != nil {
		t.Fatal(err)
	}
	want := []migration.Migration{
		{Version: 1, Name: "first", SQL: "-- 0001_first.sql"},
		{Version: 2, Name: "second_step", SQL: "-- 0002_second_step.sql"},
	}
	if len(all) != len(want) || all[0] != want[0] || all[1] != want[1] {
		t.Errorf("got %v, want %v", all, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fsys fstest.MapFS
		want string
	}{
		"nothing":    {files(), "no migrations"},
		"gap":        {files("0001_a.sql", "0003_c.sql"), "without gaps"},
		"duplicate":  {files("0001_a.sql", "0001_b.sql"), "without gaps"},
		"late start": {files("0002_a.sql"), "without gaps"},
		"odd name":   {files("0001_a.sql", "README.md"), `"README.md" is not named`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := migration.Load(tc.fsys); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got error %v, want one with %q", err, tc.want)
			}
		})
	}
}

func TestPending(t *testing.T) {
	t.Parallel()
	all, err := migration.Load(files("0001_a.sql", "0002_b.sql", "0003_c.sql"))
	if err != nil {
		t.Fatal(err)
	}
	for current, want := range map[int]string{0: "abc", 1: "bc", 2: "c", 3: ""} {
		pending, err := migration.Pending(all, current)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, m := range pending {
			got += m.Name
		}
		if got != want {
			t.Errorf("a database at version %d lacks %q, want %q", current, got, want)
		}
	}
}

func TestPendingRefusesNewerDatabase(t *testing.T) {
	t.Parallel()
	all, err := migration.Load(files("0001_a.sql", "0002_b.sql"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = migration.Pending(all, 7)
	if err == nil {
		t.Fatal("a database at version 7 was accepted by a binary that knows 2")
	}
	for _, want := range []string{"version 7", "up to 2"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error %q has more than one line", err)
	}
}
