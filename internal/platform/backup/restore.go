package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"linli/internal/platform/audit"
	"linli/internal/platform/bucket"
	"linli/internal/platform/db"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/seal"
)

// Destination is where to restore to.
type Destination struct {
	Data     string // folder that is empty or not there
	Database string // address of an empty PostgreSQL database; "" for SQLite in Data
	Keys     string // key file that belongs to the copy
	Files    Files  // storage of the uploaded files; nil for the folder files in Data
	Sealed   []fingerprint.Sealed
}

// ErrOccupied says that there is something where a copy should be restored.
var ErrOccupied = errors.New("the data folder to restore into is not empty")

// Restore brings back a copy, the last one when name is "", after it has proven it: the manifest
// by the keys, every file by its digest, the database by its own check, and the audit log by the
// signed head in the manifest. Until then nothing stands in place. Errors: ErrOccupied;
// db.ErrFilled; those of fingerprint; whatever does not fit.
func Restore(ctx context.Context, from bucket.Bucket, name string, to Destination) (Manifest, error) {
	if entries, err := os.ReadDir(to.Data); err == nil && len(entries) > 0 {
		return Manifest{}, ErrOccupied
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, err
	}
	if _, err := os.Stat(to.Keys); err != nil {
		return Manifest{}, fmt.Errorf("the key file: %w", err)
	}
	ring, err := seal.Open(to.Keys)
	if err != nil {
		return Manifest{}, err
	}
	if name == "" {
		names, err := Names(ctx, from)
		if err != nil || len(names) == 0 {
			return Manifest{}, errors.Join(err, errors.New("there is no copy"))
		}
		name = names[len(names)-1]
	}
	m, err := readManifest(ctx, from, name, ring)
	if err != nil {
		return m, err
	}
	if (m.Engine == db.Postgres) != (to.Database != "") {
		return m, fmt.Errorf("the copy is of %s: restore it to the same engine", m.Engine)
	}
	staging := filepath.Clean(to.Data) + ".restoring"
	if err := os.RemoveAll(staging); err != nil {
		return m, err
	}
	if err := fetchAll(ctx, from, m, staging); err != nil {
		return m, errors.Join(err, os.RemoveAll(staging))
	}
	if err := prove(ctx, m, ring, staging, to); err != nil {
		return m, errors.Join(err, os.RemoveAll(staging))
	}
	if to.Files != nil {
		if err := putFiles(ctx, m, staging, to.Files); err != nil {
			return m, errors.Join(err, os.RemoveAll(staging))
		}
	}
	return m, settle(staging, to)
}

// putFiles brings the files of a proven copy to the storage where they are kept.
func putFiles(ctx context.Context, m Manifest, staging string, to Files) error {
	for _, p := range m.Files {
		f, err := os.Open(filepath.Join(staging, "files", p.Digest[:2], p.Digest))
		if err != nil {
			return err
		}
		if err := errors.Join(to.Put(ctx, p.Digest, f), f.Close()); err != nil {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(staging, "files"))
}

func fetchAll(ctx context.Context, from bucket.Bucket, m Manifest, staging string) error {
	if err := fetch(ctx, from, path.Join(m.Name, m.Database.Name), m.Database, filepath.Join(staging, m.Database.Name)); err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := fetch(ctx, from, f.Name, f, filepath.Join(staging, "files", f.Digest[:2], f.Digest)); err != nil {
			return err
		}
	}
	return nil
}

func fetch(ctx context.Context, from bucket.Bucket, name string, want Part, local string) error {
	r, err := from.Get(ctx, name)
	if err != nil {
		return err
	}
	defer r.Close()
	if err := os.MkdirAll(filepath.Dir(local), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(local, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != want.Size || got != want.Digest {
		return fmt.Errorf("%s is damaged: its digest is not the manifest's", name)
	}
	return nil
}

// prove opens the database of a copy and checks it and its audit log.
func prove(ctx context.Context, m Manifest, ring *seal.Ring, staging string, to Destination) error {
	address := filepath.Join(staging, m.Database.Name)
	if m.Engine == db.Postgres {
		if err := db.Load(ctx, to.Database, address); err != nil {
			return err
		}
		if err := os.Remove(address); err != nil {
			return err
		}
		address = to.Database
	}
	d, err := db.Open(ctx, address, db.Options{AsIs: true})
	if err != nil {
		return err
	}
	return errors.Join(check(ctx, d, m, ring, to.Sealed), d.Close())
}

func check(ctx context.Context, d *db.DB, m Manifest, ring *seal.Ring, sealed []fingerprint.Sealed) error {
	if err := d.Intact(ctx); err != nil {
		return err
	}
	if _, err := fingerprint.Check(ctx, d, ring, sealed); err != nil {
		return err
	}
	head, err := audit.ParseHead([]byte(m.Head), ring)
	if err != nil {
		return err
	}
	report, err := (&audit.Log{DB: d}).Verify(ctx, &head)
	if err == nil && len(report.Findings) > 0 {
		err = fmt.Errorf("the audit log of the copy was tampered with: %s", report.Findings[0])
	}
	return err
}

// settle puts what was proven in its place, with the keys.
func settle(staging string, to Destination) error {
	keys, err := os.ReadFile(to.Keys)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(staging, "keys.json"), keys, 0o600); err != nil {
		return err
	}
	if err := os.Remove(to.Data); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(staging, to.Data)
}
