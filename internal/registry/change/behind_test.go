package change

import (
	"errors"
	"testing"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/registry"
)

// A write that finds the register changed by another process gives up; the register is read outside of
// the write, once, and the write is done again.
func TestTheRegisterIsNotReadInsideAWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		other := newService(t, d)
		_, err := s.Change(asSystem(), NewChange{Kind: registry.ChangeRename, Area: yuanqian, Name: "院前新社区居委会",
			On: "2026-11-23", Reason: "测试"})
		must(t, err)
		tries, name := 0, ""
		ask := func() error {
			tries++
			return other.Register.Log.Do(asSystem(), func(tx *audit.Tx) error {
				tx.Judged()
				tx.Record(audit.Entry{Action: "test.register.ask"})
				a, ok, err := other.Register.CurrentIn(asSystem(), tx, yuanqian)
				if name = a.Name; err == nil && !ok {
					t.Error("the area is not known")
				}
				return err
			})
		}
		if err := ask(); !errors.Is(err, registry.ErrBehind) {
			t.Fatalf("a write behind the register: %v", err)
		}
		tries = 0
		must(t, other.Register.Retry(asSystem(), ask))
		if tries != 2 || name != "院前新社区居委会" {
			t.Errorf("after %d tries the area is called %s", tries, name)
		}
		// The same of a change: the second process makes it although it has not read the first's.
		third := newService(t, d)
		_, err = s.Change(asSystem(), NewChange{Kind: registry.ChangeRename, Area: yuanqian, Name: "院前社区居委会",
			On: "2026-11-23", Reason: "测试"})
		must(t, err)
		_, err = third.Change(asSystem(), NewChange{Kind: registry.ChangeRename, Area: yuanqian, Name: "院前第三社区居委会",
			On: "2026-11-23", Reason: "测试"})
		must(t, err)
	})
}
