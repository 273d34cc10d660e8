package app_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/module"
)

// A job that panics fails alone and is tried again; a stop waits for what a job is at.
func TestJobs(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tried, at, finished := make(chan bool), make(chan bool), false
		w.App.Jobs.Jobs = []module.Job{
			{Name: "test.panic", Every: time.Millisecond, Do: func(ctx context.Context) error {
				select {
				case tried <- true:
				case <-ctx.Done():
				}
				panic("fault")
			}},
			{Name: "test.slow", Every: time.Millisecond, Do: func(ctx context.Context) error {
				at <- true
				<-ctx.Done()
				finished = true
				return nil
			}},
		}
		ctx, stop := context.WithCancel(w.System())
		over := make(chan bool)
		go func() { w.App.Work(ctx); close(over) }()
		<-tried
		<-tried
		<-at
		stop()
		<-over
		if !finished {
			t.Error("the stop has not waited for a job")
		}
	})
}
