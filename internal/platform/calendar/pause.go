package calendar

import (
	"time"

	"linli/internal/platform/clock"
)

// Pause is a stretch in which a limit does not run. To is not before From.
type Pause struct{ From, To time.Time }

// DeadlineAfter is [Calendar.Deadline] of a limit that was paused: of each stretch between pauses
// what an office would count is taken off, and what is left runs on from the end of the last pause.
//
//   - Working days: the day on which a pause begins is used up, the day on which it ends is not
//     counted, as with any beginning. What begins and ends on one day changes nothing.
//   - Calendar days: likewise.
//   - Working hours: to the millisecond of opening hours.
//
// A limit that had run out before a pause stays as it was. Pauses are in order and do not overlap.
// Errors: as for Deadline.
func (c *Calendar) DeadlineAfter(from time.Time, limit Limit, pauses []Pause) (time.Time, error) {
	if err := limit.Validate(); err != nil {
		return time.Time{}, err
	}
	left := int64(limit.Amount)
	if limit.Unit == Workhour {
		left *= 3_600_000
	}
	for _, p := range pauses {
		used, err := c.used(from, p.From, limit.Unit)
		if err != nil {
			return time.Time{}, err
		}
		if used >= left { // perhaps run out: the deadline is near, and known where the pause is
			due, err := c.deadline(from, left, limit.Unit)
			if err != nil || due.Before(p.From) {
				return due, err
			}
		}
		left, from = max(0, left-used), p.To
	}
	return c.deadline(from, left, limit.Unit)
}

// used is what of a limit has gone by: milliseconds of opening hours, or days.
func (c *Calendar) used(from, to time.Time, unit Unit) (int64, error) {
	dayA, millisA := split(from)
	dayB, millisB := split(to)
	switch unit {
	case Workhour:
		return c.openBetween(dayA, millisA, dayB, millisB)
	case Workday:
		n, err := c.workdays(dayA, dayB)
		return int64(n), err
	}
	return int64(dayB - dayA), nil
}

// deadline is Deadline of what is left, working hours in milliseconds.
func (c *Calendar) deadline(from time.Time, left int64, unit Unit) (time.Time, error) {
	if unit != Workhour {
		return c.Deadline(from, Limit{int(left), unit})
	}
	if left == 0 {
		return from.In(Zone), nil
	}
	day, millis := split(from)
	return c.addOpen(day, millis, left)
}

// WorkdaysBack is the last instant of the day that lies n working days before the day of an instant:
// what fell due then or earlier is n working days late by now. Errors: [YearNotLoaded].
func (c *Calendar) WorkdaysBack(now time.Time, n int) (time.Time, error) {
	today, _ := split(now)
	day := today
	for {
		passed, err := c.workdays(day, today)
		if err != nil {
			return time.Time{}, err
		}
		if passed >= n {
			return endOfDay(day), nil
		}
		day--
	}
}

// DaysBack is [Calendar.WorkdaysBack], or as many days back where the calendar does not reach.
func (c *Calendar) DaysBack(now time.Time, n int) time.Time {
	if t, err := c.WorkdaysBack(now, n); err == nil {
		return t
	}
	return now.AddDate(0, 0, -n)
}

// WorkdayFrom is the day of an instant, or the next working day where it is none; the day itself in a year that the
// calendar does not know.
func (c *Calendar) WorkdayFrom(t time.Time) string {
	for range 31 {
		works, err := c.IsWorkday(clock.Day(t))
		if works || err != nil {
			break
		}
		t = t.AddDate(0, 0, 1)
	}
	return clock.Day(t)
}
