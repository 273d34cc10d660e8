package fault

import (
	"fmt"
	"sync"
	"testing"

	"linli/internal/app/apptest"
)

// A report that is sent with its key from many connections at once does its work once, and each
// of them is told of the same case.
func TestTheSameKeyAtOnce(t *testing.T) {
	apptest.EachCity(t, func(t *testing.T, address string) {
		c := newCity(t, address)
		s := c.serve()
		client := s.worker()
		const keys, times = 20, 8
		ids := make([]sync.Map, keys)
		var group sync.WaitGroup
		for k := range keys {
			for range times {
				group.Go(func() {
					a, err := s.report(client, fmt.Sprint("same-", k))
					if err != nil || a.status != 201 {
						t.Errorf("key %d: %v %v", k, a, err)
					}
					ids[k].Store(a.text("id"), true)
				})
			}
		}
		group.Wait()
		for k := range keys {
			n := 0
			ids[k].Range(func(any, any) bool { n++; return true })
			if n != 1 {
				t.Errorf("key %d opened %d cases", k, n)
			}
		}
		if n := c.whole(nil); n != keys {
			t.Errorf("%d cases for %d keys", n, keys)
		}
	})
}
