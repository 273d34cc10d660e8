// Package settle computes deadlines when the calendar changes: those that waited for a year once that is loaded, and
// running ones anew when a year was corrected. What hangs on cases and has deadlines of its own, its room registers.
package settle

import (
	"context"
	"log/slog"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
)

// Service settles deadlines.
type Service struct {
	Cases *casework.Service

	// Pauses are the suspensions of the stage in which a case is, that are over; the room of the clock's verbs answers.
	Pauses func(ctx context.Context, r db.Reader, c *casework.Case) ([]calendar.Pause, error)

	settlers []Settler
}

// Settler settles deadlines of a room that waited for a calendar year.
type Settler struct {
	Waiting func(ctx context.Context, year int) (int, error) // how many wait for it
	Settle  func(ctx context.Context) (int, error)           // settles those of loaded years, and tells how many
}

// Follow registers what settles deadlines of a room, once at start.
func (s *Service) Follow(x Settler) { s.settlers = append(s.settlers, x) }

// Permission is that of the platform itself to settle deadlines.
const Permission = "casework.case.settle"

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:        "casework/settle",
		Permissions: []authority.Permission{{Name: Permission}},
		Jobs: []module.Job{{Name: "casework.settle", Every: time.Hour, Do: func(ctx context.Context) error {
			n, err := s.Settle(ctx)
			if n > 0 {
				slog.InfoContext(ctx, "deadlines settled", "cases", n)
			}
			return err
		}}},
	}
}
