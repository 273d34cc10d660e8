// Package jobs does what is to be done every so often, once over all processes on one database. A job
// with memory is claimed by one of them for as long as it works; when it was last done, how that ended and
// when it is due next stand in the database, so that one which was missed while nothing ran is done soon
// after the start. Table (reference): jobs_job.
package jobs

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// remembered is how rarely a job must run to be claimed and remembered whether or not there is work. More frequent
// ones are claimed while there is work that one process alone does, or ask for work that each claims by itself, in every
// process; to write down each time would cost more than they do.
const remembered = time.Minute

const (
	lookEvery = 5 * time.Second // for jobs that are due
	lease     = 2 * time.Minute // after which the job of a process that died is another's
	mostError = 500             // characters of a failure that are kept
)

// Runner does jobs.
type Runner struct {
	DB   *db.DB
	Jobs []module.Job

	holder  string
	working sync.Map // name of a job → true while this process does it
}

// NewRunner runs jobs in the name of this process.
func NewRunner(d *db.DB, jobs []module.Job) *Runner {
	return &Runner{DB: d, Jobs: jobs, holder: uuid.NewString()}
}

// Remembered are the jobs that are claimed and remembered.
func (r *Runner) Remembered() []module.Job {
	var out []module.Job
	for _, j := range r.Jobs {
		if j.Every >= remembered {
			out = append(out, j)
		}
	}
	return out
}

// Run does jobs until the context ends, and returns when each has finished what it was at: what it did
// is then written down.
func (r *Runner) Run(ctx context.Context) {
	var jobs sync.WaitGroup
	for _, j := range r.Jobs {
		if j.Every < remembered {
			jobs.Go(func() { r.repeat(acting(ctx, j), j) })
		}
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := r.start(ctx, &jobs); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "jobs that are due cannot be looked up", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	jobs.Wait()
}

func acting(ctx context.Context, j module.Job) context.Context {
	return authority.With(ctx, authority.SystemActor(j.Name))
}

// start sets to work every remembered job that is due and that nobody does.
func (r *Runner) start(ctx context.Context, jobs *sync.WaitGroup) error {
	known, err := r.list(ctx)
	if err != nil {
		return err
	}
	for _, j := range r.Remembered() {
		if s, ok := known[j.Name]; ok && !s.ready(j, clock.Now(ctx)) {
			continue
		}
		if _, busy := r.working.LoadOrStore(j.Name, true); busy {
			continue
		}
		jobs.Go(func() {
			defer r.working.Delete(j.Name)
			if _, err := r.Do(acting(ctx, j), j); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "job failed", "job", j.Name, "error", err)
			}
		})
	}
	return nil
}

// Due does every remembered job that is due once, one after the other, and names those that it did.
func (r *Runner) Due(ctx context.Context) (done []string, err error) {
	for _, j := range r.Remembered() {
		did, failed := r.Do(acting(ctx, j), j)
		if err = errors.Join(err, failed); did {
			done = append(done, j.Name)
		}
	}
	return done, err
}

// Do does a job if it is due and no other process does it, and tells whether it did. What came of it is
// written down also when the program is told to stop meanwhile.
func (r *Runner) Do(ctx context.Context, j module.Job) (bool, error) {
	claimed, err := r.claim(ctx, j)
	if err != nil || !claimed {
		return false, err
	}
	held, release := context.WithCancel(ctx)
	var beat sync.WaitGroup
	beat.Go(func() { r.hold(held, release, j) })
	err = guarded(held, j)
	release()
	beat.Wait()
	return true, errors.Join(err, r.end(context.WithoutCancel(ctx), j, err, ctx.Err() != nil))
}

// once does a frequent job: where it can tell that there is work, only then, and in one process at a time.
func (r *Runner) once(ctx context.Context, j module.Job) error {
	if j.Waits == nil {
		return guarded(ctx, j)
	}
	waits := false
	look := module.Job{Name: j.Name, Do: func(ctx context.Context) (err error) { waits, err = j.Waits(ctx); return err }}
	if err := guarded(ctx, look); err != nil || !waits {
		return err
	}
	_, err := r.Do(ctx, j)
	return err
}

// repeat does a frequent job until the context ends.
func (r *Runner) repeat(ctx context.Context, j module.Job) {
	tick := time.NewTicker(j.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if ctx.Err() != nil { // both were ready
				return
			}
			if err := r.once(ctx, j); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "job failed", "job", j.Name, "error", err)
			}
		}
	}
}

// guarded does a job once. One that panics fails alone: the others and the callers go on.
func guarded(ctx context.Context, j module.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return j.Do(ctx)
}
