package disclosure

import (
	"fmt"
	"time"
)

// Period is how often an item is due.
type Period string

// The periods. Once is due after each event of its kind; nothing is due without one.
const (
	Yearly     Period = "yearly"
	HalfYearly Period = "halfyearly"
	Quarterly  Period = "quarterly"
	Monthly    Period = "monthly"
	Once       Period = "once"
)

// months is how many months a period has; 0 for Once.
var months = map[Period]int{Yearly: 12, HalfYearly: 6, Quarterly: 3, Monthly: 1, Once: 0}

// Span is one period of the year. Days are YYYY-MM-DD, both included.
type Span struct{ Key, First, Last string }

// SpanOf is the period that holds a day; the zero Span for Once and for what is no day.
func SpanOf(p Period, day string) Span {
	t, err := time.Parse(time.DateOnly, day)
	n := months[p]
	if err != nil || n == 0 {
		return Span{}
	}
	at := (int(t.Month()) - 1) / n // from 0
	first := time.Date(t.Year(), time.Month(1+at*n), 1, 0, 0, 0, 0, time.UTC)
	s := Span{First: first.Format(time.DateOnly), Last: first.AddDate(0, n, -1).Format(time.DateOnly)}
	switch p {
	case Yearly:
		s.Key = fmt.Sprintf("%04d", t.Year())
	case HalfYearly:
		s.Key = fmt.Sprintf("%04dH%d", t.Year(), at+1)
	case Quarterly:
		s.Key = fmt.Sprintf("%04dQ%d", t.Year(), at+1)
	case Monthly:
		s.Key = fmt.Sprintf("%04d-%02d", t.Year(), at+1)
	}
	return s
}

// before is the period before one.
func (s Span) before(p Period) Span {
	t, err := time.Parse(time.DateOnly, s.First)
	if err != nil {
		return Span{}
	}
	return SpanOf(p, t.AddDate(0, 0, -1).Format(time.DateOnly))
}

// daysAfter is the day so many days after a day.
func daysAfter(day string, n int) string {
	t, _ := time.Parse(time.DateOnly, day) // a day that the clock wrote, or that was read
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}
