package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var units = []Unit{Workday, Workhour, CalendarDay}

// drawInstant draws an instant whose neighbourhood lies within the loaded years.
func drawInstant(t *rapid.T, label string) time.Time {
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, Zone).UnixMilli()
	last := time.Date(2026, 6, 30, 0, 0, 0, 0, Zone).UnixMilli()
	return time.UnixMilli(rapid.Int64Range(first, last).Draw(t, label))
}

func TestDeadlineIsMonotone(t *testing.T) {
	t.Parallel()
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawInstant(t, "a"), drawInstant(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		small := rapid.IntRange(0, 60).Draw(t, "small")
		large := small + rapid.IntRange(0, 20).Draw(t, "more")
		dueA, errA := c.Deadline(a, Limit{small, unit})
		dueB, errB := c.Deadline(b, Limit{small, unit})
		later, errLater := c.Deadline(a, Limit{large, unit})
		if errA != nil || errB != nil || errLater != nil {
			t.Fatal(errA, errB, errLater)
		}
		if dueA.Before(a) {
			t.Fatalf("%v is due before it begins, %v", dueA, a)
		}
		if dueB.Before(dueA) {
			t.Fatalf("begun at %v due %v, begun later at %v due %v", a, dueA, b, dueB)
		}
		if later.Before(dueA) {
			t.Fatalf("%d due %v, %d due %v", small, dueA, large, later)
		}
	})
}

// TestDeadlineAgreesWithCounting compares the look-up with counting day by day and minute by minute.
func TestDeadlineAgreesWithCounting(t *testing.T) {
	t.Parallel()
	c := Default()
	work := func(day time.Time) bool {
		is, err := c.IsWorkday(DateOf(day))
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	count := func(from time.Time, l Limit) time.Time {
		day := from.In(Zone)
		switch l.Unit {
		case Workday:
			for n := 0; n < l.Amount; {
				if day = day.AddDate(0, 0, 1); work(day) {
					n++
				}
			}
		case CalendarDay:
			day = day.AddDate(0, 0, l.Amount)
			for !work(day) {
				day = day.AddDate(0, 0, 1)
			}
		case Workhour:
			for n := 0; n < l.Amount*60; day = day.Add(time.Minute) {
				m := day.Hour()*60 + day.Minute()
				if work(day) && (m >= 510 && m < 720 || m >= 840 && m < 1050) {
					n++
				}
			}
			return day
		}
		return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 999_000_000, Zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		from := drawInstant(t, "from").Truncate(time.Minute)
		l := Limit{rapid.IntRange(1, 30).Draw(t, "amount"), rapid.SampledFrom(units).Draw(t, "unit")}
		got, err := c.Deadline(from, l)
		if want := count(from, l); err != nil || !got.Equal(want) {
			t.Fatalf("%v + %v: got %v, %v; want %v", from, l, got, err, want)
		}
	})
}

func TestWorkdaysBetweenInvertsDeadline(t *testing.T) {
	t.Parallel()
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		from := DateOf(drawInstant(t, "from"))
		n := rapid.IntRange(1, 100).Draw(t, "n")
		due, err := c.DeadlineDate(from, Workdays(n))
		if err != nil {
			t.Fatal(err)
		}
		there, err := c.WorkdaysBetween(from, due)
		if err != nil || there != n {
			t.Fatalf("%s to %s: got %d, %v; want %d", from, due, there, err, n)
		}
		back, err := c.WorkdaysBetween(due, from)
		if err != nil || back != -n {
			t.Fatalf("%s to %s: got %d, %v; want %d", due, from, back, err, -n)
		}
	})
}

func TestLeftShrinks(t *testing.T) {
	t.Parallel()
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		now, due := drawInstant(t, "now"), drawInstant(t, "due")
		a, unitA, errA := c.Left(now, due)
		b, unitB, errB := c.Left(now.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "minutes"))*time.Minute), due)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if unitA == unitB && b > a {
			t.Fatalf("left grew from %d to %d %s", a, b, unitA)
		}
		if (a > 0) && due.Before(now) || (a < 0) && now.Before(due) {
			t.Fatalf("%v to %v: left %d", now, due, a)
		}
	})
}
