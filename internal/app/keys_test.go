package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/platform/backup"
	"linli/internal/platform/bucket"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
)

// keyed is a city whose keys stand in a file, with one sealed text, and that is closed again.
type keyed struct {
	t             *testing.T
	address, data string
}

func newKeyed(t *testing.T, address string) *keyed {
	t.Helper()
	a, data := served(t, address)
	c := &keyed{t, a.Database, data}
	c.exec(a.DB, `INSERT INTO access_tell (id, account_id, channel, sealed, masked, lang, code_hash, code_until, sent_on, sends, confirmed_at)
		VALUES ('t','a','sms',$1,'','zh','',0,'',0,0)`, a.Ring.Seal([]byte("13800000000"), "t"))
	must(t, a.Close())
	return c
}

func (c *keyed) exec(d *db.DB, query string, args ...any) {
	c.t.Helper()
	must(c.t, d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	}))
}

// edit changes the database without opening the city.
func (c *keyed) edit(query string) {
	c.t.Helper()
	d, err := db.Open(context.Background(), c.address, db.Options{AsIs: true})
	must(c.t, err)
	c.exec(d, query)
	must(c.t, d.Close())
}

// start opens the city with the keys of a data folder.
func (c *keyed) start(data string) error {
	c.t.Helper()
	a, err := app.Open(context.Background(), app.Options{Data: data, Database: c.address, Version: "test", Relaxed: true})
	if err != nil {
		return err
	}
	return a.Close()
}

func (c *keyed) keys() string { return filepath.Join(c.data, "keys.json") }

// A city opens with its own key file alone, whatever was rotated in it since.
func TestAStartWithOtherKeysIsRefused(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		c := newKeyed(t, address)
		other, empty := t.TempDir(), t.TempDir()
		ring, err := seal.Open(filepath.Join(other, "keys.json"))
		must(t, err)
		own, err := seal.Open(c.keys())
		must(t, err)
		refused := c.start(other)
		if !errors.Is(refused, fingerprint.ErrOther) {
			t.Fatalf("with other keys: %v", refused)
		}
		words, err := app.Catalogue()
		must(t, err)
		for _, lang := range []text.Lang{text.Chinese, text.English} {
			e := errs.Of(refused)
			said := words.Sentence(lang, "error."+e.Key, e.Args)
			for _, part := range []string{fingerprint.Of(own), fingerprint.Of(ring), filepath.Join(other, "keys.json")} {
				if !strings.Contains(said, part) {
					t.Errorf("%q does not say %q", said, part)
				}
			}
		}
		if err := c.start(empty); !errors.Is(err, fingerprint.ErrOther) {
			t.Errorf("without keys: %v", err)
		}
		if _, err := os.Stat(filepath.Join(empty, "keys.json")); !errors.Is(err, os.ErrNotExist) {
			t.Error("a refused start leaves new keys behind")
		}
		_, err = own.Rotate(seal.SM4)
		must(t, err)
		must(t, c.start(c.data))
	})
}

// A database from before there were fingerprints adopts the keys that open it, and no others.
func TestKeysAreAdoptedByWhatTheyOpen(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		c := newKeyed(t, address)
		other := t.TempDir()
		const forget = `DELETE FROM setting_value WHERE name = 'seal.fingerprint'`
		c.edit(forget)
		if err := c.start(other); !errors.Is(err, fingerprint.ErrOpens) {
			t.Errorf("keys that open nothing: %v", err)
		}
		must(t, c.start(c.data))
		if err := c.start(other); !errors.Is(err, fingerprint.ErrOther) {
			t.Errorf("after adoption: %v", err)
		}
		c.edit(forget)
		c.edit(`DELETE FROM access_tell`)
		must(t, c.start(other)) // nothing is sealed
		if err := c.start(c.data); !errors.Is(err, fingerprint.ErrOther) {
			t.Errorf("after others were adopted: %v", err)
		}
	})
}

func TestBackupAndRestoreRefuseOtherKeys(t *testing.T) {
	dbtest.EachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		a, data := served(t, address)
		defer a.Close()
		scribble(t, a, 1)
		elsewhere := filepath.Join(t.TempDir(), "keys.json")
		other, err := seal.Open(elsewhere)
		must(t, err)
		target, err := bucket.Open(filepath.Join(t.TempDir(), "copies"))
		must(t, err)
		wrong := a.BackupSource()
		wrong.Ring = other
		if _, err := backup.Make(ctx, wrong, target); !errors.Is(err, fingerprint.ErrOther) {
			t.Errorf("a copy signed by other keys: %v", err)
		}
		if names, err := backup.Names(ctx, target); err != nil || len(names) > 0 {
			t.Errorf("a refused copy left %v (%v)", names, err)
		}
		_, err = backup.Make(ctx, a.BackupSource(), target)
		must(t, err)
		to := backup.Destination{Data: filepath.Join(t.TempDir(), "restored"), Keys: elsewhere, Sealed: app.Sealed()}
		if a.DB.Dialect == db.Postgres {
			to.Database = blank(t)
		}
		if _, err := backup.Restore(ctx, target, "", to); !errors.Is(err, fingerprint.ErrCopyOf) {
			t.Errorf("restoring with other keys: %v", err)
		}
		to.Keys = filepath.Join(data, "keys.json")
		_, err = backup.Restore(ctx, target, "", to)
		must(t, err)
	})
}
