package bundle

import (
	"cmp"
	"slices"
	"strings"
)

// valid tells whether a ballot counts for a question: not more than its seats are chosen.
func (q *Question) valid(marks string, written []string) bool {
	return strings.Count(marks, "y")+len(written) <= q.Seats
}

// WellFormed tells whether a ballot answers exactly the questions and options of the poll. It may still be invalid for a question.
func (p *Poll) WellFormed(b *Ballot) bool {
	if len(b.Marks) != len(p.Questions) || b.Written != nil && len(b.Written) != len(p.Questions) {
		return false
	}
	for i := range p.Questions {
		q, marks := &p.Questions[i], b.Marks[i]
		if len(marks) != len(q.Options) || strings.Trim(marks, "yna") != "" {
			return false
		}
		if w := b.written(i); len(w) > 0 && (!q.WriteIn || len(w) > q.Seats+1 || !slices.IsSorted(w) || slices.Contains(w, "")) {
			return false
		}
	}
	return true
}

func (b *Ballot) written(question int) []string {
	if b.Written == nil {
		return nil
	}
	return b.Written[question]
}

// Tally adds online ballots and the counts of boxes, question by question. Results are empty: see Outcome.
func (p *Poll) Tally(ballots []Ballot, counts []Count) []QuestionOutcome {
	out := make([]QuestionOutcome, len(p.Questions))
	written := make([]map[string]int, len(p.Questions))
	for i := range p.Questions {
		q := &p.Questions[i]
		out[i] = QuestionOutcome{ID: q.ID, Options: make([]OptionOutcome, len(q.Options))}
		written[i] = map[string]int{}
		for k, o := range q.Options {
			out[i].Options[k] = OptionOutcome{ID: o.ID, Name: o.Name}
		}
	}
	for b := range ballots {
		p.add(out, written, &ballots[b])
	}
	for c := range counts {
		p.addCount(out, written, &counts[c])
	}
	for i := range out {
		var names []OptionOutcome
		for name, yes := range written[i] {
			names = append(names, OptionOutcome{ID: "w:" + name, Name: name, Yes: yes})
		}
		slices.SortFunc(names, func(a, b OptionOutcome) int { return cmp.Or(cmp.Compare(b.Yes, a.Yes), strings.Compare(a.ID, b.ID)) })
		out[i].Options = append(out[i].Options, names...)
	}
	return out
}

func (p *Poll) add(out []QuestionOutcome, written []map[string]int, b *Ballot) {
	for i := range p.Questions {
		if !p.Questions[i].valid(b.Marks[i], b.written(i)) {
			out[i].Invalid++
			continue
		}
		out[i].Valid++
		for k := range b.Marks[i] {
			o := &out[i].Options[k]
			switch b.Marks[i][k] {
			case 'y':
				o.Yes++
			case 'n':
				o.No++
			default:
				o.Abstain++
			}
		}
		for _, name := range b.written(i) {
			written[i][name]++
		}
	}
}

func (p *Poll) addCount(out []QuestionOutcome, written []map[string]int, c *Count) {
	for i := range c.Questions {
		q := &c.Questions[i]
		out[i].Valid += q.Valid
		out[i].Invalid += q.Invalid
		for k, o := range q.Options {
			out[i].Options[k].Yes += o.Yes
			out[i].Options[k].No += o.No
			out[i].Options[k].Abstain += o.Abstain
		}
		for _, w := range q.Written {
			written[i][w.Name] += w.Yes
		}
	}
}

// Fault is what is wrong with a count, or "".
func (p *Poll) Fault(c *Count) string {
	if c.Found < 0 || len(c.Questions) != len(p.Questions) {
		return "form"
	}
	for i := range c.Questions {
		q, of := &c.Questions[i], &p.Questions[i]
		if q.ID != of.ID || q.Valid < 0 || q.Invalid < 0 || len(q.Options) != len(of.Options) {
			return "form"
		}
		chosen := 0
		for k, o := range q.Options {
			if o.ID != of.Options[k].ID || o.Yes < 0 || o.No < 0 || o.Abstain < 0 {
				return "form"
			}
			if o.Yes+o.No+o.Abstain != q.Valid {
				return "sum"
			}
			chosen += o.Yes
		}
		last := ""
		for _, w := range q.Written {
			if !of.WriteIn || w.Name <= last || w.Yes < 1 || w.Yes > q.Valid {
				return "written"
			}
			last = w.Name
			chosen += w.Yes
		}
		if chosen > of.Seats*q.Valid {
			return "seats"
		}
	}
	for i := range c.Questions { // every paper ballot is counted once for every question
		if c.Questions[i].Valid+c.Questions[i].Invalid != c.Questions[0].Valid+c.Questions[0].Invalid {
			return "questions"
		}
	}
	return ""
}

// Counted is how many ballots a count has counted.
func (c *Count) Counted() int {
	if len(c.Questions) == 0 {
		return 0
	}
	return c.Questions[0].Valid + c.Questions[0].Invalid
}

// Decide judges a threshold of the law of the poll's day from whole numbers.
type Decide func(p *Poll, matter string, entitled, cast, yes int) Decision

// Close computes the snapshot of a poll from what was shut and the last count of each box. Excess of ballots over those handed
// out makes the vote void; so does a turnout below the threshold.
func (p *Poll) Close(entitled int, s *Shut, counts []Count, decide Decide) Snapshot {
	out := Snapshot{Entitled: entitled, Online: len(s.Ballots), Proxied: s.Proxied, Reasons: []string{}}
	for _, b := range s.Boxes {
		out.HandedOut += b.Issued
	}
	counted := []Count{}
	for i := range counts {
		c := &counts[i]
		if box := s.box(c.Box); box.Mobile && c.Found > box.Issued { // its ballots are void, and only they
			continue
		}
		out.Returned += c.Found
		counted = append(counted, *c)
	}
	out.Voted = out.Online + out.Returned
	if out.Returned > out.HandedOut {
		out.Reasons = append(out.Reasons, "excess")
	}
	valid := decide(p, p.matter("valid"), entitled, out.Voted, 0) // a meeting's vote has none: its quorum is judged by the meeting
	if valid.Matter != "" {
		out.Decisions = append(out.Decisions, valid)
		if !valid.Pass {
			out.Reasons = append(out.Reasons, "turnout")
		}
	}
	out.Valid = len(out.Reasons) == 0
	out.Questions = p.Tally(s.Ballots, counted)
	p.outcome(&out, decide)
	return out
}

func (s *Shut) box(id string) Box {
	for _, b := range s.Boxes {
		if b.ID == id {
			return b
		}
	}
	return Box{}
}

// matter is the name of a threshold of the poll's matter.
func (p *Poll) matter(what string) string {
	if what == "elected" && p.Matter != "election" && p.Matter != "runoff" {
		what = "passed"
	}
	return p.Matter + "." + what
}

// outcome judges every option and gives the seats to those with most votes among those that pass.
func (p *Poll) outcome(s *Snapshot, decide Decide) {
	womanElected := false
	for i := range s.Questions {
		q, of := &s.Questions[i], &p.Questions[i]
		passed := []*OptionOutcome{}
		for k := range q.Options {
			o := &q.Options[k]
			d := decide(p, p.matter("elected"), s.Entitled, s.Voted, o.Yes)
			d.Question, d.Option = q.ID, o.ID
			s.Decisions = append(s.Decisions, d)
			switch {
			case !s.Valid:
				o.Result = NoDecision
			case d.Pass:
				passed = append(passed, o)
			default:
				o.Result = Short
			}
		}
		q.seat(of, passed)
		for _, o := range passed {
			womanElected = womanElected || o.Result == Elected && of.woman(o.ID)
		}
		if p.Woman == of.ID && s.Valid && !womanElected && i == len(s.Questions)-1 {
			q.keepForWoman(of, passed)
		}
	}
}

func (q *Question) woman(option string) bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool { return o.ID == option && o.Woman })
}

// seat gives the seats by votes; those who tie at the last seat get none.
func (q *QuestionOutcome) seat(of *Question, passed []*OptionOutcome) {
	slices.SortStableFunc(passed, func(a, b *OptionOutcome) int { return cmp.Compare(b.Yes, a.Yes) })
	q.Open = of.Seats
	for k, o := range passed {
		switch {
		case k < of.Seats && (len(passed) <= of.Seats || o.Yes > passed[of.Seats].Yes):
			o.Result = Elected
			q.Open--
		case len(passed) > of.Seats && o.Yes == passed[of.Seats-1].Yes:
			o.Result = Tied
		default:
			o.Result = Outvoted
		}
	}
}

// keepForWoman gives a seat to the woman with most votes among those who passed, else keeps one open, where no woman is elected.
func (q *QuestionOutcome) keepForWoman(of *Question, passed []*OptionOutcome) {
	var last *OptionOutcome // elected with fewest votes
	for _, o := range passed {
		if o.Result == Elected {
			last = o
		}
	}
	for _, o := range passed {
		if !of.woman(o.ID) {
			continue
		}
		if q.Open == 0 && last != nil {
			last.Result = Outvoted
			q.Open++
		}
		o.Result = Elected
		q.Open--
		return
	}
	if q.Open == 0 && last != nil {
		last.Result = Outvoted
		q.Open = 1
	}
	q.WomanOpen = q.Open > 0
}
