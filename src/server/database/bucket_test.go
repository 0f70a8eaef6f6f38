package database

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ark.ai/apiserver/src/server/objectstore"
	"ark.ai/apiserver/src/server/objectstore/s3test"
	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// inBucket is a place in the bucket of a server that the environment names.
func inBucket(t *testing.T, server *s3test.Server, key string) string {
	t.Helper()
	for variable, value := range server.Variables() {
		t.Setenv(variable, value)
	}
	return "s3://" + s3test.Bucket + "/" + key
}

// emptyTemporary has temporary files made in a directory in which nothing may be left.
func emptyTemporary(t *testing.T) {
	t.Helper()
	// They have temporary files, too, for as long as there are tests.
	postgrestest.Shared(t)
	mysqltest.Shared(t)
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%v (error %v) is left among the temporary files", left, err)
		}
	})
}

// TestBackupToBucket takes a backup of each kind of database to a bucket, and restores it from
// there to an empty one.
func TestBackupToBucket(t *testing.T) {
	server := s3test.New(t)
	emptyTemporary(t)
	for source, newPlace := range places {
		t.Run(source, func(t *testing.T) {
			place := inBucket(t, server, source+"/backup.db")
			from := at(t, newPlace(t))
			backend, _ := opened(t, from)
			storagetest.WriteHistory(t, backend)
			want := storagetest.ReadRows(t, backend, 500)
			var out bytes.Buffer
			if err := from.Backup(t.Context(), BackupOptions{Path: place}, &out, nil); err != nil {
				t.Fatal(err)
			}
			if want := place + " has 5 objects and 16 changes up to revision 17\n"; out.String() != want {
				t.Errorf("it says %q, want %q", out.String(), want)
			}
			backup := BackupFile{Path: place}
			if err := backup.Verify(t.Context(), io.Discard, nil); err != nil {
				t.Errorf("verify: %v", err)
			}
			if status, err := backup.Status(t.Context()); err != nil || status.Database != "the backup "+place || status.Objects != 5 {
				t.Errorf("status: %+v, error %v", status, err)
			}
			if err := from.Backup(t.Context(), BackupOptions{Path: place}, io.Discard, nil); err == nil || !strings.Contains(err.Error(), "already exists") {
				t.Errorf("another backup with that name: %v", err)
			}
			to := at(t, newPlace(t))
			if err := to.Restore(t.Context(), backup, false, io.Discard, nil); err != nil {
				t.Fatal(err)
			}
			restored, _ := opened(t, to)
			revision, err := restored.CurrentRevision(t.Context())
			if err != nil || revision != 17+driver.IncarnationGap {
				t.Errorf("it is at revision %d (error %v), want one far above 17", revision, err)
			}
			storagetest.WantSameRows(t, storagetest.ReadRows(t, restored, 500)[:len(want)], want)
		})
	}
}

// TestBackupsInABucket are named after their time, and as many stay as are to be kept.
func TestBackupsInABucket(t *testing.T) {
	server := s3test.New(t)
	emptyTemporary(t)
	folder := inBucket(t, server, "ark/nightly/")
	from := at(t, places["sqlite"](t))
	backend, _ := opened(t, from)
	storagetest.WriteHistory(t, backend)
	bucket, _, err := openBucket(t.Context(), folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(t.TempDir(), "old")
	write(t, old, "old")
	for _, name := range []string{
		"ark/nightly/ark-20200101T000000Z.db", "ark/nightly/ark-20210101T000000Z.db", "ark/nightly/ark-20220101T000000Z.db", "ark/nightly/mine.db", "ark/nightly/ark-mine.db",
		"ark/nightly/sub/ark-20200101T000000Z.db", "ark/ark-20200101T000000Z.db",
	} {
		if err := bucket.Upload(t.Context(), old, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := (BackupFile{Path: folder}).Verify(t.Context(), io.Discard, nil); err == nil || !strings.HasSuffix(err.Error(), "ark-20220101T000000Z.db is the newest") {
		t.Errorf("a folder is verified: %v", err)
	}
	var out bytes.Buffer
	if err := from.Backup(t.Context(), BackupOptions{Path: folder, Keep: 2}, &out, nil); err != nil {
		t.Fatal(err)
	}
	made := regexp.MustCompile(`ark-20[0-9TZ]+\.db`).FindString(out.String())
	for prefix, want := range map[string][]string{
		"ark/nightly/": {"ark-20220101T000000Z.db", made, "ark-mine.db", "mine.db", "sub/"},
		"ark/":         {"ark-20200101T000000Z.db", "nightly/"}, "ark/nightly/sub/": {"ark-20200101T000000Z.db"},
	} {
		objects, err := bucket.List(t.Context(), prefix)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, object := range objects {
			names = append(names, strings.TrimPrefix(object.Key, prefix))
		}
		if slices.Sort(names); !slices.Equal(names, want) {
			t.Errorf("in %s there are %q, want %q", prefix, names, want)
		}
	}
	if err := (BackupFile{Path: folder + made}).Verify(t.Context(), io.Discard, nil); err != nil {
		t.Error(err)
	}
	for place, want := range map[string]string{
		folder + "new.db":                "--keep needs a folder, such as " + folder + "new.db/",
		strings.TrimSuffix(folder, "/"):  "--keep needs a folder",
		"s3:///ark/":                     "must be like s3://bucket/folder/",
		"s3://" + s3test.Bucket + "/ark": "--keep needs a folder",
	} {
		if err := from.Backup(t.Context(), BackupOptions{Path: place, Keep: 2}, io.Discard, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--keep with %s: %v, want %q", place, err, want)
		}
	}
	err = from.Backup(t.Context(), BackupOptions{Path: strings.TrimSuffix(folder, "/")}, io.Discard, nil)
	if err == nil || !strings.Contains(err.Error(), "is a folder: use "+folder) {
		t.Errorf("a folder without its slash: %v", err)
	}
}

// backedUpToBucket is a server with a backup of a SQLite database, and the place of that.
func backedUpToBucket(t *testing.T) (server *s3test.Server, from *Options, place string) {
	t.Helper()
	server = s3test.New(t)
	emptyTemporary(t)
	place = inBucket(t, server, "backup.db")
	from = at(t, places["sqlite"](t))
	backend, _ := opened(t, from)
	storagetest.WriteHistory(t, backend)
	if err := from.Backup(t.Context(), BackupOptions{Path: place}, io.Discard, nil); err != nil {
		t.Fatal(err)
	}
	return server, from, place
}

// TestDamagedObject: what a server has lost or altered is noticed, and nothing is restored.
func TestDamagedObject(t *testing.T) {
	server, _, place := backedUpToBucket(t)
	file := server.File("backup.db")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		content string
		want    string
	}{
		"truncated": {string(good[:len(good)/2]), "damaged"},
		"altered":   {strings.ReplaceAll(string(good), `"app":"a"`, `"app":"z"`), "altered or damaged"},
		"empty":     {"", "it has no API server's tables"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.content == string(good) {
				t.Fatal("nothing was altered")
			}
			write(t, file, test.content)
			to := at(t, places["sqlite"](t))
			for what, err := range map[string]error{
				"restore": to.Restore(t.Context(), BackupFile{Path: place}, false, io.Discard, nil),
				"verify":  BackupFile{Path: place}.Verify(t.Context(), io.Discard, nil),
			} {
				if err == nil || strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), place+": ") || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: got error %v, want one line with the place and %q", what, err, test.want)
				}
			}
			if _, err := os.Stat(to.SQLite.Path); err == nil {
				t.Error("the database was touched")
			}
		})
	}
}

// TestBackupsWithoutAServer fail before anything of the database is read, and leave nothing.
func TestBackupsWithoutAServer(t *testing.T) {
	emptyTemporary(t)
	server := s3test.New(t)
	place := inBucket(t, server, "ark/")
	from := at(t, "sqlite:///no/such/database")
	for name, test := range map[string]struct {
		place   string
		options objectstore.Options
		want    string
	}{
		"no bucket":    {"s3://nothing-here/ark/", objectstore.Options{}, "there is no bucket nothing-here at " + server.URL},
		"wrong region": {place, objectstore.Options{Region: "us-west-2"}, "set --s3-region"},
		"wrong port":   {place, objectstore.Options{Endpoint: "127.0.0.1:1"}, "can't be reached"},
	} {
		test.options.AddressingStyle = "auto"
		err := from.Backup(t.Context(), BackupOptions{Path: test.place, S3: &test.options}, io.Discard, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got error %v, want one line with %q", name, err, test.want)
		}
	}
}

// TestNoRoomForTemporaryFiles is said in a sentence that names what to change.
func TestNoRoomForTemporaryFiles(t *testing.T) {
	server, from, place := backedUpToBucket(t)
	// To a program a limit of its files is much the same as a full disk.
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"restore": {[]string{places["sqlite"](t), place}, "; the environment variable TMPDIR names another directory for temporary files\n"},
		"backup":  {[]string{"sqlite://" + from.SQLite.Path, strings.TrimSuffix(place, "backup.db")}, "disk I/O error"},
	} {
		shell := exec.CommandContext(t.Context(), "bash", append([]string{"-c", `ulimit -f 16 && exec "$0" "$@"`, os.Args[0]}, test.args...)...)
		shell.Env = append(os.Environ(), commandVariable+"="+name)
		var said bytes.Buffer
		shell.Stderr = &said
		if err := shell.Run(); err == nil || strings.Count(said.String(), "\n") != 1 || !strings.Contains(said.String(), test.want) {
			t.Errorf("%s: %v, it says\n%s\nwant one line with %q", name, err, said.String(), test.want)
		}
	}
	if objects, err := filepath.Glob(server.File("*.db")); err != nil || len(objects) != 1 {
		t.Errorf("the bucket has %v (error %v), want the first backup", objects, err)
	}
}
