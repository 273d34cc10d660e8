package calendar

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a limit is counted in.
type Unit string

const (
	Workday     Unit = "workday"  // 工作日
	Workhour    Unit = "workhour" // 工作时: an hour within opening hours
	CalendarDay Unit = "day"      // 日: calendar day

	// Workminute is the unit of what is left of a limit under one working day; no limit is set in it.
	Workminute Unit = "workminute"
)

// MaxAmount is the largest amount of a limit in any unit.
const MaxAmount = 9999

// Limit is a time allowed for something. Amount 0 means at once, on the day itself.
type Limit struct {
	Amount int  `json:"amount" minimum:"0" maximum:"9999"`
	Unit   Unit `json:"unit" enum:"workday,workhour,day"`
}

// Workdays is a limit of n working days.
func Workdays(n int) Limit { return Limit{Amount: n, Unit: Workday} }

// Workhours is a limit of n working hours.
func Workhours(n int) Limit { return Limit{Amount: n, Unit: Workhour} }

// Days is a limit of n calendar days.
func Days(n int) Limit { return Limit{Amount: n, Unit: CalendarDay} }

// Validate refuses an amount outside 0 to [MaxAmount] and a unit that no limit is set in.
func (l Limit) Validate() error {
	if l.Unit != Workday && l.Unit != Workhour && l.Unit != CalendarDay {
		return fmt.Errorf("calendar: %.20q is not a unit of a limit", l.Unit)
	}
	if l.Amount < 0 || l.Amount > MaxAmount {
		return fmt.Errorf("calendar: a limit of %d is outside 0 to %d", l.Amount, MaxAmount)
	}
	return nil
}

// String gives the form that [ParseLimit] reads, such as "5 workday".
func (l Limit) String() string { return strconv.Itoa(l.Amount) + " " + string(l.Unit) }

// ParseLimit reads an amount, one space and a unit, such as "5 workday", "4 workhour" or "30 day".
func ParseLimit(s string) (Limit, error) {
	amount, unit, found := strings.Cut(s, " ")
	n, err := strconv.ParseUint(amount, 10, 16)
	if !found || err != nil {
		return Limit{}, fmt.Errorf("calendar: %.30q is not a limit such as \"5 workday\"", s)
	}
	l := Limit{Amount: int(n), Unit: Unit(unit)}
	return l, l.Validate()
}
