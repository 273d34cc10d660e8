package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"linli/internal/platform/errs"
)

// Draft is a year's arrangement of holidays as an operator gives it: as a file of special days, or
// as stretches off and make-up days of one notice.
type Draft struct {
	Notice string   `json:"notice,omitempty" maxLength:"200" doc:"Number or title of the notice; of a file, its own column says"`
	CSV    string   `json:"csv,omitempty" maxLength:"1048576" doc:"Lines date,kind,notice"`
	Off    []Range  `json:"off,omitempty" maxItems:"40"`
	Work   []string `json:"work,omitempty" maxItems:"60" doc:"Make-up working days, YYYY-MM-DD"`
}

// Range is a stretch of days off, both ends included.
type Range struct {
	From string `json:"from" maxLength:"10"`
	To   string `json:"to" maxLength:"10"`
}

// longestRange bounds a stretch of days off.
const longestRange = 31

// lastWeek are days of the year before which the notice of a year may name: New Year's holiday may
// begin in December.
const lastWeek = 7

// Read turns a draft into the special days of a year. Errors: Invalid that names every faulty line
// or entry: unreadable, twice, of another year, a make-up day that is no weekend; or
// calendar.incomplete without New Year and National Day.
func (d *Draft) Read(year int) ([]Day, error) {
	days, lines, err := d.days()
	if err != nil {
		return nil, err
	}
	wrong := errs.ErrInvalid
	first, next := firstDay(year), firstDay(year+1)
	off := map[string]bool{}
	for i, day := range days {
		n, _ := dayNumber(day.Date)
		at := lines[i]
		switch {
		case n < first-lastWeek || n >= next:
			wrong = wrong.At(at.location, "calendar.line.year", "line", at.line, "value", day.Date, "year", year)
		case day.Kind == Work && isWeekday(n):
			wrong = wrong.By("calendar.weekend").At(at.location, "calendar.line.weekend", "line", at.line, "value", day.Date)
		}
		off[day.Date] = day.Kind == Off
	}
	if len(wrong.Fields) > 0 {
		return nil, wrong
	}
	if !off[fmt.Sprintf("%d-01-01", year)] || !off[fmt.Sprintf("%d-10-01", year)] {
		return nil, errs.New(errs.Invalid, "calendar.incomplete").With("year", year)
	}
	return days, nil
}

// origin is where in a draft a day stands.
type origin struct {
	location string
	line     int
}

func (d *Draft) days() ([]Day, []origin, error) {
	if d.CSV != "" {
		return d.file()
	}
	d.Notice = strings.TrimSpace(d.Notice)
	wrong := errs.ErrInvalid
	if !isNotice(d.Notice) {
		wrong = wrong.At("notice", "calendar.notice")
	}
	var days []Day
	var at []origin
	seen := map[string]int{}
	add := func(date string, kind Kind, o origin) {
		if before, twice := seen[date]; twice {
			wrong = wrong.At(o.location, "calendar.line.twice", "line", o.line, "value", date, "first", before)
			return
		}
		seen[date] = o.line
		days, at = append(days, Day{date, kind, d.Notice}), append(at, o)
	}
	for i, r := range d.Off {
		o := origin{fmt.Sprintf("off[%d]", i), i + 1}
		from, errFrom := dayNumber(r.From)
		to, errTo := dayNumber(r.To)
		if errFrom != nil || errTo != nil || to < from || to-from >= longestRange {
			wrong = wrong.At(o.location, "calendar.line.range", "line", o.line, "max", longestRange)
			continue
		}
		for n := from; n <= to; n++ {
			add(dateOfDay(n), Off, o)
		}
	}
	for i, date := range d.Work {
		o := origin{fmt.Sprintf("work[%d]", i), i + 1}
		if _, err := dayNumber(date); err != nil {
			wrong = wrong.At(o.location, "calendar.line.date", "line", o.line, "value", clip(date))
			continue
		}
		add(date, Work, o)
	}
	if len(wrong.Fields) > 0 {
		return nil, nil, wrong
	}
	return days, at, nil
}

// file reads the lines of a file; the parser stops at the first that it cannot read.
func (d *Draft) file() ([]Day, []origin, error) {
	days, lines, err := parse(strings.NewReader(d.CSV))
	var bad *ParseError
	if errors.As(err, &bad) {
		return nil, nil, errs.ErrInvalid.At("csv", bad.Key, "line", bad.Line, "value", bad.Value, "first", bad.First)
	}
	if err != nil {
		return nil, nil, err
	}
	at := make([]origin, len(days))
	for i, line := range lines {
		at[i] = origin{"csv", line}
	}
	return days, at, nil
}

// taken is how many of a year's Mondays to Fridays its arrangement takes off, make-up days set
// against them. The statutory holidays come to exactly this number, wherever they fall.
func (y *year) taken() int {
	weekdays := 0
	for i := range y.length() {
		if isWeekday(y.first + i) {
			weekdays++
		}
	}
	return weekdays - y.summary.Workdays
}

// yearsAhead and yearsBack bound what can be loaded.
const (
	yearsBack  = 10
	yearsAhead = 2
)

func checkYear(year int, now time.Time) error {
	from, to := now.Year()-yearsBack, now.Year()+yearsAhead
	if year < from || year > to {
		return errs.ErrInvalid.At("year", "calendar.year", "from", from, "to", to)
	}
	return nil
}
