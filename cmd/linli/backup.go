package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/casework/file"
	"linli/internal/platform/backup"
	"linli/internal/platform/bucket"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/platform/seal"
	"linli/internal/platform/storage"
)

type backupVerb struct {
	store
	To     string `arg:"" help:"Folder, or s3://host/bucket/prefix."`
	Keep   int    `help:"Keep so many copies and remove older ones; 0 keeps all." default:"0"`
	KeysTo string `help:"Also copy the key file to this new file; never beside the backups." type:"path"`
}

// Run copies a city, which may be served meanwhile.
func (v backupVerb) Run(ctx context.Context) error {
	keys := filepath.Join(v.Data, "keys.json")
	if _, err := os.Stat(keys); err != nil {
		return fmt.Errorf("no city is kept in %s: %w", v.Data, err)
	}
	ring, err := seal.Open(keys)
	if err != nil {
		return err
	}
	address := v.database()
	if address == "" {
		address = filepath.Join(v.Data, "linli.db")
		if _, err := os.Stat(address); err != nil {
			return err
		}
	}
	d, err := db.Open(ctx, address, db.Options{AsIs: true})
	if err != nil {
		return err
	}
	defer d.Close()
	files, err := app.OpenFiles(v.Data, v.Files)
	if err != nil {
		return err
	}
	if err := makeBackup(ctx, backup.Source{DB: d, Address: address, Files: file.Attached{Store: files, DB: d}, Empty: file.Unsaved,
		Work: v.Data, Ring: ring, Sealed: app.Sealed(), Version: version}, v.To, v.Keep); err != nil {
		return err
	}
	if v.KeysTo == "" {
		fmt.Fprintln(os.Stderr, "the keys are not part of the copy: keep", keys, "apart from it (--keys-to)")
		return nil
	}
	return copyKeys(keys, v.KeysTo, v.To)
}

func makeBackup(ctx context.Context, s backup.Source, to string, keep int) error {
	target, err := bucket.Open(to)
	if err != nil {
		return err
	}
	m, err := backup.Make(ctx, s, target)
	if err != nil {
		return err
	}
	slog.Info("backup made", "name", m.Name, "bytes", m.Database.Size, "files", len(m.Files))
	return backup.Prune(ctx, target, keep)
}

// copyKeys copies the key file to a place that is not the backups' own. The same file there is left as it is,
// so that a regular backup may name one place; another is never overwritten.
func copyKeys(from, to, backups string) error {
	if within, err := filepath.Rel(backups, to); !strings.Contains(backups, "://") && err == nil && !strings.HasPrefix(within, "..") {
		return errors.New("keep the keys apart from the backups: a copy that carries its keys opens itself")
	}
	raw, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	there, err := os.ReadFile(to)
	switch {
	case err == nil && bytes.Equal(there, raw):
		return nil
	case err == nil:
		return fmt.Errorf("%s is another key file, or one from before a rotation: the copy was made, keep its keys under another name", to)
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.Sync(), f.Close())
}

type restoreVerb struct {
	store
	From string `arg:"" help:"Folder, or s3://host/bucket/prefix, that holds backups."`
	Name code   `help:"Name of the copy; the last one otherwise."`
	Keys string `help:"Key file that belongs to the copy." required:"" type:"existingfile"`
}

// Run proves a copy and restores it; it never overwrites.
func (v restoreVerb) Run(ctx context.Context) error {
	target, err := bucket.Open(v.From)
	if err != nil {
		return err
	}
	to := backup.Destination{Data: v.Data, Database: v.database(), Keys: v.Keys, Sealed: app.Sealed()}
	if v.Files != "" {
		spool, err := os.MkdirTemp("", "linli-restore-*")
		if err != nil {
			return err
		}
		defer os.RemoveAll(spool)
		files, err := storage.Open(v.Files, spool)
		if err != nil {
			return err
		}
		to.Files = files
	}
	m, err := backup.Restore(ctx, target, string(v.Name), to)
	if err != nil {
		return err
	}
	fmt.Printf("%s of %s restored: digests, database and audit log are right; %d files\n", m.Name, m.At.Format(time.RFC3339), len(m.Files))
	return nil
}

// backupSchedule are the flags by which a serving program backs itself up.
type backupSchedule struct {
	BackupTo    string        `help:"Back up while serving: folder, or s3://host/bucket/prefix." env:"LINLI_BACKUP_TO"`
	BackupEvery time.Duration `help:"How often." default:"24h" env:"LINLI_BACKUP_EVERY"`
	BackupKeep  int           `help:"How many copies are kept." default:"14" env:"LINLI_BACKUP_KEEP"`
}

// job makes a copy every so often, one process for all; false when no place for copies is named.
func (b backupSchedule) job(a *app.App) (module.Job, bool) {
	return module.Job{Name: "backup", Every: max(b.BackupEvery, time.Minute), Do: func(ctx context.Context) error {
		return makeBackup(ctx, a.BackupSource(), b.BackupTo, b.BackupKeep)
	}}, b.BackupTo != ""
}
