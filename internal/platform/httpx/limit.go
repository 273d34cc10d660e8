package httpx

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter bounds how often one caller may do one thing, in memory of this process.
type Limiter struct {
	every time.Duration
	burst int
	mu    sync.Mutex
	seen  map[string]*visitor
	swept time.Time
}

type visitor struct {
	bucket *rate.Limiter
	at     time.Time
}

// NewLimiter allows burst at once and then one in every interval.
func NewLimiter(burst int, every time.Duration) *Limiter {
	return &Limiter{every: every, burst: burst, seen: map[string]*visitor{}}
}

// Allow takes one from the caller's allowance at an instant.
func (l *Limiter) Allow(caller string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sweep(now)
	v := l.seen[caller]
	if v == nil {
		v = &visitor{bucket: rate.NewLimiter(rate.Every(l.every), l.burst)}
		l.seen[caller] = v
	}
	v.at = now
	return v.bucket.AllowN(now, 1)
}

// sweep forgets callers whose allowance is full again, so that memory stays bounded.
func (l *Limiter) sweep(now time.Time) {
	full := l.every * time.Duration(l.burst+1)
	if now.Sub(l.swept) < full && len(l.seen) < 100_000 {
		return
	}
	for k, v := range l.seen {
		if now.Sub(v.at) > full {
			delete(l.seen, k)
		}
	}
	l.swept = now
}
