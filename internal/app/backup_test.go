package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/backup"
	"linli/internal/platform/bucket"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/seal"
	"linli/internal/platform/storage"
)

// storages are a folder and a bucket of S3-compatible storage.
func storages(t *testing.T) map[string]string {
	t.Helper()
	mem := s3mem.New()
	if err := mem.CreateBucket("city"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(mem).Server())
	dbtest.OnEnd(t, server.Close)
	return map[string]string{"folder": filepath.Join(t.TempDir(), "copies"),
		"s3": strings.Replace(server.URL, "http://", "s3+http://", 1) + "/city/linli"}
}

// served is a world with keys in a file, a case with a photo, and its address.
func served(t *testing.T, address string) (*app.App, string) {
	t.Helper()
	data := t.TempDir()
	a, err := app.Open(context.Background(), app.Options{Data: data, Database: address, Version: "test", Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	attached(t, a)
	return a, data
}

// attached stores a paper and attaches it to a case.
func attached(t *testing.T, a *app.App) storage.Kept {
	t.Helper()
	ctx := context.Background()
	k, err := a.CaseFiles.Store.Take(ctx, bytes.NewReader(apptest.PDF("a paper")))
	if err != nil {
		t.Fatal(err)
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO casework_file (shard, case_id, id, seq, name, media_type, size, digest, at)
			VALUES ('320703','c','f',1,'a.pdf',$1,$2,$3,0)`, k.MediaType, k.Size, k.Digest)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// What waits for a step that names it is in no copy: neither its content nor its row.
func TestBackupLeavesOutWhatWaits(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		a, data := served(t, address)
		defer a.Close()
		ctx := authority.With(context.Background(), authority.Nobody())
		waiting, err := a.CaseFiles.Upload(ctx, "", "secret.png", bytes.NewReader(apptest.OnePixel))
		if err != nil {
			t.Fatal(err)
		}
		scribble(t, a, 1)
		target, err := bucket.Open(filepath.Join(t.TempDir(), "copies"))
		if err != nil {
			t.Fatal(err)
		}
		m, err := backup.Make(context.Background(), a.BackupSource(), target)
		if err != nil || len(m.Files) != 1 || m.Files[0].Digest == waiting.Digest {
			t.Fatalf("%+v %v", m.Files, err)
		}
		to := backup.Destination{Data: filepath.Join(t.TempDir(), "restored"), Keys: filepath.Join(data, "keys.json")}
		if a.DB.Dialect == db.Postgres {
			to.Database = blank(t)
		}
		if _, err := backup.Restore(context.Background(), target, "", to); err != nil {
			t.Fatal(err)
		}
		b, err := app.Open(context.Background(), app.Options{Data: to.Data, Database: to.Database, Version: "test"})
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		if n, err := db.Value[int](context.Background(), b.DB, `SELECT COUNT(*) FROM casework_upload`); err != nil || n != 0 {
			t.Errorf("%d uploads are restored (%v)", n, err)
		}
		if a.DB.Dialect == db.SQLite {
			if raw, err := os.ReadFile(filepath.Join(to.Data, "linli.db")); err != nil || bytes.Contains(raw, []byte("secret.png")) {
				t.Errorf("the copy still holds the upload's row (%v)", err)
			}
		}
	})
}

func scribble(t *testing.T, a *app.App, n int) {
	t.Helper()
	w := &apptest.World{T: t, App: a}
	for i := range n {
		if err := a.Log.Do(w.System(), func(tx *audit.Tx) error {
			tx.Judged()
			tx.Record(audit.Entry{Action: "test.thing.change", Area: apptest.Community, SubjectID: fmt.Sprint(i)})
			return nil
		}); err != nil {
			t.Error(err)
			return
		}
	}
	if _, err := a.Log.Seal(w.System()); err != nil {
		t.Error(err)
	}
}

// A copy made while others write is whole: it restores, its audit log verifies, and what was
// written before it began is in it.
func TestBackupWhileServing(t *testing.T) {
	t.Parallel()
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		for kind, place := range storages(t) {
			t.Run(kind, func(t *testing.T) {
				if address = fresh(t, address); t.Failed() {
					return
				}
				a, data := served(t, address)
				defer a.Close()
				scribble(t, a, 30)
				target, err := bucket.Open(place)
				if err != nil {
					t.Fatal(err)
				}
				var wait sync.WaitGroup
				wait.Add(1)
				go func() { defer wait.Done(); scribble(t, a, 60) }()
				m, err := backup.Make(context.Background(), a.BackupSource(), target)
				wait.Wait()
				if err != nil {
					t.Fatal(err)
				}
				if len(m.Files) != 1 {
					t.Errorf("the copy has %d files", len(m.Files))
				}
				to := backup.Destination{Data: filepath.Join(t.TempDir(), "restored"), Keys: filepath.Join(data, "keys.json")}
				if a.DB.Dialect == db.Postgres {
					to.Database = blank(t)
				}
				if _, err := backup.Restore(context.Background(), target, "", to); err != nil {
					t.Fatal(err)
				}
				b, err := app.Open(context.Background(), app.Options{Data: to.Data, Database: to.Database, Version: "test"})
				if err != nil {
					t.Fatal(err)
				}
				defer b.Close()
				n, err := db.Value[int](context.Background(), b.DB, `SELECT COUNT(*) FROM audit_entry WHERE action = 'test.thing.change'`)
				if err != nil || n < 30 {
					t.Errorf("%d records were restored (%v)", n, err)
				}
				if f, err := b.CaseFiles.Store.Open(context.Background(), m.Files[0].Digest); err != nil {
					t.Error(err)
				} else {
					f.Close()
				}
				if _, err := backup.Restore(context.Background(), target, "", to); !errors.Is(err, backup.ErrOccupied) {
					t.Errorf("restoring over a city: %v", err)
				}
				if to.Database != "" {
					to.Data = filepath.Join(t.TempDir(), "other")
					if _, err := backup.Restore(context.Background(), target, "", to); !errors.Is(err, db.ErrFilled) {
						t.Errorf("restoring over a database: %v", err)
					}
				}
			})
		}
	})
}

// fresh is the address itself for the first use and another after that.
func fresh(t *testing.T, address string) string {
	t.Helper()
	if strings.Contains(address, "://") {
		return dbtest.PostgresURL(t)
	}
	return filepath.Join(t.TempDir(), "linli.db")
}

// blank is the address of a PostgreSQL database without any table.
func blank(t *testing.T) string {
	t.Helper()
	address := dbtest.PostgresURL(t)
	d, err := db.Open(context.Background(), address, db.Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for _, statement := range []string{`DROP SCHEMA public CASCADE`, `CREATE SCHEMA public`} {
		if err := d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), statement)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return address
}

// Whatever of a copy was changed, the copy is refused and nothing is put in place.
func TestADamagedCopyIsRefused(t *testing.T) {
	t.Parallel()
	a, data := served(t, filepath.Join(t.TempDir(), "linli.db"))
	scribble(t, a, 20)
	copies := t.TempDir()
	target, err := bucket.Open(copies)
	if err != nil {
		t.Fatal(err)
	}
	m, err := backup.Make(context.Background(), a.BackupSource(), target)
	if err = errors.Join(err, a.Close()); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "keys.json")
	if _, err := seal.Open(other); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file string
		keys string
		do   func([]byte) []byte
	}{
		"database changed": {m.Name + "/linli.db", "", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }},
		"database cut":     {m.Name + "/linli.db", "", func(b []byte) []byte { return b[:len(b)/2] }},
		"file changed":     {m.Files[0].Name, "", func(b []byte) []byte { b[len(b)-1] ^= 1; return b }},
		"manifest changed": {m.Name + "/manifest.json", "",
			func(b []byte) []byte { return bytes.Replace(b, []byte(`"test"`), []byte(`"tesT"`), 1) }},
		"manifest gone":           {m.Name + "/manifest.json", "", nil},
		"database gone":           {m.Name + "/linli.db", "", nil},
		"keys of another city":    {"", other, nil},
		"nothing of it, but kept": {"", filepath.Join(data, "keys.json"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(copies, c.file)
			keys := filepath.Join(data, "keys.json")
			if c.keys != "" {
				keys = c.keys
			}
			if c.file != "" {
				whole, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				defer os.WriteFile(path, whole, 0o640)
				if c.do == nil {
					os.Remove(path)
				} else if err := os.WriteFile(path, c.do(bytes.Clone(whole)), 0o640); err != nil {
					t.Fatal(err)
				}
			}
			to := filepath.Join(t.TempDir(), "restored")
			_, err := backup.Restore(context.Background(), target, m.Name, backup.Destination{Data: to, Keys: keys})
			if refused := c.file != "" || c.keys == other; (err != nil) != refused {
				t.Fatalf("restoring: %v", err)
			}
			if entries, _ := filepath.Glob(to + "*"); err != nil && len(entries) > 0 {
				t.Errorf("a refused copy left %v", entries)
			}
		})
	}
}

func TestOldCopiesArePruned(t *testing.T) {
	t.Parallel()
	a, _ := served(t, filepath.Join(t.TempDir(), "linli.db"))
	defer a.Close()
	for _, place := range storages(t) {
		target, err := bucket.Open(place)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		for _, name := range []string{"linli-1", "linli-2", "linli-3"} {
			for _, file := range []string{"linli.db", "manifest.json"} {
				if err := target.Put(ctx, name+"/"+file, strings.NewReader("x"), 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := backup.Prune(ctx, target, 2); err != nil {
			t.Fatal(err)
		}
		var left []string
		err = target.Each(ctx, "", func(e bucket.Entry) error { left = append(left, e.Name); return nil })
		slices.Sort(left)
		if err != nil || len(left) != 4 || strings.HasPrefix(left[0], "linli-1") {
			t.Errorf("%s: left %v (%v)", place, left, err)
		}
	}
}

// Files that are kept in S3-compatible storage are part of a copy, and come back to such storage.
func TestBackupOfFilesInBucket(t *testing.T) {
	t.Parallel()
	photos := storages(t)["s3"]
	data, ctx := t.TempDir(), context.Background()
	a, err := app.Open(ctx, app.Options{Data: data, Files: photos + "/now", Version: "test", Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	kept := attached(t, a)
	if _, err := os.Stat(filepath.Join(data, "files")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("files are also kept in the folder: %v", err)
	}
	target, err := bucket.Open(filepath.Join(t.TempDir(), "copies"))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := backup.Make(ctx, a.BackupSource(), target); err != nil || len(m.Files) != 1 {
		t.Fatalf("%d files are copied (%v)", len(m.Files), err)
	}
	other, err := app.OpenFiles(t.TempDir(), photos+"/again")
	if err != nil {
		t.Fatal(err)
	}
	to := backup.Destination{Data: filepath.Join(t.TempDir(), "restored"), Keys: filepath.Join(data, "keys.json"), Files: other}
	if _, err := backup.Restore(ctx, target, "", to); err != nil {
		t.Fatal(err)
	}
	f, err := other.Open(ctx, kept.Digest)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if _, err := os.Stat(filepath.Join(to.Data, "files")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the files also lie in the restored folder: %v", err)
	}
}
