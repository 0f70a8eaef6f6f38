package sqlite

import (
	"errors"
	"fmt"
	"os"
	"time"

	"k8s.io/klog/v2"
)

const (
	// inspection is how often the files are looked at while nobody writes.
	inspection = time.Second
	// rescueAgain is when an attempt to save what the open files have is repeated.
	rescueAgain = 10 * time.Second
)

// watchFiles saves what the open files have when they are no longer at their paths.
func (b *Backend) watchFiles() {
	ticker := time.NewTicker(inspection)
	defer ticker.Stop()
	for {
		select {
		case <-b.closing:
			return
		case <-ticker.C:
		}
		b.inspect()
	}
}

func (b *Backend) inspect() {
	lost := b.files.check()
	if lost == nil {
		if b.lost.Swap(nil) != nil {
			klog.InfoS("The files of the SQLite database are there again", "path", b.path)
		}
		if err := b.noteOthers(); err != nil {
			klog.ErrorS(err, "Can't note whether another program has the SQLite database open", "path", b.path)
		}
		return
	}
	if noted := b.lost.Load(); noted != nil && (noted.saved || time.Since(noted.tried) < rescueAgain) {
		return
	}
	how, err := b.rescue(lost)
	if err != nil {
		how = "what was stored could not be saved: read it from this server, which still has it, before it is stopped"
	}
	b.lost.Store(&loss{how: how, saved: err == nil, tried: time.Now()})
	klog.ErrorS(errors.Join(lost, err), "The files of the SQLite database are not those that this server has open", "path", b.path, "rescue", how)
}

// loss is of files that are open, and what has become of what they have.
type loss struct {
	how   string
	saved bool
	tried time.Time
}

// rescue saves what the open files have, and says where.
func (b *Backend) rescue(lost error) (how string, err error) {
	if errors.As(lost, new(errOverwritten)) {
		// To copy the log would damage what somebody has put there.
		return "what was stored is gone: stop the server and restore a backup", nil
	}
	if !b.files.missing() {
		if last, err := b.emptyLog(patience); err == nil && last.copied == last.pages {
			return "everything is in " + b.path + ": stop the server, move " + b.path + "-wal away if there is one, and start it", nil
		}
	}
	name := b.path + ".rescued-" + time.Now().UTC().Format("20060102T150405Z")
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return "", fmt.Errorf("save the database: %w", err)
	}
	b.writing.Lock()
	_, err = b.checkpoints.ExecContext(background, "VACUUM INTO ?", name)
	b.writing.Unlock()
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("save the database as %s: %w", name, err), os.Remove(name))
	}
	return "everything is in " + name + ": stop the server and restore that", nil
}
