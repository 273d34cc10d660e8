package db

import (
	"context"
	"crypto/rand"

	"github.com/google/uuid"

	"linli/internal/platform/clock"
)

// NewID makes a UUIDv7, whose order is that of the context's time: ids of a loaded history
// sort as that history did.
func NewID(ctx context.Context) string {
	var u uuid.UUID
	_, _ = rand.Read(u[:])
	ms := uint64(clock.Millis(clock.Now(ctx)))
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	u[6] = 0x70 | u[6]&0x0f
	u[8] = 0x80 | u[8]&0x3f
	return u.String()
}
