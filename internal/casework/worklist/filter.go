package worklist

import (
	"strconv"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

// Filter narrows a list. Zero values do not narrow.
type Filter struct {
	View    View
	Kind    string
	State   string
	Subject string // code of a service item or a category
	Area    string
	Unit    string // id of a body
	Handler string // id of an account
	Channel string
	From    *int64 // reported at or after
	To      *int64 // reported before
	Overdue bool
	Low     bool   // rated 2 or 1; among the areas whose figures the reader sees
	Number  string // beginning of a case number
	Tail    string // the last five digits of one
	Words   string // that all stand in it
	Cursor  string
	Limit   int // 1…100, 20 when zero
}

// Words or a number: what is typed into one box.
func (f *Filter) ask(q string) {
	q = fold.Code(q)
	if f.Number, f.Tail = casework.AskedNumber(q); f.Number+f.Tail == "" {
		f.Words = q
	}
}

// isLoose tells whether something is asked for that no index of the order answers.
func (f *Filter) isLoose() bool {
	return f.Kind+f.State+f.Subject+f.Unit+f.Handler+f.Channel != "" || f.Overdue || f.Low
}

// days bounds to the days from first to last, YYYY-MM-DD; either may be "". Error: Invalid.
func (f *Filter) days(first, last string) error {
	for _, d := range []struct {
		name, day string
		add       int
		to        **int64
	}{{"from", first, 0, &f.From}, {"to", last, 1, &f.To}} {
		if d.day == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, fold.KeepDay(d.day), clock.City)
		if err != nil {
			return errs.ErrInvalid.At(d.name, "field.date")
		}
		bound := clock.Millis(at.AddDate(0, 0, d.add))
		*d.to = &bound
	}
	if f.From != nil && f.To != nil && *f.To <= *f.From {
		return errs.ErrInvalid.At("to", "field.day_order")
	}
	return nil
}

// areas are those within the filter's that the actor oversees, and in which they have cases of
// their own unit.
func (f *Filter) areas(a *authority.Actor) (overseen, own []string) {
	overseen = authority.Narrow(a.Scope(casework.PermRead), f.Area)
	own = authority.Narrow(a.Scope(casework.PermReadOwn), f.Area)
	if f.Low { // who may not see a rating does not learn of it by a filter either
		overseen, own = both(overseen, a.Scope(casework.PermBoard)), both(own, a.Scope(casework.PermBoard))
	}
	return overseen, own
}

// both are the areas that lie in one of each list.
func both(x, y []string) []string {
	var out []string
	for _, area := range x {
		out = append(out, authority.Narrow(y, area)...)
	}
	return authority.Outermost(out)
}

// since is the first instant asked for as marks of the index have it: from 1970 on.
func (f *Filter) since() int64 {
	if f.From == nil {
		return 0
	}
	return max(0, *f.From)
}

// narrow adds what the filter asks for beside the view. Days bound the order where it is that of
// reporting; the rest is loose.
func (l *listing) narrow(f Filter, now time.Time) {
	loose := func(format string, args ...any) { l.loose = append(l.loose, l.Term(format, args...)) }
	for _, asked := range []struct{ column, value string }{{"kind", f.Kind}, {"state", f.State}, {"subject", f.Subject}, {"unit_id", f.Unit},
		{"handler_id", f.Handler}, {"channel", f.Channel}} {
		if asked.value != "" {
			loose(asked.column+" = %s", asked.value)
		}
	}
	add := loose
	if !l.up {
		add = l.add
	}
	if f.From != nil {
		add(l.time()+" >= %s", *f.From)
	}
	if f.To != nil {
		add(l.time()+" < %s", *f.To)
	}
	if f.Overdue {
		loose("open = 1 AND due_at < %s", clock.Millis(now))
	}
	if f.Low {
		l.loose = append(l.loose, "rating <= "+strconv.Itoa(casework.RatingLow))
	}
}

// time is the instant of reporting as the leading index has it.
func (l *listing) time() string {
	if l.key == byUnitTime {
		return byUnitTime
	}
	return byTime
}

// indexed tells whether the words that are kept of a case answer the filter, and the order of the
// view is theirs.
func (f *Filter) indexed() bool {
	return f.Words != "" || f.View == ViewAll && (f.Subject != "" || f.Unit != "" || f.Channel != "" || f.Low)
}
