package threshold

import (
	"slices"
	"strings"
	"time"

	"linli/internal/platform/errs"
)

// Question asks whether counts suffice.
type Question struct {
	Matter string // one of Matters
	Kind   string // one of Kinds
	Mode   string // one of Modes
	On     string // day of the decision, YYYY-MM-DD: the law in force on it applies
	Local  string // province whose rules the city follows, one of Locals; "" for national law alone
	Counts Counts
}

// Counts are the numbers of a question; nil where one is not known. Each is between 0 and MaxCount.
type Counts struct {
	Entitled *int
	Present  *int
	Cast     *int
	Yes      *int
}

// MaxCount bounds every count.
const MaxCount = 100_000_000

// Decision is the answer.
type Decision struct {
	Passes    bool
	Short     []Shortfall // counts that do not suffice, the precondition's first; empty where Passes
	Rule      string      // key of the row that decided
	Law       string
	Article   string
	Certainty string // V read in the text of the law, S second-hand, U not verified, D derived
}

// Shortfall is one count that does not suffice: at least Need was needed (at most, where Most).
type Shortfall struct {
	Count   Count
	Have    int
	Need    int
	Most    bool
	Rule    string // row that demands it
	Law     string
	Article string
}

// Refusals of a question that cannot be answered. They are compared with errors.Is.
var (
	ErrMatter   = errs.New(errs.Invalid, "threshold.matter")   // no law counts such a matter
	ErrKind     = errs.New(errs.Invalid, "threshold.kind")     // neither residents nor villagers
	ErrMode     = errs.New(errs.Invalid, "threshold.mode")     // no such mode
	ErrDay      = errs.New(errs.Invalid, "threshold.day")      // no day of the calendar
	ErrLocal    = errs.New(errs.Invalid, "threshold.local")    // no such province
	ErrNone     = errs.New(errs.Invalid, "threshold.none")     // the law of that day has no number for this kind
	ErrBarred   = errs.New(errs.Invalid, "threshold.barred")   // the law does not allow this mode; Rule and the article say why
	ErrMissing  = errs.New(errs.Invalid, "threshold.missing")  // a count that the rule compares is not given
	ErrContrary = errs.New(errs.Invalid, "threshold.contrary") // counts that cannot be true together
)

// preconditions are the matters that must hold first. They are judged where their counts are given.
var preconditions = map[string]string{
	"election.elected": "election.valid", "runoff.elected": "runoff.valid", "recall.passed": "recall.valid",
	"assembly.passed": "assembly.quorum", "representatives.passed": "representatives.quorum", "group.passed": "group.quorum",
	"committee.passed": "committee.quorum", "party.passed": "party.quorum",
}

// requests are matters in which only those count who ask: how many they are may be given as yes, present or cast.
var requests = []string{"recall.request", "assembly.call", "representatives.call", "audit.request", "disclosure.request", "nomination.joint"}

// free are matters whose yes may be more than entitled.
var free = []string{"nomination.candidates", "proxy.limit", "nomination.joint"}

// Decide answers whether counts suffice by the law in force on the day. A precondition (quorum, validity) is judged with it where its
// counts are given; a base of 0 never suffices. It returns one of the refusals above where it cannot answer.
func Decide(q Question) (Decision, error) {
	s, err := find(q)
	if err != nil {
		return Decision{}, err
	}
	counts := q.Counts.byName()
	if slices.Contains(requests, q.Matter) && q.Counts.Yes == nil {
		for _, other := range []Count{Present, Cast} {
			if n, ok := counts[other]; ok {
				counts[Yes] = n
				break
			}
		}
	}
	for _, name := range []Count{s.Count, s.Base} {
		if _, ok := counts[name]; name != "" && !ok {
			return Decision{}, ErrMissing.By(s.Key).With("count", errs.Key("threshold.count."+string(name)), "flag", string(name))
		}
	}
	if err := contrary(q.Matter, counts); err != nil {
		return Decision{}, err
	}
	d := Decision{Rule: s.Key, Law: s.Basis, Article: s.Article, Certainty: s.Certainty}
	if first, ok := ShareOf(preconditions[q.Matter], q.Kind, q.Mode, q.Local, q.On); ok {
		d.Short = short(&first, counts)
	}
	d.Short = append(d.Short, short(&s, counts)...)
	d.Passes = len(d.Short) == 0
	return d, nil
}

// short is what a rule finds too few (or too many), where both of its counts are known.
func short(s *Share, counts map[Count]int) []Shortfall {
	have, ok := counts[s.Count]
	base, known := counts[s.Base]
	if s.Barred || !ok || s.Base != "" && !known || s.Holds(have, base) {
		return nil
	}
	return []Shortfall{{Count: s.Count, Have: have, Need: s.Need(base), Most: s.Op == "<=", Rule: s.Key, Law: s.Basis, Article: s.Article}}
}

// find is the row that answers a question.
func find(q Question) (Share, error) {
	switch {
	case !slices.Contains(Kinds, q.Kind):
		return Share{}, ErrKind
	case !slices.Contains(Modes, q.Mode):
		return Share{}, ErrMode
	case q.Local != "" && !slices.Contains(Locals, q.Local):
		return Share{}, ErrLocal
	case !slices.Contains(Matters(), q.Matter):
		return Share{}, ErrMatter.With("matters", strings.Join(Matters(), ", "))
	}
	if day, err := time.Parse(time.DateOnly, q.On); err != nil || day.Year() < 1 {
		return Share{}, ErrDay
	}
	if s, ok := ShareOf(q.Matter, q.Kind, q.Mode, q.Local, q.On); ok {
		if s.Barred {
			return Share{}, ErrBarred.By(s.Key).With("basis", s.Basis, "article", s.Article)
		}
		return s, nil
	}
	for _, s := range Shares(q.Kind, q.Local, q.On) { // another mode of the same matter
		if s.Matter == q.Matter && !s.Barred {
			return Share{}, ErrBarred.By(s.Key).With("basis", s.Basis, "article", s.Article)
		}
	}
	return Share{}, ErrNone.With("day", q.On)
}

func (c Counts) byName() map[Count]int {
	out := map[Count]int{}
	for name, n := range map[Count]*int{Entitled: c.Entitled, Present: c.Present, Cast: c.Cast, Yes: c.Yes} {
		if n != nil {
			out[name] = *n
		}
	}
	return out
}

// within are pairs of counts of which the first is a part of the second.
var within = [][2]Count{{Present, Entitled}, {Cast, Entitled}, {Yes, Entitled}, {Yes, Present}, {Yes, Cast}}

// contrary refuses counts that cannot be true together. Ballots may be more than those present: proxies.
func contrary(matter string, counts map[Count]int) error {
	for _, name := range []Count{Entitled, Present, Cast, Yes} {
		if n, ok := counts[name]; ok && (n < 0 || n > MaxCount) {
			return ErrContrary.With("first", errs.Key("threshold.count."+string(name)), "second", errs.Key("threshold.count.bounds"))
		}
	}
	if n, ok := counts[Entitled]; ok && n == 0 {
		return ErrContrary.With("first", errs.Key("threshold.count.entitled"), "second", errs.Key("threshold.count.bounds"))
	}
	if slices.Contains(free, matter) {
		return nil
	}
	for _, pair := range within {
		part, ok := counts[pair[0]]
		whole, known := counts[pair[1]]
		if pair == [2]Count{Yes, Present} && elective(matter) { // a vote may be given by a proxy or at a box
			continue
		}
		if ok && known && part > whole {
			return ErrContrary.With("first", errs.Key("threshold.count."+string(pair[0])), "second", errs.Key("threshold.count."+string(pair[1])))
		}
	}
	return nil
}

// elective tells whether a matter is decided by ballots, not by those present.
func elective(matter string) bool {
	return strings.HasPrefix(matter, "election.") || strings.HasPrefix(matter, "runoff.") || strings.HasPrefix(matter, "recall.") ||
		strings.HasPrefix(matter, "primary.")
}
