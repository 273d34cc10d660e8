package disclosure

import (
	"errors"
	"time"

	"linli/internal/platform/calendar"
)

// Kinds of days in the explanation of a due day.
const (
	dayStart    = "start"    // the day from which is counted; itself not counted
	dayCounted  = "counted"  // counts
	dayWeekend  = "weekend"  // Saturday or Sunday, does not count in working days
	dayHoliday  = "holiday"  // day off by notice of the State Council
	dayMakeUp   = "makeup"   // Saturday or Sunday that the notice made a working day; counts
	dayDeferred = "deferred" // the limit ends on a day off, and runs to the next working day
	dayUnknown  = "unknown"  // the notice of the year is not loaded
)

// DayCount is one day on the way to a due day.
type DayCount struct {
	Day   string `json:"day"`
	Kind  string `json:"kind" enum:"start,counted,weekend,holiday,makeup,deferred,unknown"`
	Count int    `json:"count" doc:"How many days are counted with this one"`
	Due   bool   `json:"due" doc:"The due day"`
}

// mostDays bounds an explanation: the longest limits are of some months.
const mostDays = 400

// Explain counts, day by day, how a limit in days that begins on a day falls due, by the same calendar as
// [calendar.Calendar.DeadlineDate]. Where a year is not loaded, the last day is of kind "unknown" and none is due.
func Explain(c *calendar.Calendar, from string, limit calendar.Limit) []DayCount {
	out := []DayCount{{Day: from, Kind: dayStart}}
	start, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return out
	}
	count := 0
	for n := 1; n <= mostDays; n++ {
		t := start.AddDate(0, 0, n)
		d := DayCount{Day: t.Format(time.DateOnly)}
		work, err := c.IsWorkday(d.Day)
		weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
		workdays := limit.Unit == calendar.Workday
		switch {
		case err != nil && (workdays || count+1 >= limit.Amount):
			d.Kind, d.Count = dayUnknown, count
			return append(out, d)
		case count >= limit.Amount: // over, and no working day came yet
			d.Kind, d.Count, d.Due = dayDeferred, count, work
		case !workdays:
			count++
			d.Kind, d.Count, d.Due = dayCounted, count, count == limit.Amount && work
		case work:
			count++
			d.Kind, d.Count, d.Due = dayCounted, count, count == limit.Amount
			if weekend {
				d.Kind = dayMakeUp
			}
		default:
			d.Kind, d.Count = dayHoliday, count
			if weekend {
				d.Kind = dayWeekend
			}
		}
		out = append(out, d)
		if d.Due {
			return out
		}
	}
	return out
}

// due is the day on which a limit falls due, or "" and the year whose notice it waits for.
func due(c *calendar.Calendar, from string, limit calendar.Limit) (day string, year int, err error) {
	day, err = c.DeadlineDate(from, limit)
	var unknown *calendar.YearNotLoaded
	if errors.As(err, &unknown) {
		return "", unknown.Year, nil
	}
	return day, 0, err
}
