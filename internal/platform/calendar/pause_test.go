package calendar

import (
	"errors"
	"testing"
	"time"
)

// Suspended time is not counted: the day of the suspension is, the day of the resumption is not.
func TestDeadlineAfterPauses(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, Zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	pause := func(from, to string) Pause { return Pause{at(from), at(to)} }
	for _, c := range []struct {
		name   string
		from   string
		limit  Limit
		pauses []Pause
		want   string // to the minute; days end at 23:59
	}{
		{"no pause", "2026-03-02 10:00", Workdays(5), nil, "2026-03-09 23:59"},
		{"a week", "2026-03-02 10:00", Workdays(5), []Pause{pause("2026-03-04 10:00", "2026-03-11 10:00")}, "2026-03-16 23:59"},
		{"within a day", "2026-03-02 10:00", Workdays(5), []Pause{pause("2026-03-04 10:00", "2026-03-04 16:00")}, "2026-03-09 23:59"},
		{"over a weekend", "2026-03-02 10:00", Workdays(5), []Pause{pause("2026-03-06 10:00", "2026-03-08 10:00")}, "2026-03-09 23:59"},
		{"on the last day", "2026-03-02 10:00", Workdays(5), []Pause{pause("2026-03-09 10:00", "2026-03-12 09:00")}, "2026-03-12 23:59"},
		{"ended on a Sunday with nothing left", "2026-03-02 10:00", Workdays(5),
			[]Pause{pause("2026-03-09 10:00", "2026-03-15 09:00")}, "2026-03-16 23:59"},
		{"after it ran out", "2026-03-02 10:00", Workdays(5), []Pause{pause("2026-03-10 10:00", "2026-03-20 09:00")}, "2026-03-09 23:59"},
		{"twice", "2026-03-02 10:00", Workdays(5),
			[]Pause{pause("2026-03-03 10:00", "2026-03-05 10:00"), pause("2026-03-06 10:00", "2026-03-16 10:00")}, "2026-03-19 23:59"},
		{"over a holiday", "2026-09-24 10:00", Workdays(5), []Pause{pause("2026-09-28 10:00", "2026-10-08 10:00")}, "2026-10-13 23:59"},
		{"hours", "2026-03-02 09:00", Workhours(4), []Pause{pause("2026-03-02 10:30", "2026-03-05 09:00")}, "2026-03-05 11:30"},
		{"hours at night", "2026-03-02 09:00", Workhours(4), []Pause{pause("2026-03-02 20:00", "2026-03-05 09:00")}, "2026-03-02 15:00"},
		{"hours to the minute", "2026-03-02 16:30", Workhours(2), []Pause{pause("2026-03-02 17:00", "2026-03-03 08:00")}, "2026-03-03 10:00"},
		{"calendar days", "2026-03-02 09:00", Days(10), []Pause{pause("2026-03-05 09:00", "2026-03-10 09:00")}, "2026-03-17 23:59"},
		{"calendar days roll", "2026-03-02 09:00", Days(10), []Pause{pause("2026-03-05 09:00", "2026-03-07 09:00")}, "2026-03-16 23:59"},
	} {
		got, err := Default().DeadlineAfter(at(c.from), c.limit, c.pauses)
		if err != nil || got.Format("2006-01-02 15:04") != c.want {
			t.Errorf("%s: %v %v, want %s", c.name, got, err, c.want)
		}
	}

	var unknown *YearNotLoaded
	if _, err := Default().DeadlineAfter(at("2026-12-28 10:00"), Workdays(5),
		[]Pause{pause("2026-12-29 10:00", "2026-12-31 10:00")}); !errors.As(err, &unknown) || unknown.Year != 2027 {
		t.Errorf("into an unloaded year: %v", err)
	}
}

func TestWorkdaysBack(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "2026-03-09", 1: "2026-03-08", 2: "2026-03-05", 5: "2026-03-02"} {
		got, err := Default().WorkdaysBack(time.Date(2026, 3, 9, 10, 0, 0, 0, Zone), n)
		if err != nil || DateOf(got) != want {
			t.Errorf("%d working days before Monday: %v %v, want %s", n, got, err, want)
		}
	}
}
