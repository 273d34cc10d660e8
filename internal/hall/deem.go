package hall

import (
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

// DeemAccepted is the job that accepts the applications on which nobody acted, and tells how many.
func (s *Service) DeemAccepted(ctx context.Context) (int, error) {
	deemed := 0
	for {
		cases, err := s.Casework.Silent(ctx, KindApplication)
		if err != nil {
			return deemed, err
		}
		done := 0
		for i := range cases {
			_, err := s.Casework.Move(ctx, KindApplication, casework.MoveInput{ID: cases[i].ID, Version: cases[i].Version, Verb: verbDeem})
			switch e := errs.Of(err); {
			case err == nil:
				done++
			case e.Kind == errs.Internal:
				return deemed, err
			default: // somebody was faster, or no unit is responsible
				slog.WarnContext(ctx, "not accepted by silence", "case", cases[i].ID, "reason", e.Key)
			}
		}
		if deemed += done; done == 0 {
			return deemed, nil
		}
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
