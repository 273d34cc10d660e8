package db

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"sync"

	"github.com/google/uuid"

	"linli/internal/platform/clock"
)

// NewID makes a UUIDv7, whose order is that of the context's time: ids of a loaded history
// sort as that history did. Those of one millisecond sort as they were made, by the counter that RFC
// 9562 §6.2 (method 1) describes.
func NewID(ctx context.Context) string {
	var u uuid.UUID
	_, _ = rand.Read(u[:])
	ms := uint64(clock.Millis(clock.Now(ctx)))
	within := ids.next(ms, binary.BigEndian.Uint16(u[6:]))
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	binary.BigEndian.PutUint16(u[6:], 0x7000|within)
	u[8] = 0x80 | u[8]&0x3f
	return u.String()
}

// order counts the ids of a millisecond: from somewhere in the lower half of twelve bits, so that
// two thousand fit and what one process makes tells nothing of what another does.
type order struct {
	lock sync.Mutex
	ms   uint64
	last uint16
}

var ids order

func (o *order) next(ms uint64, dice uint16) uint16 {
	o.lock.Lock()
	defer o.lock.Unlock()
	if ms == o.ms && o.last < 0xfff {
		o.last++
	} else {
		o.ms, o.last = ms, dice&0x7ff
	}
	return o.last
}
