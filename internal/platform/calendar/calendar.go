// Package calendar counts the working days and working hours by which a public office in
// mainland China is bound.
//
// A day is a working day when the State Council's notice names it as a make-up working day,
// or when it is a Monday to Friday that no notice names as a day off. The notice of a year
// comes out late in the year before. A year whose notice is not loaded is never guessed: every
// count that needs a day of such a year is refused with [YearNotLoaded].
//
// All days and clock times are those of Asia/Shanghai (UTC+8, no summer time).
package calendar

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"sort"
	"time"
)

// Zone is the one time zone of the calendar.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Kind says what a notice makes of a day.
type Kind string

const (
	Off  Kind = "off"  // day off, whatever day of the week
	Work Kind = "work" // make-up working day, normally a Saturday or Sunday
)

// Day is one special day of a State Council notice.
type Day struct {
	Date   string `json:"date"`   // YYYY-MM-DD
	Kind   Kind   `json:"kind"`   // off or work
	Notice string `json:"notice"` // number or title of the notice that decreed it
}

// Year describes a loaded year.
type Year struct {
	Year     int    `json:"year"`
	Notice   string `json:"notice"`   // the notice that decrees its National Day
	Off      int    `json:"off"`      // special days off, those on weekends included
	Work     int    `json:"work"`     // make-up working days
	Workdays int    `json:"workdays"` // working days of the whole year
}

// YearNotLoaded is the refusal to count into a year whose notice is not loaded.
type YearNotLoaded struct {
	Year int
}

func (e *YearNotLoaded) Error() string {
	return fmt.Sprintf("calendar: the working days of %d are not loaded", e.Year)
}

// Calendar is immutable and safe for concurrent use.
type Calendar struct {
	years map[int]*year
}

//go:embed special-days.csv
var specialDays []byte

// SpecialDays returns the days that ship with the program: the State Council's notices for 2024 to 2026.
func SpecialDays() []Day {
	days, err := Parse(bytes.NewReader(specialDays))
	if err != nil {
		panic("calendar: embedded special days: " + err.Error())
	}
	return days
}

// Default returns the calendar of [SpecialDays] with [DefaultHours].
func Default() *Calendar {
	c, err := New(SpecialDays(), DefaultHours())
	if err != nil {
		panic("calendar: embedded special days: " + err.Error())
	}
	return c
}

// New builds a calendar. A year counts as loaded when both 1 January and 1 October are among its
// days off, because every notice names them: a stray last week of December from the next year's
// notice, or a file cut short, does not make a year.
//
// It fails on a date that does not exist or occurs twice, on an unknown kind, on malformed or
// overlapping opening hours, and on a working day of a loaded year that no opening hours cover.
// Nil hours mean [DefaultHours].
func New(days []Day, hours []Hours) (*Calendar, error) {
	if hours == nil {
		hours = DefaultHours()
	}
	special := make(map[int]Day, len(days))
	years := map[int]bool{}
	for _, d := range days {
		n, err := dayNumber(d.Date)
		if err != nil {
			return nil, err
		}
		if d.Kind != Off && d.Kind != Work {
			return nil, fmt.Errorf("calendar: %s: kind %q is neither off nor work", d.Date, d.Kind)
		}
		if _, twice := special[n]; twice {
			return nil, fmt.Errorf("calendar: %s occurs twice", d.Date)
		}
		special[n] = d
		years[yearOf(n)] = true
	}
	opening, err := readHours(hours)
	if err != nil {
		return nil, err
	}
	c := &Calendar{years: map[int]*year{}}
	for y := range years {
		first := firstDay(y)
		national := int(time.Date(y, time.October, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
		if special[first].Kind != Off || special[national].Kind != Off {
			continue
		}
		built, err := buildYear(y, special, opening)
		if err != nil {
			return nil, err
		}
		built.summary.Notice = special[national].Notice
		c.years[y] = built
	}
	return c, nil
}

// Years lists the loaded years in order.
func (c *Calendar) Years() []Year {
	out := make([]Year, 0, len(c.years))
	for _, y := range c.years {
		out = append(out, y.summary)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Year < out[j].Year })
	return out
}

// Loaded reports whether the notice of a year is loaded.
func (c *Calendar) Loaded(year int) bool { return c.years[year] != nil }

// IsWorkday reports whether a date (YYYY-MM-DD) is a working day.
// Errors: a malformed date, [YearNotLoaded].
func (c *Calendar) IsWorkday(date string) (bool, error) {
	n, err := dayNumber(date)
	if err != nil {
		return false, err
	}
	y, err := c.yearAt(n)
	if err != nil {
		return false, err
	}
	return y.isWorkday(n - y.first), nil
}

// DateOf returns the date (YYYY-MM-DD) of an instant.
func DateOf(t time.Time) string { return t.In(Zone).Format(time.DateOnly) }

// StartOf returns the first instant of a date (YYYY-MM-DD).
func StartOf(date string) (time.Time, error) {
	n, err := dayNumber(date)
	if err != nil {
		return time.Time{}, err
	}
	return instant(n, 0), nil
}

// EndOf returns the last millisecond of a date (YYYY-MM-DD), the instant at which a limit in days falls due.
func EndOf(date string) (time.Time, error) {
	n, err := dayNumber(date)
	if err != nil {
		return time.Time{}, err
	}
	return endOfDay(n), nil
}

var errDate = errors.New("is not a date YYYY-MM-DD")

// dayNumber counts days from 1970-01-01.
func dayNumber(date string) (int, error) {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil || t.Year() < 1 {
		return 0, fmt.Errorf("calendar: %.20q %w", date, errDate)
	}
	return int(floorDiv(t.Unix(), 86400)), nil
}

func dateOfDay(n int) string { return time.Unix(int64(n)*86400, 0).UTC().Format(time.DateOnly) }

func yearOf(n int) int { return time.Unix(int64(n)*86400, 0).UTC().Year() }

func firstDay(year int) int {
	return int(floorDiv(time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

const dayMillis = 86_400_000

// split gives the day number of an instant and the milliseconds of that day gone by.
func split(t time.Time) (day int, millis int64) {
	local := t.UnixMilli() + 8*3_600_000
	n := floorDiv(local, dayMillis)
	return int(n), local - n*dayMillis
}

func instant(day int, millis int64) time.Time {
	return time.UnixMilli(int64(day)*dayMillis + millis - 8*3_600_000).In(Zone)
}

func endOfDay(day int) time.Time { return instant(day, dayMillis-1) }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
