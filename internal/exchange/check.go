package exchange

import (
	"slices"
	"strings"
)

// What the check says of a field.
const (
	statusHeld = "held" // Linli holds it: it is filled in, never asked
	statusNew  = "new"  // it is asked
	statusSelf = "self" // the platform keeps it with each answer, or it is a remark: it counts for nothing
)

// Verdicts of the check.
const (
	verdictAccepted = "accepted"
	verdictRefused  = "refused"
)

// Finding is what the check says of one field.
type Finding struct {
	Field      int    // index
	Status     string // held, new or self
	Match      Match  // of what is held, or the nearest; Match.Element is nil where nothing is like it
	Shared     bool   // another department has it: it is to be asked of that department
	Contested  bool   // the designer says why it is not what it was taken for
	NeedReason bool   // new, and not said why it is needed
}

// Likeness is a running form that asks for much of the same.
type Likeness struct {
	Form  *Form
	Same  int // fields of the new form that it asks, too
	Share int // of the fields that count, in percent
}

// Refusal is one ground on which a form is refused, by the key of its sentence and its rules.
type Refusal struct {
	Key   string
	Rules []string
	Form  *Form // that runs already; nil for other grounds
}

// Report is what the check found.
type Report struct {
	Fields   []Finding
	Wanted   int // fields that count
	Held     int
	Asked    int // fields that communities are asked: Wanted − Held
	Reuse    int // Held ÷ Wanted in percent, rounded down: 100 only when all are held
	Alike    []Likeness
	Refusals []Refusal
}

// Verdict is whether the form may be sent as a collection.
func (r *Report) Verdict() string {
	if len(r.Refusals) > 0 {
		return verdictRefused
	}
	return verdictAccepted
}

// Limits of the check, in percent, from the rules of the day.
type Limits struct {
	Held int // confidence from which a field counts as held
	Same int // share of fields from which a running form is the same or nearly the same
}

// Check compares every field of a form with the elements, and the form with those that run. Form and running forms are
// read only.
func (m *Matcher) Check(f *Content, running []Form, limits Limits) Report {
	r := Report{Fields: make([]Finding, len(f.Fields))}
	readings := m.readAll(f.Fields)
	for i := range f.Fields {
		r.Fields[i] = m.finding(i, &f.Fields[i], &readings[i], limits)
		switch r.Fields[i].Status {
		case statusHeld:
			r.Held++
			r.Wanted++
		case statusNew:
			r.Asked++
			r.Wanted++
		}
	}
	if r.Wanted > 0 {
		r.Reuse = r.Held * 100 / r.Wanted
	}
	if r.Wanted > 0 && r.Held == r.Wanted {
		r.Refusals = append(r.Refusals, Refusal{Key: "exchange.form.all_held", Rules: []string{ruleCollect, ruleProvide}})
	}
	if r.Wanted == 0 {
		r.Refusals = append(r.Refusals, Refusal{Key: "exchange.form.nothing_wanted", Rules: []string{ruleCollect}})
	}
	r.alike(m, f, readings, running, limits)
	return r
}

// readAll reads the labels in order: a telephone number after the secretary's name is the secretary's.
func (m *Matcher) readAll(fields []Field) []reading {
	out := make([]reading, len(fields))
	before := ""
	for i := range fields {
		out[i] = m.read(&fields[i], before)
		before = out[i].who
	}
	return out
}

func (m *Matcher) finding(i int, f *Field, r *reading, limits Limits) Finding {
	out := Finding{Field: i, Status: statusNew}
	if r.self && f.Element == "" {
		out.Status = statusSelf
		return out
	}
	match, ok := m.find(f, r)
	if ok {
		out.Match = match
	}
	sure := ok && match.Confidence >= limits.Held
	contested := strings.TrimSpace(f.Differs) != "" && match.Confidence < confidences[byName]
	switch {
	case sure && match.Bound && !contested:
		out.Status = statusHeld
	case sure && match.Bound:
		out.Contested = true
	case sure:
		out.Shared = match.Element.Sharing != NotShared
	}
	out.NeedReason = out.Status == statusNew && strings.TrimSpace(f.Reason) == ""
	return out
}

// alike compares the form with those that run, the most alike first.
func (r *Report) alike(m *Matcher, f *Content, readings []reading, running []Form, limits Limits) {
	for n := range running {
		other := &running[n]
		theirs := m.readAll(other.Fields)
		same := 0
		for i := range f.Fields {
			if r.Fields[i].Status != statusSelf && slices.ContainsFunc(indexes(other.Fields), func(j int) bool {
				return sameQuestion(&f.Fields[i], &other.Fields[j], &readings[i], &theirs[j]) >= limits.Held ||
					r.sameElement(m, i, &other.Fields[j], &theirs[j], limits)
			}) {
				same++
			}
		}
		if r.Wanted > 0 && same > 0 {
			r.Alike = append(r.Alike, Likeness{Form: other, Same: same, Share: same * 100 / r.Wanted})
		}
	}
	slices.SortStableFunc(r.Alike, func(a, b Likeness) int { return b.Share - a.Share })
	for _, a := range r.Alike {
		if a.Share >= limits.Same && strings.TrimSpace(f.Duplicate) == "" {
			r.Refusals = append(r.Refusals, Refusal{Key: "exchange.form.duplicate", Rules: []string{ruleDuplicate, ruleCollect}, Form: a.Form})
		}
	}
}

// sameElement tells whether a field of another form asks for the element that field i was found to ask for.
func (r *Report) sameElement(m *Matcher, i int, other *Field, theirs *reading, limits Limits) bool {
	mine := r.Fields[i].Match
	if mine.Element == nil || mine.Confidence < limits.Held || r.Fields[i].Contested {
		return false
	}
	match, ok := m.find(other, theirs)
	return ok && match.Confidence >= limits.Held && match.Element.Code == mine.Element.Code
}

func indexes(fields []Field) []int {
	out := make([]int, len(fields))
	for i := range out {
		out[i] = i
	}
	return out
}

// Unreasoned is the number of new fields of which nobody has said why they are needed.
func (r *Report) Unreasoned() int {
	n := 0
	for _, f := range r.Fields {
		if f.NeedReason {
			n++
		}
	}
	return n
}
