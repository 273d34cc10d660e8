package apptest

import (
	"context"
	"fmt"
	"time"

	"linli/internal/app"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// Peer is another process on the world's database.
func (w *World) Peer() *app.App {
	w.T.Helper()
	a, err := app.Open(context.Background(),
		app.Options{Data: w.T.TempDir(), Database: w.App.Database, Ring: w.App.Ring, Version: "test", Relaxed: true})
	w.must(err)
	dbtest.OnEnd(w.T, func() { a.Close() })
	return a
}

// Reaches checks that what change does to a kind of data that processes keep in memory is read by another process on the same
// database after its next poll, and by one that starts later from the beginning.
func (w *World) Reaches(kind string, change func(), read func(a *app.App) string) {
	w.T.Helper()
	other := w.Peer()
	before := read(other) // it is in memory by now
	change()
	want := read(w.App)
	if want == before && before != "" {
		w.T.Errorf("%s: the change does not show where it was made", kind)
	}
	w.must(other.Watch.Poll(w.System()))
	for name, a := range map[string]*app.App{"the other process": other, "one that starts later": w.Peer()} {
		if got := read(a); got != want {
			w.T.Errorf("%s: %s reads %s, not %s", kind, name, got, want)
		}
	}
}

// Rebase says that what is stored of a kind that ships is what the program put last.
func (w *World) Rebase(kind string) {
	w.T.Helper()
	for _, m := range w.App.Modules {
		for _, set := range m.Shipped {
			if set.Kind != kind {
				continue
			}
			stored, err := set.Stored(w.System(), w.App.DB)
			w.must(err)
			w.must(w.App.DB.Write(w.System(), func(tx *db.Tx) error { return set.Rebase(w.System(), tx, stored) }))
		}
	}
}

// WantNoDifferences checks that nothing is listed that ships with the program and differs from what is stored.
func (w *World) WantNoDifferences() {
	w.T.Helper()
	if left := w.As("admin").Do("GET", "/shipped/differences", nil).Want(200).Items(); len(left) != 0 {
		w.T.Errorf("nobody has changed anything, and differences are listed: %v", left)
	}
}

// Born is an identity number, right but for its day.
func Born(day time.Time) string {
	body := "320703" + day.Format("20060102") + "001"
	weights, sum := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}, 0
	for k, weight := range weights {
		sum += int(body[k]-'0') * weight
	}
	return fmt.Sprint(body, string("10X98765432"[sum%11]))
}
