package fault

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"linli/internal/app/apptest"
)

// Killed in the middle of its work, again and again, the program loses nothing that it
// acknowledged and leaves nothing half done; what was under way can be sent again with its key.
func TestKilledUnderLoad(t *testing.T) {
	apptest.EachCity(t, func(t *testing.T, address string) {
		c := newCity(t, address)
		all := map[string]string{}
		var unsure []string
		for round := range rounds(3) {
			s := c.serve()
			again := s.worker()
			for _, key := range unsure {
				a, err := s.report(again, key)
				if err != nil || a.status != 201 {
					t.Fatalf("%s sent again: %v %v", key, a, err)
				}
				all[key] = a.text("id")
			}
			least := 40 + rand.IntN(160)
			killed := false
			kept, open := s.crowd(fmt.Sprint("kill-", round), 24, func(n int) bool {
				if n >= least && !killed {
					killed = true
					_ = s.cmd.Process.Kill()
				}
				return false // until the connection breaks
			})
			s.kill()
			for key, id := range kept {
				all[key] = id
			}
			unsure = open
			if n := c.whole(all); n < len(all) || n > len(all)+len(unsure) {
				t.Fatalf("round %d: %d cases for %d acknowledged and %d without an answer", round, n, len(all), len(unsure))
			}
		}
	})
}
