package demo

import (
	"sort"
	"time"

	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
)

// office counts time as an office lives it: the seconds of opening hours since the first day of
// a span. Days of a year whose calendar is not loaded count as working from Monday to Friday.
type office struct{ days []time.Time }

// Opening hours in seconds, those of calendar.DefaultHours.
const (
	opensAt   = (8*60 + 30) * 60
	noonAt    = 12 * 60 * 60
	reopensAt = 14 * 60 * 60
	closesAt  = (17*60 + 30) * 60
	morning   = noonAt - opensAt
	workday   = morning + closesAt - reopensAt
	workhour  = 60 * 60
)

func newOffice(cal *calendar.Calendar, from, to time.Time) *office {
	o := &office{}
	for day := midnight(from); day.Before(to); day = day.AddDate(0, 0, 1) {
		if isWorkday(cal, day) {
			o.days = append(o.days, day)
		}
	}
	return o
}

func isWorkday(cal *calendar.Calendar, day time.Time) bool {
	works, err := cal.IsWorkday(clock.Day(day))
	if err != nil { // a year that is not loaded
		return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
	}
	return works
}

func midnight(t time.Time) time.Time {
	t = t.In(clock.City)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, clock.City)
}

// of is the opening time that has gone by at an instant.
func (o *office) of(t time.Time) int {
	day := midnight(t)
	i := sort.Search(len(o.days), func(i int) bool { return !o.days[i].Before(day) })
	if i == len(o.days) || !o.days[i].Equal(day) {
		return i * workday
	}
	s := int(t.Sub(day) / time.Second)
	return i*workday + min(max(s-opensAt, 0), morning) + min(max(s-reopensAt, 0), workday-morning)
}

// at is the instant within opening hours at which so much opening time has gone by.
func (o *office) at(seconds int) time.Time {
	i := min(seconds/workday, len(o.days)-1)
	s := opensAt + seconds - i*workday
	if s > noonAt {
		s += reopensAt - noonAt
	}
	return o.days[i].Add(time.Duration(s) * time.Second)
}
