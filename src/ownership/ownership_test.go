package ownership

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// entry is what the file system says of a file.
type entry struct {
	mode        fs.FileMode
	user, group uint32
}

func (entry) Name() string             { return "entry" }
func (entry) Size() int64              { return 0 }
func (e entry) Mode() fs.FileMode      { return e.mode }
func (entry) ModTime() time.Time       { return time.Time{} }
func (e entry) IsDir() bool            { return e.mode.IsDir() }
func (e entry) Sys() any               { return &syscall.Stat_t{Uid: e.user, Gid: e.group} }
func folder(m fs.FileMode) fs.FileMode { return fs.ModeDir | m }

const (
	server   = 65532
	stranger = 1000
	fsGroup  = 2000
)

func TestFolders(t *testing.T) {
	for name, test := range map[string]struct {
		folder  entry
		mounted bool
		// volume is the top of the folder's file system.
		volume entry
		words  string
	}{
		"own":                                {folder: entry{folder(0o700), server, server}},
		"own, others read":                   {folder: entry{folder(0o755), server, server}},
		"own, its private group writes":      {folder: entry{folder(0o775), server, server}},
		"own, another group writes":          {folder: entry{folder(0o775), server, 100}, words: "written by group 100: chmod g-w /data"},
		"own, everybody writes":              {folder: entry{folder(0o777), server, server}, words: "written by everybody: chmod o-w /data"},
		"root's":                             {folder: entry{folder(0o755), 0, 0}},
		"root's, everybody writes":           {folder: entry{folder(0o777), 0, 0}, words: "written by everybody"},
		"root's, for temporary files":        {folder: entry{folder(0o777 | fs.ModeSticky), 0, 0}},
		"a stranger's":                       {folder: entry{folder(0o700), stranger, stranger}, words: "belongs to user 1000, but this process runs as user 65532: chown 65532 /data"},
		"a stranger's volume":                {folder: entry{folder(0o777), stranger, stranger}, mounted: true, words: "belongs to user 1000"},
		"a volume of Kubernetes":             {folder: entry{folder(0o775 | fs.ModeSetgid), 0, fsGroup}, mounted: true},
		"an empty directory of Kubernetes":   {folder: entry{folder(0o777), 0, 0}, mounted: true},
		"a folder in a volume of Kubernetes": {folder: entry{folder(0o770 | fs.ModeSetgid), server, fsGroup}, volume: entry{folder(0o775 | fs.ModeSetgid), 0, fsGroup}},
		"a folder of a team":                 {folder: entry{folder(0o775 | fs.ModeSetgid), 0, fsGroup}, volume: entry{folder(0o755), 0, 0}, words: "written by group 2000"},
		"a folder in a volume of others":     {folder: entry{folder(0o770 | fs.ModeSetgid), server, 3000}, volume: entry{folder(0o775 | fs.ModeSetgid), 0, 3000}, words: "written by group 3000"},
	} {
		t.Run(name, func(t *testing.T) {
			user := user{id: server, volume: volumeGroup(test.volume, []int{server, fsGroup})}
			wantSentence(t, user.checkFolder("/data", test.folder, test.mounted), test.words)
		})
	}
}

func TestFiles(t *testing.T) {
	for name, test := range map[string]struct {
		file  entry
		words string
	}{
		"own":                         {entry{0o600, server, server}, ""},
		"root's, in the own group":    {entry{0o640, 0, server}, ""},
		"given to the volume's group": {entry{0o660, server, fsGroup}, ""},
		"a stranger's":                {entry{0o600, stranger, server}, "belongs to user 1000"},
		"another group writes":        {entry{0o660, server, 100}, "written by group 100"},
		"everybody writes":            {entry{0o622, server, server}, "written by everybody"},
		"everybody reads":             {entry{0o644, server, server}, "read by everybody: chmod o-r /key"},
		"a pipe":                      {entry{fs.ModeNamedPipe | 0o600, server, server}, "not a regular file"},
		"a folder":                    {entry{folder(0o700), server, server}, "directory"},
	} {
		t.Run(name, func(t *testing.T) {
			wantSentence(t, user{id: server, volume: fsGroup}.checkFile("/key", test.file, othersRead|othersWrite), test.words)
		})
	}
}

// TestOnDisk asks the real file system.
func TestOnDisk(t *testing.T) {
	path := t.TempDir()
	file, link := filepath.Join(path, "file"), filepath.Join(path, "link")
	wantSentence(t, CheckFile(file), "")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		mode         fs.FileMode
		file, secret string
	}{
		{0o600, "", ""},
		{0o644, "", "read by everybody"},
		{0o622, "written by everybody", "written by everybody"},
	} {
		if err := os.Chmod(file, step.mode); err != nil {
			t.Fatal(err)
		}
		wantSentence(t, CheckFile(file), step.file)
		wantSentence(t, CheckFile(link), step.file)
		wantSentence(t, CheckSecret(file), step.secret)
	}
	wantSentence(t, CheckFolder(path), "")
	wantSentence(t, CheckFolder(os.TempDir()), "")
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	wantSentence(t, CheckFolder(path), "written by everybody")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	wantSentence(t, CheckFile(link), "symbolic link")
	if os.Geteuid() == 0 {
		if err := os.Lchown(link, stranger, stranger); err != nil {
			t.Fatal(err)
		}
		wantSentence(t, CheckFile(link), "belongs to user 1000")
	}
}

// wantSentence wants no error if there are no words.
func wantSentence(t *testing.T, err error, words string) {
	t.Helper()
	switch {
	case words == "" && err != nil:
		t.Errorf("refused: %v", err)
	case words != "" && (err == nil || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n")):
		t.Errorf("got error %v, want that %s", err, words)
	}
}
