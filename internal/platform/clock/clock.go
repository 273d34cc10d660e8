// Package clock tells the time of the city. Services never call time.Now: they ask the
// context, so that a load of a year's history and a test can set the hour. A whole program
// is moved by Shift: a demo on another day, and every test process (see clocktest).
package clock

import (
	"context"
	"strings"
	"time"
)

// City is the civil time of mainland China: UTC+8 without daylight saving.
var City = time.FixedZone("Asia/Shanghai", 8*60*60)

type key struct{}

// With returns a context in which it is the instant t.
func With(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, key{}, t)
}

// shift is how far the program's clock is ahead of the machine's.
var shift time.Duration

// Shift sets the program's clock ahead of the machine's by d, or back where d is negative. It
// is called once, before anything asks for the time: it is not safe for concurrent use.
func Shift(d time.Duration) { shift = d }

// Shifted is how far the program's clock is ahead of the machine's; 0 unless Shift was called.
func Shifted() time.Duration { return shift }

// Now is the instant of the context, or that of the program's clock, in city time.
func Now(ctx context.Context) time.Time {
	if t, ok := ctx.Value(key{}).(time.Time); ok {
		return t.In(City)
	}
	return time.Now().Add(shift).In(City)
}

// Machine is the instant of the machine's clock at which the program's shows t: for comparing
// with what the machine dates itself, e.g. files.
func Machine(t time.Time) time.Time { return t.Add(-shift) }

// Midnight is the end of the civil day in which t lies.
func Midnight(t time.Time) time.Time {
	y, m, d := t.In(City).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, City)
}

// Millis is the stored form of an instant: UTC milliseconds since 1970.
func Millis(t time.Time) int64 { return t.UnixMilli() }

// Instant reads the stored form back, in city time.
func Instant(ms int64) time.Time { return time.UnixMilli(ms).In(City) }

// Day is the stored form of a civil day: YYYY-MM-DD in city time.
func Day(t time.Time) string { return t.In(City).Format(time.DateOnly) }

// Month is the stored form of a civil month: YYYY-MM in city time.
func Month(t time.Time) string { return t.In(City).Format("2006-01") }

// MonthsBefore is the instant n months before t: on the same day of the month, or on the last one of a
// month that has no such day, so that nothing counts as older than it is.
func MonthsBefore(t time.Time, n int) time.Time {
	back := t.AddDate(0, -n, 0)
	if back.Day() != t.Day() { // the month was too short, and AddDate went on into the next
		back = back.AddDate(0, 0, -back.Day())
	}
	return back
}

// Within tells whether a time of day lies in hours such as "08:00-20:00", the end left out; true for hours that are no such span.
func Within(hours string, t time.Time) bool {
	from, to, ok := strings.Cut(hours, "-")
	at := t.In(City).Format("15:04")
	return !ok || from <= at && at < to
}

// Parse reads a day (YYYY-MM-DD, its first instant) or an instant (YYYY-MM-DDTHH:MM) in city
// time, or an instant with its own offset (RFC 3339).
func Parse(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, s, City); err == nil {
			return t, nil
		}
	}
	return time.Parse(time.RFC3339, s)
}
