package calendar

import (
	"fmt"
	"sort"
)

// Span is a stretch of a working day in which the office is open, as clock times HH:MM.
type Span struct {
	From string `json:"from"`
	To   string `json:"to"` // after From, at most 24:00
}

// Hours are the opening hours of every working day from ValidFrom to ValidTo, both included.
// An empty bound is open. Offices that keep summer and winter hours give one Hours for each season.
type Hours struct {
	ValidFrom string `json:"validFrom"` // YYYY-MM-DD or empty
	ValidTo   string `json:"validTo"`   // YYYY-MM-DD or empty
	Spans     []Span `json:"spans"`     // in order, not overlapping
}

// DefaultHours are 08:30–12:00 and 14:00–17:30. No law sets them: they are what most offices keep
// and are meant to be replaced by the city's own.
func DefaultHours() []Hours {
	return []Hours{{Spans: []Span{{From: "08:30", To: "12:00"}, {From: "14:00", To: "17:30"}}}}
}

// opening is Hours in numbers: day numbers, and milliseconds since midnight.
type opening struct {
	from, to int
	spans    []span
	total    int64
}

type span struct{ from, to int64 }

const (
	farPast   = -1 << 40
	farFuture = 1 << 40
)

func readHours(hours []Hours) ([]*opening, error) {
	var out []*opening
	for _, h := range hours {
		o, err := readOpening(h)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].from < out[j].from })
	for i := 1; i < len(out); i++ {
		if out[i].from <= out[i-1].to {
			return nil, fmt.Errorf("calendar: two opening hours are valid on %s", dateOfDay(out[i].from))
		}
	}
	return out, nil
}

func readOpening(h Hours) (*opening, error) {
	o := &opening{from: farPast, to: farFuture}
	var err error
	if h.ValidFrom != "" {
		if o.from, err = dayNumber(h.ValidFrom); err != nil {
			return nil, err
		}
	}
	if h.ValidTo != "" {
		if o.to, err = dayNumber(h.ValidTo); err != nil {
			return nil, err
		}
	}
	if o.to < o.from {
		return nil, fmt.Errorf("calendar: opening hours end on %s before they begin on %s", h.ValidTo, h.ValidFrom)
	}
	if len(h.Spans) == 0 {
		return nil, fmt.Errorf("calendar: opening hours without a span")
	}
	last := int64(-1)
	for _, s := range h.Spans {
		from, okFrom := timeOfDay(s.From)
		to, okTo := timeOfDay(s.To)
		if !okFrom || !okTo || from >= to || from < last {
			return nil, fmt.Errorf("calendar: opening hours %.10q to %.10q are not in order", s.From, s.To)
		}
		last = to
		o.spans = append(o.spans, span{from, to})
		o.total += to - from
	}
	return o, nil
}

// timeOfDay reads HH:MM from 00:00 to 24:00 as milliseconds since midnight.
func timeOfDay(s string) (int64, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	h := int64(s[0]-'0')*10 + int64(s[1]-'0')
	m := int64(s[3]-'0')*10 + int64(s[4]-'0')
	if m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, false
	}
	return (h*60 + m) * 60_000, true
}

// openBy is the open time of a day that has gone by at an instant of it.
func (o *opening) openBy(millis int64) int64 {
	var sum int64
	for _, s := range o.spans {
		if millis <= s.from {
			break
		}
		sum += min(millis, s.to) - s.from
	}
	return sum
}

// after is the first instant of a day at which the given open time has gone by; 0 < open ≤ total.
func (o *opening) after(open int64) int64 {
	for _, s := range o.spans {
		if open <= s.to-s.from {
			return s.from + open
		}
		open -= s.to - s.from
	}
	return o.spans[len(o.spans)-1].to
}
