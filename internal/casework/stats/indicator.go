package stats

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// Measures that boards keep as figures, and three that are read from the cases as they stand: what
// should be done by now and is not.
const (
	received  casework.Counter = "received"
	closed    casework.Counter = "closed"
	onTime    casework.Counter = "on_time"
	unhandled casework.Counter = "unhandled" // still to be handled, its limit within the period and past
	unclosed  casework.Counter = "unclosed"  // likewise, at whatever stage
	silent    casework.Counter = "silent"    // likewise, and nobody has answered yet
)

// Indicator is one declared rate: the sum of some measures over the sum of others, of a period.
// Where the lower sum is 0 there is no rate. Its name, and its formula in words, are texts of the
// catalogue under its code; what it goes by, and how sure that is, the rule casework.indicator.<code>
// says.
type Indicator struct {
	Code  string
	Kind  string // of case, or "" for all
	Over  []casework.Counter
	Under []casework.Counter
}

// Received counts the cases that came in: the lower sum of what is measured of all.
const Received = received

// common are the three rates of 接诉即办 and those of GB/T 30428.4 and 好差评 that every kind of case has, in the order in
// which they are shown.
var common = []Indicator{
	{"response", "", []casework.Counter{casework.Responded}, []casework.Counter{casework.ResponseDue, silent}},
	{"resolution", "", []casework.Counter{casework.Solved}, []casework.Counter{casework.SolvedValid}},
	{"satisfaction", "", []casework.Counter{casework.Satisfied}, []casework.Counter{casework.Rated}},
	{"handling", "", []casework.Counter{casework.Handled}, []casework.Counter{casework.Handled, unhandled}},
	{"handling_on_time", "", []casework.Counter{casework.HandledTime}, []casework.Counter{casework.Handled, unhandled}},
	{"closing", "", []casework.Counter{closed}, []casework.Counter{closed, unclosed}},
	{"closing_on_time", "", []casework.Counter{onTime}, []casework.Counter{closed}},
	{"supervision", "", []casework.Counter{casework.Supervised}, []casework.Counter{received}},
	{"good", "", []casework.Counter{casework.Good}, []casework.Counter{casework.Rated}},
	{"contact", "", []casework.Counter{casework.FollowContacted}, []casework.Counter{casework.FollowUps}},
	{"rectification", "", []casework.Counter{casework.FollowRectified}, []casework.Counter{casework.FollowUps}},
	{"revisit", "", []casework.Counter{casework.FollowRevisited}, []casework.Counter{casework.FollowUps}},
}

// Indicator declares an indicator of a module's kind of case, once at start; it is shown behind the one whose code is
// after. Its name and formula are texts casework.indicator.<code>, its basis a rule of that key.
func (s *Service) Indicator(after string, i Indicator) {
	all := s.indicators()
	at := slices.IndexFunc(all, func(x Indicator) bool { return x.Code == after })
	s.declared = slices.Insert(slices.Clone(all), at+1, i)
}

// indicators are all that are declared, in the order in which they are shown.
func (s *Service) indicators() []Indicator {
	if s.declared == nil {
		return common
	}
	return s.declared
}

// Rate is an indicator's value: n of d. Value is nil when d is 0.
type Rate struct {
	N     int      `json:"n"`
	D     int      `json:"d"`
	Value *float64 `json:"value" nullable:"true" doc:"n/d; null when d is 0: nothing was due"`
}

// sums are measures by kind of case.
type sums struct {
	by    map[string]map[casework.Counter]int
	apart []string // kinds that do not count among all
}

func (s *Service) newSums() sums { return sums{map[string]map[casework.Counter]int{}, s.Cases.Apart()} }

func (s sums) add(kind string, m casework.Counter, n int) {
	if s.by[kind] == nil {
		s.by[kind] = map[casework.Counter]int{}
	}
	s.by[kind][m] += n
}

func (s sums) of(kind string, measures []casework.Counter) int {
	n := 0
	for k, have := range s.by {
		if k == kind || kind == "" && !slices.Contains(s.apart, k) {
			for _, m := range measures {
				n += have[m]
			}
		}
	}
	return n
}

func (s sums) rate(i *Indicator, kind string) Rate {
	if i.Kind != "" && kind != "" && i.Kind != kind {
		return Rate{}
	}
	if i.Kind != "" {
		kind = i.Kind
	}
	r := Rate{N: s.of(kind, i.Over), D: s.of(kind, i.Under)}
	if r.D != 0 {
		v := float64(r.N) / float64(r.D)
		r.Value = &v
	}
	return r
}

// IndicatorView is one indicator of an area and a period.
type IndicatorView struct {
	Code      string   `json:"code"`
	Basis     string   `json:"basis"`
	Certainty string   `json:"certainty" enum:"V,S,U,D" doc:"Of the formula: V read in the text, S second-hand, U not verified, D derived"`
	Kind      string   `json:"kind,omitempty" doc:"Of case; empty for all"`
	Over      []string `json:"over" doc:"Measures above the line"`
	Under     []string `json:"under" doc:"Measures below the line"`
	Rate
	Previous Rate `json:"previous" doc:"Of the period of the same length before"`
}

// AreaRates are the indicators of an area below, by code.
type AreaRates struct {
	Area  string          `json:"area"`
	Name  string          `json:"name"`
	Rates map[string]Rate `json:"rates"`
}

// IndicatorTable is every indicator of an area and a period, and of the areas below.
type IndicatorTable struct {
	Area       string          `json:"area"`
	From       string          `json:"from" doc:"First month, YYYY-MM"`
	To         string          `json:"to" doc:"Last month"`
	Indicators []IndicatorView `json:"indicators"`
	Below      []AreaRates     `json:"below"`
}

const mostMonths = 36

// Indicate computes the indicators of an area from the counters. Errors: Forbidden outside the
// actor's areas; Invalid for what is no range of at most 36 months.
func (s *Service) Indicate(ctx context.Context, area, kind, from, to string) (IndicatorTable, error) {
	if err := authority.Require(ctx, casework.PermBoard, area); err != nil {
		return IndicatorTable{}, err
	}
	first, err := time.ParseInLocation("2006-01", from, clock.City)
	last, err2 := time.ParseInLocation("2006-01", to, clock.City)
	months := (last.Year()-first.Year())*12 + int(last.Month()) - int(first.Month()) + 1
	if err != nil || err2 != nil || months < 1 || months > mostMonths {
		return IndicatorTable{}, errs.ErrInvalid.At("from", "casework.period")
	}
	now, below, err := s.sumsOf(ctx, area, first, last)
	if err != nil {
		return IndicatorTable{}, err
	}
	before, _, err := s.sumsOf(ctx, area, first.AddDate(0, -months, 0), first.AddDate(0, -1, 0))
	t := IndicatorTable{Area: area, From: from, To: to, Indicators: []IndicatorView{}, Below: []AreaRates{}}
	declared := s.indicators()
	for i := range declared {
		x := &declared[i]
		basis, _ := s.Cases.Rules.On("casework.indicator."+x.Code, clock.Day(last))
		t.Indicators = append(t.Indicators, IndicatorView{Code: x.Code, Basis: strings.TrimSpace(basis.Basis + " " + basis.Article),
			Certainty: basis.Certainty, Kind: x.Kind,
			Over: names(x.Over), Under: names(x.Under), Rate: now.rate(x, kind), Previous: before.rate(x, kind)})
	}
	for _, a := range s.Cases.Registry.Children(area) {
		if len(a.Code) > casework.CommunityDigits {
			break // grids are not counted apart
		}
		row := AreaRates{Area: a.Code, Name: a.Name, Rates: map[string]Rate{}}
		for i := range declared {
			row.Rates[declared[i].Code] = below[a.Code].rate(&declared[i], kind)
		}
		t.Below = append(t.Below, row)
	}
	return t, err
}

func names(measures []casework.Counter) []string {
	out := make([]string, len(measures))
	for i, m := range measures {
		out[i] = string(m)
	}
	return out
}

// sumsOf are the measures of an area and of those directly below it, from the first month to the
// last.
func (s *Service) sumsOf(ctx context.Context, area string, first, last time.Time) (sums, map[string]sums, error) {
	digits := len(area)
	if below := s.Cases.Registry.Children(area); len(below) > 0 {
		digits = min(len(below[0].Code), casework.CommunityDigits)
	}
	level := registry.LevelCommunity
	if digits <= casework.CountyDigits {
		level = registry.LevelCounty
	}
	whole, each := s.newSums(), map[string]sums{}
	take := func(code, kind string, m casework.Counter, n int) {
		whole.add(kind, m, n)
		if each[code].by == nil {
			each[code] = s.newSums()
		}
		each[code].add(kind, m, n)
	}
	if err := s.figureSums(ctx, area, digits, level, first, last, take); err != nil {
		return sums{}, nil, err
	}
	return whole, each, s.openSums(ctx, area, digits, first, last, take)
}

// figureSums reads both kinds of counters.
func (s *Service) figureSums(ctx context.Context, area string, digits, level int, first, last time.Time,
	take func(code, kind string, m casework.Counter, n int)) error {
	type row struct {
		code, kind string
		measure    casework.Counter
		n          int
	}
	rows, err := db.All(ctx, s.Cases.Log.DB, func(r db.Scanner) (v row, err error) {
		err = r.Scan(&v.code, &v.kind, &v.measure, &v.n)
		return v, err
	}, `SELECT substr(area, 1, $1), kind, measure, CAST(SUM(n) AS BIGINT) FROM casework_count
		WHERE level = $2 AND area >= $3 AND area < $4 AND month >= $5 AND month <= $6 GROUP BY 1, 2, 3`,
		digits, level, area, authority.PrefixEnd(area), clock.Month(first), clock.Month(last))
	if err != nil {
		return err
	}
	for _, r := range rows {
		take(r.code, r.kind, r.measure, r.n)
	}
	figures, err := listTally(ctx, s.Cases.Log.DB, level, area, digits)
	for _, f := range figures {
		if f.month < clock.Month(first) || f.month > clock.Month(last) {
			continue
		}
		for m, n := range map[casework.Counter]int{received: f.Received, closed: f.Closed, onTime: f.OnTime,
			casework.Rated: f.Rated, casework.Good: f.Good} {
			take(f.area, f.kind, m, n)
		}
	}
	return err
}

// openSums counts the open cases whose limit has run out within the period: a range of the index
// of open deadlines of the area's level.
func (s *Service) openSums(ctx context.Context, area string, digits int, first, last time.Time,
	take func(code, kind string, m casework.Counter, n int)) error {
	end := min(clock.Millis(last.AddDate(0, 1, 0)), clock.Millis(clock.Now(ctx)))
	type row struct {
		code, kind, state string
		returned, n       int
	}
	l := &casework.Args{}
	below := l.Term("substr(area, 1, %s)", digits)
	due := l.Term("open = 1 AND due_at >= %s AND due_at < %s", clock.Millis(first), end)
	rows, err := db.All(ctx, s.Cases.Log.DB, func(r db.Scanner) (v row, err error) {
		err = r.Scan(&v.code, &v.kind, &v.state, &v.returned, &v.n)
		return v, err
	}, "SELECT "+below+", kind, state, returned, COUNT(*) FROM casework_case WHERE "+due+" AND "+l.At(area, true)+" GROUP BY 1, 2, 3, 4",
		l.List...)
	for _, r := range rows {
		take(r.code, r.kind, unclosed, r.n)
		m := s.Cases.Matters[r.kind]
		if m != nil && handles(m, r.state) {
			take(r.code, r.kind, unhandled, r.n)
		}
		if m != nil && r.state == string(m.Flow.Start) && r.returned == 0 {
			take(r.code, r.kind, silent, r.n)
		}
	}
	return err
}

// handles tells whether in a state somebody is asked to handle the matter: the state is one that
// work is done in or leads to, before it is counted as handled.
func handles(m *casework.Matter, state string) bool {
	for _, t := range m.Flow.Transitions {
		counts := false
		for _, n := range m.Counts[t.Verb] {
			counts = counts || n == casework.Handled
		}
		for _, from := range t.From {
			if string(from) == state && (counts || t.Works) {
				return true
			}
		}
	}
	return false
}

// Declared are the codes of all indicators, in the order in which they are shown.
func (s *Service) Declared() []string {
	var out []string
	for _, i := range s.indicators() {
		out = append(out, i.Code)
	}
	return out
}
