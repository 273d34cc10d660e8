package grid

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// The sampled re-check (结案抽查): of the incidents closed on a day, a share of each sub-district's is
// drawn by chance that is recorded with each closing, so that anybody can draw again, and looked at on site by somebody who had no
// hand in them. What is not confirmed is opened again.
const (
	verbConfirm flow.Verb = "confirm"
	verbReopen  flow.Verb = "reopen"

	permRecheck = "grid.incident.recheck"
	permDraw    = "grid.recheck.draw" // the platform itself
)

// States of a closing.
const (
	closingFresh     = "closed"    // not drawn from yet
	closingPassed    = "passed"    // not drawn
	closingDue       = "due"       // drawn, to be checked
	closingConfirmed = "confirmed" // found as it was said
	closingRefuted   = "refuted"   // not so: the incident was opened again
)

// judges are the steps beside the work itself whose takers may not check an incident.
var judges = []flow.Verb{verbVerify, verbRework, verbClose}

var (
	drawn = flow.Guard[*casework.Case]{Key: "grid.recheck.not_drawn", Rule: "grid.recheck.percent",
		Holds: func(c *casework.Case, _ *authority.Actor) bool { return c.Standing.Drawn }}
	independent = flow.Guard[*casework.Case]{Key: "grid.recheck.took_part", Rule: "grid.recheck.independent",
		Holds: func(c *casework.Case, a *authority.Actor) bool {
			h := c.Standing.Participants
			return !h.EverWorked(a.ID) && !h.Took(a.ID, judges...)
		}}
)

func recheckTransitions() []transition {
	from, guards := []flow.State{stateClosed, stateRated}, []flow.Guard[*casework.Case]{drawn, independent}
	return []transition{
		{From: from, Verb: verbConfirm, To: flow.Stay, Permissions: []string{permRecheck}, Guards: guards, Fields: []flow.Field{note, files}},
		{From: from, Verb: verbReopen, To: stateDispatched, Permissions: []string{permRecheck}, Guards: guards,
			Fields: []flow.Field{reason, files}, Danger: true, Anew: true, Tells: true},
	}
}

// Lot is one closing in a draw: its case's number, and what chance gave it when it was closed.
type Lot struct{ Number, Chance string }

// Draw picks from the closings of one day in one sub-district those that are checked: percent of them,
// rounded up, those whose hash of the day's chance and their number is the least. The chance of every
// closing goes into all the hashes: nobody can tell before the last of them is made, and everybody can
// repeat it afterwards.
func Draw(day string, lots []Lot, percent int) []string {
	chances := make([]string, len(lots))
	for i, l := range lots {
		chances[i] = l.Number + " " + l.Chance
	}
	slices.Sort(chances)
	seed := sha256.Sum256([]byte(day + "\n" + strings.Join(chances, "\n")))
	type drawn struct {
		number string
		hash   [sha256.Size]byte
	}
	all := make([]drawn, len(lots))
	for i, l := range lots {
		all[i] = drawn{l.Number, sha256.Sum256(append(seed[:], l.Number...))}
	}
	slices.SortFunc(all, func(a, b drawn) int {
		return cmp.Or(slices.Compare(a.hash[:], b.hash[:]), cmp.Compare(a.number, b.number))
	})
	out := make([]string, min(len(all), (len(all)*percent+99)/100))
	for i := range out {
		out[i] = all[i].number
	}
	return out
}

const (
	streetDigits    = 9
	communityDigits = 12
	// drawsAfter is how long after midnight a day's closings are all stored.
	drawsAfter = time.Hour
)

// DrawRechecks draws from every day that is over and was not drawn from yet, and tells how many
// incidents are to be checked. Days that lie further back than grid.recheck.catch_up are let go.
func (s *Service) DrawRechecks(ctx context.Context) (int, error) {
	now := clock.Now(ctx)
	last := now.Add(-drawsAfter).AddDate(0, 0, -1)
	floor := clock.Day(last.AddDate(0, 0, -s.Rules.Int("grid.recheck.catch_up", clock.Day(now))))
	days, err := db.All(ctx, s.Casework.Log.DB, func(r db.Scanner) (day string, err error) { return day, r.Scan(&day) },
		`SELECT DISTINCT closed_on FROM grid_recheck WHERE state = 'closed' AND closed_on <= $1 ORDER BY closed_on`, clock.Day(last))
	total := 0
	for _, day := range days {
		percent := s.Rules.Int("grid.recheck.percent", day)
		if day < floor {
			percent = 0
		}
		n, err := s.drawDay(ctx, day, percent)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, err
}

func (s *Service) drawDay(ctx context.Context, day string, percent int) (n int, err error) {
	city, _ := s.Registry.City()
	err = s.Casework.Log.Do(ctx, func(tx *audit.Tx) error {
		n = 0
		if err := tx.Require(permDraw, city.Code); err != nil {
			return err
		}
		streets, err := closingsOf(ctx, tx, day)
		if err != nil {
			return err
		}
		due := s.recheckBy(tx.Now)
		tx.Record(audit.Entry{Action: permDraw, Area: city.Code, Subject: "grid.recheck", SubjectID: day,
			Detail: map[string]any{"percent": percent, "streets": len(streets)}})
		for _, street := range slices.Sorted(maps.Keys(streets)) {
			picks := Draw(day, streets[street], percent)
			if err := keepDraw(ctx, tx, day, street, percent, streets[street]); err != nil {
				return err
			}
			for _, number := range picks {
				if err := tx.Send(ctx, `UPDATE grid_recheck SET state = 'due', drawn_at = $1, due_at = $2 WHERE closed_on = $3 AND number = $4
					AND state = 'closed'`,
					clock.Millis(tx.Now), due, day, number); err != nil {
					return err
				}
			}
			if n += len(picks); len(picks) > 0 {
				tx.Record(audit.Entry{Action: permDraw, Area: street, Subject: "grid.recheck", SubjectID: day,
					After: map[string]any{"closed": len(streets[street]), "drawn": len(picks)}})
			}
		}
		return tx.Send(ctx, `UPDATE grid_recheck SET state = 'passed' WHERE closed_on = $1 AND state = 'closed'`, day)
	})
	return n, err
}

// recheckBy is the instant by which what is drawn now is checked; nil where the calendar does not
// reach.
func (s *Service) recheckBy(now time.Time) *int64 {
	t, err := s.Casework.Calendar.Now().Deadline(now, calendar.Workdays(s.Rules.Int("grid.recheck.workdays", clock.Day(now))))
	if err != nil {
		return nil
	}
	ms := clock.Millis(t)
	return &ms
}

// closingsOf lists the numbers of the cases closed on a day and not drawn from yet, by sub-district.
func closingsOf(ctx context.Context, r db.Reader, day string) (map[string][]Lot, error) {
	type row struct {
		Lot
		area string
	}
	rows, err := db.All(ctx, r, func(s db.Scanner) (c row, err error) { return c, s.Scan(&c.Number, &c.Chance, &c.area) },
		`SELECT number, chance, area FROM grid_recheck WHERE state = 'closed' AND closed_on = $1`, day)
	out := map[string][]Lot{}
	for _, c := range rows {
		street := c.area[:min(len(c.area), streetDigits)]
		out[street] = append(out[street], c.Lot)
	}
	return out, err
}

// recordClosing keeps that an incident was closed today, for the day's draw. What is opened again was
// drawn on a later day, so a day has one closing of an incident.
func (s *Service) recordClosing(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	chance := s.Chance
	if chance == nil {
		chance = randomChance
	}
	return tx.Send(ctx, `INSERT INTO grid_recheck (shard, case_id, closed_on, number, area, state, checker_id, chance)
		VALUES ($1,$2,$3,$4,$5,'closed','',$6)
		ON CONFLICT (shard, case_id, closed_on) DO NOTHING`,
		c.Shard, c.ID, clock.Day(tx.Now), c.Number, c.Area, hex.EncodeToString(chance(c.Number)))
}

// randomChance is what a closing brings to its day's draw: bits that nobody knew before.
func randomChance(string) []byte {
	chance := make([]byte, 16)
	_, _ = rand.Read(chance) // never fails
	return chance
}

// isDrawn tells whether a case waits to be checked.
func isDrawn(ctx context.Context, r db.Reader, c *casework.Case) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM grid_recheck WHERE shard = $1 AND case_id = $2 AND state = 'due'`, c.Shard, c.ID)
	return n > 0, err
}

// checked keeps what was found at a drawn incident, and counts it with the month of the closing.
func (s *Service) checked(ctx context.Context, tx *audit.Tx, c *casework.Case, state string) error {
	day, err := db.Value[string](ctx, tx, `SELECT MAX(closed_on) FROM grid_recheck WHERE shard = $1 AND case_id = $2 AND state = 'due'`,
		c.Shard, c.ID)
	if err != nil {
		return fmt.Errorf("drawn closing of %s: %w", c.ID, err)
	}
	if err := tx.Send(ctx, `UPDATE grid_recheck SET state = $1, checked_at = $2, checker_id = $3 WHERE shard = $4 AND case_id = $5
		AND state = 'due'`,
		state, clock.Millis(tx.Now), tx.Actor.ID, c.Shard, c.ID); err != nil {
		return err
	}
	community, confirmed := c.Area[:min(len(c.Area), communityDigits)], 0
	if state == closingConfirmed {
		confirmed = 1
	}
	origin := community
	if a, ok := s.Registry.Area(community); ok {
		origin = a.ID
	}
	return tx.Send(ctx, `INSERT INTO grid_recheck_tally (shard, origin, area, month, checked, confirmed) VALUES ($1,$2,$3,$4,1,$5)
		ON CONFLICT (shard, origin, month) DO UPDATE SET checked = grid_recheck_tally.checked + 1,
		confirmed = grid_recheck_tally.confirmed + excluded.confirmed`,
		c.Shard, origin, community, day[:len("2006-01")], confirmed)
}
