package limit

import (
	"hash/maphash"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	mostCallers = 1 << 18 // kept at once, some 30 MB; the one unused for longest is forgotten for a new one
	shards      = 64      // each with its own lock
)

// memory keeps the budgets of this process: constant time, bounded space. Callers are kept by a hash
// whose seed nobody outside knows, so that none can be made to share another's budget.
type memory struct {
	seed   maphash.Seed
	shards [shards]shard
}

type shard struct {
	sync.Mutex
	full *simplelru.LRU[uint64, int64] // when a budget is whole again
}

func newMemory(callers int) *memory {
	m := &memory{seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].full, _ = simplelru.NewLRU[uint64, int64](max(1, callers/shards), nil) // fails for a size below one alone
	}
	return m
}

func (m *memory) find(b Budget, caller string) (uint64, *shard) {
	key := maphash.Comparable(m.seed, [2]string{b.Rule, caller})
	return key, &m.shards[key%shards]
}

func (m *memory) fullAt(b Budget, caller string) int64 {
	key, s := m.find(b, caller)
	s.Lock()
	defer s.Unlock()
	at, _ := s.full.Get(key)
	return at
}

// spend counts one act and returns 0, or for how many milliseconds it has to wait and then counts it
// only when it is to be counted anyhow.
func (m *memory) spend(b Budget, caller string, q quota, now int64, anyhow bool) int64 {
	key, s := m.find(b, caller)
	s.Lock()
	defer s.Unlock()
	at, _ := s.full.Get(key)
	wait := q.wait(at, now)
	if wait == 0 || anyhow {
		s.full.Add(key, q.next(at, now))
	}
	return wait
}
