package application

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// watchEvery is how often the job looks. What it writes down holds from its own instant on, whether or not it has run.
const watchEvery = time.Minute

// watched is one kind of what comes to pass by itself: the applications that it concerns, and the verb.
type watched struct {
	verb  flow.Verb
	query string // after FROM admission_application a WHERE
	args  func(s *Service, now int64, today string) []any
	in    flow.Input
}

var watches = []watched{
	{verbLapse, `a.due_at > 0 AND a.due_at < $1`, atNow, flow.Input{}},
	{verbEnd, `a.state = 'provisional' AND a.ratify_by < $1`, onDay, flow.Input{}},
	{verbExpire, `a.state IN ('unfunded', 'active', 'suspended') AND a.until_on < $1`, onDay, flow.Input{}},
	{verbArrear, `a.state = 'active' AND EXISTS (SELECT 1 FROM admission_application_instalment i WHERE i.shard = a.shard
		AND i.application_id = a.id AND i.state = 'due' AND i.due_on < $1)`, inArrears, flow.Input{Choice: causeMoney}},
	{verbArrear, `a.state = 'active' AND a.review_by < $1`, onDay, flow.Input{Choice: causeReview}},
}

func atNow(_ *Service, now int64, _ string) []any       { return []any{now} }
func onDay(_ *Service, _ int64, today string) []any     { return []any{today} }
func inArrears(s *Service, _ int64, today string) []any { return []any{s.overdueBefore(today)} }

// Watch is the job that writes down what has come to pass by itself: silence refuses, emergencies that nobody ratified end,
// admissions expire, and are suspended while money or the yearly review is overdue. One that cannot be written is told in
// the log and tried again; it holds up no other. Error: the first fault of the program.
func (s *Service) Watch(ctx context.Context) error {
	var failed error
	for _, w := range watches {
		now := clock.Now(ctx)
		type found struct {
			id      string
			version int64
		}
		all, err := db.All(ctx, s.Log.DB, func(row db.Scanner) (f found, err error) { return f, row.Scan(&f.id, &f.version) },
			`SELECT a.id, a.version FROM admission_application a WHERE `+w.query+` ORDER BY a.id LIMIT 500`,
			w.args(s, clock.Millis(now), clock.Day(now))...)
		if err != nil {
			return err
		}
		for _, f := range all {
			if err := s.Step(ctx, f.id, w.verb, f.version, w.in); err != nil {
				e := errs.Of(err)
				slog.WarnContext(ctx, "not written down", "application", f.id, "verb", w.verb, "reason", e.Key, "error", err)
				if e.Kind == errs.Internal {
					failed = cmp.Or(failed, err)
				}
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return failed
}
