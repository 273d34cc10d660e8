package db

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// homeEvery is how often what the log has grown by is copied home into the file.
const homeEvery = 250 * time.Millisecond

// home copies the log into the file beside the writer, which would hold up everybody for as long as
// the disk takes. What is committed meanwhile the writer copies itself between two commits: a
// remainder, after which the log begins anew.
func (w *writer) home() {
	tick := time.NewTicker(homeEvery)
	defer tick.Stop()
	var last int64
	for {
		select {
		case <-w.done:
			return
		case <-tick.C:
		}
		if n := w.commits.Load(); n != last {
			last = n
			if _, err := w.d.pool.Exec(copyHome); err != nil {
				slog.Warn("the log could not be copied home", "error", err)
				continue
			}
			w.rest.Store(true)
		}
	}
}

// copyHome waits for nobody: what readers still need stays in the log.
const copyHome = "PRAGMA wal_checkpoint(PASSIVE)"

// wal is SQLite's log beside its file. Commits append to it without waiting for the disk
// (synchronous=NORMAL) and are answered after Sync, which holds back nobody who writes on: what a
// caller was told is on disk as with FULL, and one wait of the disk serves all that stands before it.
type wal struct {
	path string
	file *os.File
}

// Sync waits until the disk has all that was committed before. No log means that SQLite has
// already brought it home.
func (l *wal) Sync() error {
	now, err := os.Stat(l.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return l.Close()
	case err != nil:
		return err
	}
	if l.file != nil {
		if held, err := l.file.Stat(); err != nil || !os.SameFile(held, now) {
			l.Close()
		}
	}
	if l.file == nil {
		if err := l.open(); err != nil {
			return err
		}
	}
	return l.file.Sync()
}

// open also keeps the log's name on disk, which SQLite does only when it syncs the log itself.
func (l *wal) open() error {
	folder, err := os.Open(filepath.Dir(l.path))
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return err
	}
	l.file, err = os.Open(l.path)
	return err
}

func (l *wal) Close() error {
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
