package calendar

import (
	"fmt"
	"sort"
	"time"
)

// year holds one loaded year as running totals, so that a deadline is a look-up and not a walk.
type year struct {
	number  int
	first   int        // day number of 1 January
	before  []int32    // working days before each day of the year; one more entry for the whole year
	nth     []int32    // index in the year of each working day
	open    []int64    // open milliseconds before each day of the year; one more entry for the whole year
	hours   []*opening // opening of each day; nil on a day off
	summary Year
}

func buildYear(number int, special map[int]Day, opening []*opening) (*year, error) {
	first := firstDay(number)
	length := firstDay(number+1) - first
	y := &year{number: number, first: first, summary: Year{Year: number}}
	y.before = append(y.before, 0)
	y.open = append(y.open, 0)
	for i := range length {
		n := first + i
		day, isSpecial := special[n]
		work := isWeekday(n)
		if isSpecial {
			work = day.Kind == Work
			if work {
				y.summary.Work++
			} else {
				y.summary.Off++
			}
		}
		count, total := y.before[i], y.open[i]
		if !work {
			y.hours = append(y.hours, nil)
		} else {
			o := openingOn(opening, n)
			if o == nil {
				return nil, fmt.Errorf("calendar: no opening hours are valid on %s", dateOfDay(n))
			}
			y.hours = append(y.hours, o)
			y.nth = append(y.nth, int32(i))
			count, total = count+1, total+o.total
		}
		y.before = append(y.before, count)
		y.open = append(y.open, total)
	}
	y.summary.Workdays = len(y.nth)
	return y, nil
}

func isWeekday(n int) bool {
	w := time.Unix(int64(n)*86400, 0).UTC().Weekday()
	return w != time.Saturday && w != time.Sunday
}

func openingOn(opening []*opening, n int) *opening {
	for _, o := range opening {
		if o.from <= n && n <= o.to {
			return o
		}
	}
	return nil
}

func (y *year) isWorkday(i int) bool { return y.hours[i] != nil }

func (y *year) length() int { return len(y.hours) }

// openBy is the open time of the year that has gone by at an instant of its day i.
func (y *year) openBy(i int, millis int64) int64 {
	if y.hours[i] == nil {
		return y.open[i]
	}
	return y.open[i] + y.hours[i].openBy(millis)
}

// openAfter is the first instant at which the given open time of the year has gone by;
// 0 < open ≤ the year's total.
func (y *year) openAfter(open int64) time.Time {
	i := sort.Search(y.length(), func(i int) bool { return y.open[i+1] >= open })
	return instant(y.first+i, y.hours[i].after(open-y.open[i]))
}

// yearAt finds the loaded year of a day.
func (c *Calendar) yearAt(n int) (*year, error) { return c.year(yearOf(n)) }

func (c *Calendar) year(number int) (*year, error) {
	if y := c.years[number]; y != nil {
		return y, nil
	}
	return nil, &YearNotLoaded{Year: number}
}
