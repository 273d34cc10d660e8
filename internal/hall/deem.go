package hall

import (
	"cmp"
	"context"
	"log/slog"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// An application on which nobody has acted when the days for it are over counts as accepted since
// the day of its receipt (行政许可法, art. 32(1)(4)). The moment is exact: from then on nobody accepts,
// returns or refuses it any more, even while the platform has not yet written it down.
var (
	deemed    = flow.Guard[*casework.Case]{Key: "hall.application.not_silent", Rule: "hall.accept.days", Holds: silent}
	notDeemed = flow.Guard[*casework.Case]{Key: "hall.application.deemed", Rule: "hall.accept.days",
		Holds: func(c *casework.Case, a *authority.Actor) bool { return !silent(c, a) }}
)

// silent tells whether the days to act on an application are over. While the year into which they
// run is not loaded, nobody knows, and the case waits.
func silent(c *casework.Case, _ *authority.Actor) bool {
	return c.Clock.LawDue != nil && clock.Millis(c.Now()) > *c.Clock.LawDue
}

// DeemAccepted is the job that accepts the applications on which nobody acted, and tells how many. One
// that cannot be accepted is told in the log and tried again at the next run; the others do not wait for it.
func (s *Service) DeemAccepted(ctx context.Context) (int, error) {
	deemed := 0
	var last *casework.Case
	var failed error // the first fault of the program; others than this case go on
	for {
		cases, err := casework.OverdueForAcceptance(ctx, s.Casework.Log.DB, KindApplication, last)
		if err != nil || len(cases) == 0 {
			return deemed, cmp.Or(err, failed)
		}
		for i := range cases {
			_, err := s.Casework.Move(ctx, KindApplication, casework.MoveInput{ID: cases[i].ID, Version: cases[i].Version, Verb: verbDeem})
			switch e := errs.Of(err); {
			case err == nil:
				deemed++
			case ctx.Err() != nil:
				return deemed, err
			default: // somebody was faster, or the item is not known
				slog.WarnContext(ctx, "not accepted by silence", "case", cases[i].ID, "reason", e.Key, "error", err)
				if e.Kind == errs.Internal {
					failed = cmp.Or(failed, err)
				}
			}
		}
		last = &cases[len(cases)-1]
	}
}

// extension is what 行政许可法, art. 42 lets the head of the organ add, in the unit of the item's own
// limit.
func (s *Service) extension(c *casework.Case, day string) calendar.Limit {
	limit := c.Clock.Statutory
	if limit.Unit == "" {
		limit = c.Clock.Promised
	}
	return calendar.Limit{Amount: s.Rules.Int("hall.decide.extension", day), Unit: limit.Unit}
}
