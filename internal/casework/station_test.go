package casework_test

import (
	"context"
	"errors"
	"testing"

	"linli/internal/app/apptest"
)

// A station that could not be read is not taken for none: a case would go to nobody because its
// caller had left.
func TestAStationThatCannotBeRead(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := w.App.Casework
		gone, leave := context.WithCancel(w.System())
		leave()
		if id, err := s.Station(gone, w.App.DB, apptest.Community); !errors.Is(err, context.Canceled) {
			t.Errorf("read for a caller who has left: %q %v", id, err)
		}
		if id, err := s.Station(w.System(), w.App.DB, apptest.Community); id != w.Body[apptest.Community+" station"] || err != nil {
			t.Errorf("the station is %q %v", id, err)
		}
		if id, err := s.Station(w.System(), w.App.DB, apptest.County); id != "" || err != nil {
			t.Errorf("a county has the station %q %v", id, err)
		}
	})
}
