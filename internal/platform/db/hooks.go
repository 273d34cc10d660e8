package db

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// hookWait is how long the next write's hooks and the caller's answer wait for a hook.
const hookWait = 5 * time.Second

// hooks runs what writes have registered by Tx.After, in the order of the commits and on a goroutine of
// its own, and then answers their callers, who find what they keep in memory refreshed. A hook may write
// or read. One that panics is logged; one that takes longer than wait is left to itself: the caller is
// answered and the hooks of later writes run.
type hooks struct {
	wait time.Duration

	lock    sync.Mutex
	waiting []*write
	running bool
	idle    sync.WaitGroup
}

// add takes a write that is on disk.
func (h *hooks) add(j *write) {
	h.lock.Lock()
	defer h.lock.Unlock()
	h.waiting = append(h.waiting, j)
	if !h.running {
		h.running = true
		h.idle.Add(1)
		go h.run()
	}
}

func (h *hooks) run() {
	defer h.idle.Done()
	for {
		h.lock.Lock()
		if len(h.waiting) == 0 {
			h.running, h.waiting = false, nil
			h.lock.Unlock()
			return
		}
		j := h.waiting[0]
		h.waiting = h.waiting[1:]
		h.lock.Unlock()
		h.do(j)
		j.answer <- j.err
	}
}

func (h *hooks) do(j *write) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, f := range j.after {
			after(f)
		}
	}()
	late := time.NewTimer(h.wait)
	defer late.Stop()
	select {
	case <-done:
	case <-late.C:
		slog.Error("what was to happen after a write takes long and is no longer waited for", "after", h.wait)
	}
}

// after runs a hook, whose panic harms nobody else: the write is on disk.
func after(f func()) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic after a write", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	f()
}
