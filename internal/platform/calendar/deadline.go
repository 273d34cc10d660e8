package calendar

import "time"

// Deadline is the last instant at which something begun at from is still in time.
//
//   - Working days: the day of from is not counted (Civil Code art. 201); due at the end of the
//     last day counted, 23:59:59.999, because a person who answers that evening is in time.
//   - Calendar days: likewise, and when the last day is a day off the limit runs to the end of the
//     next working day (art. 203).
//   - Working hours: time within opening hours from the very instant on, across days.
//   - Amount 0: in days, the end of the day of from or, when that is a day off, of the next working
//     day; in working hours, from itself.
//
// Errors: a limit that [Limit.Validate] refuses; [YearNotLoaded] for the first year needed that is
// not loaded, also when only the last day reaches into it.
func (c *Calendar) Deadline(from time.Time, limit Limit) (time.Time, error) {
	if err := limit.Validate(); err != nil {
		return time.Time{}, err
	}
	day, millis := split(from)
	var err error
	switch {
	case limit.Unit == Workhour && limit.Amount == 0:
		return from.In(Zone), nil
	case limit.Unit == Workhour:
		return c.addOpen(day, millis, int64(limit.Amount)*3_600_000)
	case limit.Unit == Workday && limit.Amount > 0:
		day, err = c.addWorkdays(day, limit.Amount)
	default:
		day, err = c.addWorkdays(day+limit.Amount-1, 1)
	}
	if err != nil {
		return time.Time{}, err
	}
	return endOfDay(day), nil
}

// DeadlineDate is the date (YYYY-MM-DD) on which a limit in days that begins on a date falls due.
// A limit in working hours is counted from the first instant of the date. Errors as for [Calendar.Deadline].
func (c *Calendar) DeadlineDate(from string, limit Limit) (string, error) {
	start, err := StartOf(from)
	if err != nil {
		return "", err
	}
	due, err := c.Deadline(start, limit)
	if err != nil {
		return "", err
	}
	return DateOf(due), nil
}

// addWorkdays is the n-th working day after a day; n ≥ 1.
func (c *Calendar) addWorkdays(day, n int) (int, error) {
	y, err := c.yearAt(day + 1)
	if err != nil {
		return 0, err
	}
	wanted := int(y.before[day+1-y.first]) + n
	for wanted > len(y.nth) {
		wanted -= len(y.nth)
		if y, err = c.year(y.number + 1); err != nil {
			return 0, err
		}
	}
	return y.first + int(y.nth[wanted-1]), nil
}

// addOpen is the first instant at which the given open time has gone by since an instant; open > 0.
func (c *Calendar) addOpen(day int, millis, open int64) (time.Time, error) {
	y, err := c.yearAt(day)
	if err != nil {
		return time.Time{}, err
	}
	wanted := y.openBy(day-y.first, millis) + open
	for wanted > y.open[y.length()] {
		wanted -= y.open[y.length()]
		if y, err = c.year(y.number + 1); err != nil {
			return time.Time{}, err
		}
	}
	return y.openAfter(wanted), nil
}

// WorkdaysBetween counts the working days after from up to and including to (both YYYY-MM-DD), so
// that it is n when to is the deadline of n working days from from. It is negative when to is before
// from. Errors: a malformed date, [YearNotLoaded].
func (c *Calendar) WorkdaysBetween(from, to string) (int, error) {
	a, err := dayNumber(from)
	if err != nil {
		return 0, err
	}
	b, err := dayNumber(to)
	if err != nil {
		return 0, err
	}
	if b < a {
		n, err := c.workdays(b, a)
		return -n, err
	}
	return c.workdays(a, b)
}

// workdays counts working days after day a up to day b; a ≤ b.
func (c *Calendar) workdays(a, b int) (int, error) {
	if a == b {
		return 0, nil
	}
	y, err := c.yearAt(a + 1)
	if err != nil {
		return 0, err
	}
	n := -int(y.before[a+1-y.first])
	for b >= y.first+y.length() {
		n += len(y.nth)
		if y, err = c.year(y.number + 1); err != nil {
			return 0, err
		}
	}
	return n + int(y.before[b+1-y.first]), nil
}

// Left is the time between now and due as an office counts it: whole working days, or working
// minutes when less than one working day is left. It is negative once due is past.
// Errors: [YearNotLoaded].
func (c *Calendar) Left(now, due time.Time) (amount int, unit Unit, err error) {
	if due.Before(now) {
		amount, unit, err = c.between(due, now)
		return -amount, unit, err
	}
	return c.between(now, due)
}

func (c *Calendar) between(a, b time.Time) (int, Unit, error) {
	dayA, millisA := split(a)
	dayB, millisB := split(b)
	n, err := c.workdays(dayA, dayB)
	if err != nil {
		return 0, "", err
	}
	open, err := c.openBetween(dayA, millisA, dayB, millisB)
	if err != nil {
		return 0, "", err
	}
	if n == 0 || open < c.lastOpening(dayB) {
		return int(open / 60_000), Workminute, nil
	}
	return n, Workday, nil
}

// OpenMinutes is the working time between two instants in whole minutes; 0 when b is not after a. Errors: [YearNotLoaded].
func (c *Calendar) OpenMinutes(a, b time.Time) (int, error) {
	if !b.After(a) {
		return 0, nil
	}
	dayA, millisA := split(a)
	dayB, millisB := split(b)
	open, err := c.openBetween(dayA, millisA, dayB, millisB)
	return int(open / 60_000), err
}

// openBetween is the open time between two instants, the first not after the second.
func (c *Calendar) openBetween(dayA int, millisA int64, dayB int, millisB int64) (int64, error) {
	y, err := c.yearAt(dayA)
	if err != nil {
		return 0, err
	}
	sum := -y.openBy(dayA-y.first, millisA)
	for dayB >= y.first+y.length() {
		sum += y.open[y.length()]
		if y, err = c.year(y.number + 1); err != nil {
			return 0, err
		}
	}
	return sum + y.openBy(dayB-y.first, millisB), nil
}

// lastOpening is the open time of the last working day up to a day of a loaded year.
func (c *Calendar) lastOpening(day int) int64 {
	for y := c.years[yearOf(day)]; y != nil; y = c.years[y.number-1] {
		i := min(day-y.first, y.length()-1)
		if n := y.before[i+1]; n > 0 {
			return y.hours[y.nth[n-1]].total
		}
	}
	return 0
}
