package registry

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/idcode"
)

const cityFile = "../demo/data/lianyungang-2023.csv"

var testNow = time.Date(2026, 11, 23, 10, 0, 0, 0, clock.City)

// asSystem acts as the platform itself on 23 November 2026, a Monday.
func asSystem() context.Context {
	return authority.With(clock.With(context.Background(), testNow), authority.SystemActor("test"))
}

func newService(t *testing.T, d *db.DB) *Service {
	t.Helper()
	s, err := New(asSystem(), &audit.Log{DB: d})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// newCity is a service that holds Lianyungang's register of 2023.
func newCity(t *testing.T, d *db.DB) *Service {
	t.Helper()
	s := newService(t, d)
	lines := strings.Split(strings.TrimSpace(readFile(t, cityFile)), "\n")[1:]
	must(t, s.Log.Do(asSystem(), func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: "test.register.fill"})
		for i, line := range lines {
			f := strings.Split(strings.TrimSpace(line), ",") // code, name, level, parent
			parsed, err := idcode.ParseArea(f[0])
			if err != nil {
				return err
			}
			pinyin, initials := Spelling(f[1])
			if _, err := tx.Exec(asSystem(), `INSERT INTO registry_area (id, code, name, level, kind, parent, pinyin, initials, opened_on, version)
				VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,1)`, fmt.Sprintf("01900000-0000-7000-8000-%012d", i), f[0], f[1], int(parsed.Level),
				string(parsed.Kind), f[3], pinyin, initials, clock.Day(testNow)); err != nil {
				return err
			}
		}
		_, err := BumpRevision(asSystem(), tx, RevisionArea)
		return err
	}))
	must(t, s.Refresh(asSystem()))
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
