package demo

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
)

const (
	recheckDays  = 45 // back from today from which closings are drawn
	recheckLeft  = 3  // the last days' are not checked yet
	reopenedDays = 12 // back within which something is found otherwise
	reopened     = 9  // of a hundred
)

var (
	confirmations = []string{"现场与结案情况一致。", "到现场查看，问题已解决。", "已走访附近居民，反映属实。"}
	refutations   = []string{"现场仍有遗留，未达到结案条件。", "问题反弹，与结案情况不符。"}
)

// checkClosings draws from each of the last days' closings, and has the officers of the streets look
// at what was drawn, as far as the present.
func (l *load) checkClosings(ctx context.Context) error {
	morning := func(day time.Time) time.Time { return clockAt(day, 9) }
	for back := recheckDays; back >= 0; back-- {
		if _, err := l.Grid.DrawRechecks(clock.With(ctx, morning(l.Now.AddDate(0, 0, -back)))); err != nil {
			return err
		}
	}
	for _, street := range l.streets {
		by := authority.With(clock.With(ctx, l.Now), *street.officer)
		for cursor, more := "", true; more; more = cursor != "" {
			drawn, next, err := l.Grid.ListRechecks(by, street.code, false, cursor, 100)
			if err != nil {
				return err
			}
			cursor = next
			if n := len(drawn); cursor == "" && n > 0 && street.code == home[:streetDigits] {
				drawn = drawn[:n-1] // so that whoever visits the demo finds one to check
			}
			for _, r := range drawn {
				dice := l.dice("recheck "+r.Case.Number, 0)
				closed, _ := time.ParseInLocation(time.DateOnly, r.ClosedOn, clock.City)
				at := clockAt(closed.AddDate(0, 0, 2), 10).Add(time.Duration(dice.IntN(300)) * time.Minute)
				found, err := l.Casework.Show(by, r.Case.ID)
				if err != nil {
					return err
				}
				if last := clock.Instant(found.Events[len(found.Events)-1].At); !at.After(last) {
					at = last.Add(time.Hour)
				}
				if at.After(l.Now.AddDate(0, 0, -recheckLeft)) {
					continue
				}
				in := casework.MoveInput{ID: r.Case.ID, Verb: "confirm", Input: flow.Input{Note: pick(dice, confirmations)}}
				if closed.After(l.Now.AddDate(0, 0, -reopenedDays)) && chance(dice, reopened) {
					in.Verb, in.Note = "reopen", pick(dice, refutations)
				}
				if _, err := l.Casework.Move(clock.With(by, at), "incident", in); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// clockAt is a full hour of a day in the city.
func clockAt(day time.Time, hour int) time.Time {
	d := day.In(clock.City)
	return time.Date(d.Year(), d.Month(), d.Day(), hour, 0, 0, 0, clock.City)
}
