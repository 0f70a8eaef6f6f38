package datadir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ark.ai/apiserver/src/ownership"
)

// Names of the files in a data directory.
const (
	AuthorityCertificate = "ca.crt"
	AuthorityKey         = "ca.key"
	ServingCertificate   = "serving.crt"
	ServingKey           = "serving.key"
	AdminCertificate     = "admin.crt"
	AdminKey             = "admin.key"
	AdminKubeconfig      = "admin.kubeconfig"
	ServiceAccountKey    = "service-account.key"
	Database             = "ark.db"
)

// Dir is an existing data directory.
type Dir struct {
	path string
}

// Default is where data is kept unless the user says otherwise, after the XDG Base Directory
// Specification: $XDG_DATA_HOME/ark-apiserver, or ~/.local/share/ark-apiserver.
func Default() (string, error) {
	// The specification wants relative paths to be ignored.
	if base := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(base) {
		return filepath.Join(base, "ark-apiserver"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no place for a data directory: %w", err)
	}
	return filepath.Join(home, ".local", "share", "ark-apiserver"), nil
}

// Open makes path a data directory with mode 0700. A directory that is already there and in use
// keeps the mode that it has.
func Open(path string) (*Dir, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("can't create the data directory: %w", err)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("can't read the data directory: %w", err)
	}
	// An empty directory was made for us. Any other one may be shared for reasons that its owner
	// has.
	if len(entries) == 0 {
		if err := os.Chmod(path, 0o700); err != nil && !errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("can't protect the data directory: %w", err)
		}
	}
	if err := ownership.CheckFolder(path); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	dir := &Dir{path: path}
	if err := dir.checkWritable(); err != nil {
		return nil, err
	}
	return dir, nil
}

func (d *Dir) checkWritable() error {
	probe, err := os.CreateTemp(d.path, ".write-*")
	if err != nil {
		return fmt.Errorf("can't write to the data directory: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// Path is the absolute path of a file in the directory, or of the directory itself if name is "".
func (d *Dir) Path(name string) string {
	return filepath.Join(d.path, name)
}

// read returns nil if there is no such file. Who may write a key, or read it, is the administrator.
func (d *Dir) read(name string) ([]byte, error) {
	check := ownership.CheckFile
	if filepath.Ext(name) == ".key" {
		check = ownership.CheckSecret
	}
	if err := check(d.Path(name)); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(d.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

// write replaces a file as a whole, so that neither a crash nor a reader ever sees half of it.
func (d *Dir) write(name string, content []byte) error {
	temporary, err := os.CreateTemp(d.path, "."+name+"-*") // has mode 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	if err == nil {
		err = temporary.Sync()
	}
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), d.Path(name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
