// Package election keeps elections of residents' and villagers' committees from the election committee to the handover: who is on the
// roll, who stands, which checks were made, who votes for whom, and what follows from the count. The ballots themselves are kept by the
// room ballot. Once the result stands, members and terms are written into the register.
//
// Tables (sharded): council_election, council_election_event. Lifecycle: council.election.
package election

import (
	"fmt"
	"slices"

	"linli/internal/council/bundle"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Kinds of elections.
const (
	Term       = "term"       // 换届选举: the whole committee
	Byelection = "byelection" // 补选: vacant seats for the rest of the term
)

// Posts that are filled, highest first; the ballot asks in this order.
var posts = []string{"director", "deputy_director", "member"}

// Seat is a post with how many are elected to it.
type Seat struct {
	Post  string `json:"post" enum:"director,deputy_director,member"`
	Seats int    `json:"seats" minimum:"0" maximum:"9"`
}

// Organiser is a member of the election committee.
type Organiser struct {
	Name string `json:"name" maxLength:"50"`
	Post string `json:"post" enum:"director,deputy_director,member"`
}

// Bar is a ground on which nobody may stand.
type Bar string

// Bars are those of article 18 of both laws.
var Bars = []Bar{"expelled", "sentenced", "gang", "cult"}

// Candidate is somebody who was nominated for a post.
type Candidate struct {
	ID        string  `json:"id"`
	Post      string  `json:"post" enum:"director,deputy_director,member"`
	Number    int     `json:"number" doc:"On the roll"`
	Name      string  `json:"name"`
	Woman     bool    `json:"woman"`
	By        string  `json:"by" enum:"party,voters" doc:"Who nominates: the Party branch, or voters"`
	Voters    []int   `json:"voters" doc:"Numbers on the roll of who nominate"`
	State     string  `json:"state" enum:"nominated,cleared,barred,withdrawn"`
	Checks    []Check `json:"checks"`
	Nominated string  `json:"nominated" doc:"Day"`
}

// Check is one ground that was looked into.
type Check struct {
	Bar    Bar    `json:"bar" enum:"expelled,sentenced,gang,cult"`
	Found  bool   `json:"found" doc:"The ground exists: may not stand"`
	Source string `json:"source" minLength:"1" maxLength:"100" doc:"Which office answered, with date or number"`
	By     string `json:"by,omitempty"`
	On     string `json:"on,omitempty"`
}

// Objection is one against the posted roll.
type Objection struct {
	ID      string `json:"id"`
	On      string `json:"on"`
	Text    string `json:"text"`
	Due     string `json:"due" doc:"Last day of the decision"`
	Decided string `json:"decided"`
	Upheld  bool   `json:"upheld"`
	Answer  string `json:"answer"`
}

// Plan is what an election is about.
type Plan struct {
	Kind       string        `json:"kind" enum:"term,byelection"`
	Mode       bundle.Mode   `json:"mode" enum:"voters,households,representatives"`
	Day        string        `json:"day" maxLength:"10" doc:"Polling day"`
	Online     bool          `json:"online" doc:"Ballots may also be given on the portal"`
	WomanSeat  bool          `json:"womanSeat" doc:"Where no woman is elected, a seat of a member is kept for one"`
	TermTo     string        `json:"termTo" maxLength:"10" doc:"Last day of the term, of a by-election; that of a new term follows from the law"`
	Seats      []Seat        `json:"seats" minItems:"1" maxItems:"3"`
	ChosenBy   string        `json:"chosenBy" enum:"assembly,representatives,groups" doc:"Who chose the election committee"`
	ChosenOn   string        `json:"chosenOn" maxLength:"10"`
	Committee  []Organiser   `json:"committee" maxItems:"11"`
	Boxes      []bundle.Box  `json:"boxes" maxItems:"20"`
	Candidates []Candidate   `json:"candidates"`
	Objections []Objection   `json:"objections"`
	Elected    []Elected     `json:"elected"`
	Round      int           `json:"round" doc:"1 for the first vote, 2 for a run-off"`
	Dropped    []DroppedSeat `json:"dropped"`
}

// Elected is somebody who has got a post.
type Elected struct {
	Post  string `json:"post"`
	Name  string `json:"name"`
	Woman bool   `json:"woman"`
	Yes   int    `json:"yes"`
	Round int    `json:"round"`
}

// DroppedSeat is somebody who had the votes and takes no seat.
type DroppedSeat struct {
	Name   string `json:"name" maxLength:"50"`
	Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"Near relative of another elected member, not eligible, declines"`
}

// Election is one election of a community.
type Election struct {
	ID      string     `json:"id"`
	Area    string     `json:"area"`
	Law     string     `json:"law" enum:"residents,villagers"`
	State   flow.State `json:"state" enum:"draft,posted,ready,polling,counting,announced,concluded,done,void,abandoned"`
	Plan    Plan       `json:"plan"`
	Poll    string     `json:"poll" doc:"Id of the present vote"`
	Due     string     `json:"due" doc:"Last day of the handover; empty before"`
	Version int64      `json:"version"`

	shard, today string
	valid        bool // of the present vote's result
}

const subject = "council.election"

func (p *Plan) seats() (n int) {
	for _, s := range p.Seats {
		n += s.Seats
	}
	return n
}

// tidy folds what was typed.
func (p *Plan) tidy() {
	p.Day, p.TermTo, p.ChosenOn = fold.KeepDay(p.Day), fold.KeepDay(p.TermTo), fold.KeepDay(p.ChosenOn)
	for i := range p.Committee {
		p.Committee[i].Name = fold.Line(p.Committee[i].Name)
	}
	for i := range p.Boxes {
		p.Boxes[i].ID, p.Boxes[i].Name, p.Boxes[i].Issued = fmt.Sprint(i+1), fold.Line(p.Boxes[i].Name), 0
	}
	for _, list := range []any{&p.Committee, &p.Boxes, &p.Candidates, &p.Objections, &p.Elected, &p.Dropped} {
		notNil(list)
	}
	slices.SortStableFunc(p.Seats, func(a, b Seat) int { return slices.Index(posts, a.Post) - slices.Index(posts, b.Post) })
	p.Seats = slices.DeleteFunc(p.Seats, func(s Seat) bool { return s.Seats == 0 })
}

func notNil(list any) {
	switch l := list.(type) {
	case *[]Organiser:
		*l = append([]Organiser{}, *l...)
	case *[]bundle.Box:
		*l = append([]bundle.Box{}, *l...)
	case *[]Candidate:
		*l = append([]Candidate{}, *l...)
	case *[]Objection:
		*l = append([]Objection{}, *l...)
	case *[]Elected:
		*l = append([]Elected{}, *l...)
	case *[]DroppedSeat:
		*l = append([]DroppedSeat{}, *l...)
	}
}

// check refuses a plan that the law of its day does not allow, field by field: number of members, mode by kind of community, election
// committee, and days.
func (e *Election) check() error {
	p, refused := &e.Plan, errs.ErrInvalid
	if _, ok := fold.Day(p.Day); !ok {
		return refused.At("plan.day", "field.date")
	}
	if f, ok := threshold.FigureOf("members", e.Law, "", p.Day); ok && (p.seats() > f.Max || p.Kind == Term && p.seats() < f.Min) {
		refused = refused.At("plan.seats", "council.election.seats", "min", f.Min, "max", f.Max).By(f.Key)
	}
	for i, s := range p.Seats {
		if i > 0 && p.Seats[i-1].Post == s.Post || s.Post == "director" && s.Seats > 1 {
			refused = refused.At("plan.seats", "council.election.posts")
		}
	}
	if s, ok := threshold.ShareOf("election.valid", e.Law, string(p.Mode), "", p.Day); !ok || s.Barred {
		key := "threshold." + e.Law + ".election.valid." + string(p.Mode)
		refused = refused.At("plan.mode", "council.election.mode").By(key)
	}
	if n := len(p.Committee); n < 3 || n > 9 {
		refused = refused.At("plan.committee", "council.election.committee", "min", 3, "max", 9).By("council." + e.Law + ".election.committee")
	}
	for i, o := range p.Committee {
		if o.Name == "" || !fold.Within(o.Name, 50) {
			refused = refused.At(fmt.Sprintf("plan.committee[%d].name", i), "field.required")
		}
	}
	if _, ok := fold.Day(p.ChosenOn); !ok {
		refused = refused.At("plan.chosenOn", "field.date")
	}
	if p.ChosenBy == "groups" && e.Law == threshold.Residents {
		refused = refused.At("plan.chosenBy", "council.election.chosen").By("council.residents.election.committee")
	}
	if _, ok := fold.Day(p.TermTo); p.Kind == Byelection && !ok {
		refused = refused.At("plan.termTo", "field.date")
	}
	for i, b := range p.Boxes {
		if b.Name == "" || !fold.Within(b.Name, 50) {
			refused = refused.At(fmt.Sprintf("plan.boxes[%d].name", i), "field.required")
		}
	}
	if len(p.Boxes) == 0 {
		refused = refused.At("plan.boxes", "council.election.boxes").By("council." + e.Law + ".election.booth")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// standing are the candidates for a post who may stand.
func (p *Plan) standing(post string) (out []Candidate) {
	for _, c := range p.Candidates {
		if c.Post == post && c.State == "cleared" {
			out = append(out, c)
		}
	}
	return out
}

// final refuses candidates that are not final: one not yet checked, a member of the election committee, as many as seats or fewer.
func (e *Election) final() error {
	p := &e.Plan
	for _, c := range p.Candidates {
		if c.State == "nominated" {
			return errs.New(errs.Conflict, "council.election.unchecked").With("name", c.Name).By("council." + e.Law + ".election.bars")
		}
		if c.State == "cleared" && slices.ContainsFunc(p.Committee, func(o Organiser) bool { return o.Name == c.Name }) {
			return errs.New(errs.Conflict, "council.election.organiser").With("name", c.Name).By("council." + e.Law + ".election.leaves")
		}
	}
	for _, s := range p.Seats {
		n := len(p.standing(s.Post))
		seats := s.Seats
		d, err := threshold.Decide(threshold.Question{Matter: "nomination.candidates", Kind: e.Law, Mode: string(p.Mode), On: p.Day,
			Counts: threshold.Counts{Entitled: &seats, Yes: &n}})
		if err != nil {
			return err
		}
		if !d.Passes {
			return errs.New(errs.Conflict, "council.election.candidates").With("post", errs.Key("registry.post."+s.Post), "seats", s.Seats,
				"candidates", n).By(d.Rule)
		}
	}
	return nil
}

// paper is the ballot paper of the first vote.
func (e *Election) paper(word func(post string) string) bundle.Paper {
	out := bundle.Paper{Questions: []bundle.Question{}}
	for _, s := range e.Plan.Seats {
		q := bundle.Question{ID: s.Post, Title: word(s.Post), Seats: s.Seats, WriteIn: true, Options: []bundle.Option{}}
		for _, c := range e.Plan.standing(s.Post) {
			q.Options = append(q.Options, bundle.Option{ID: c.ID, Name: c.Name, Woman: c.Woman})
		}
		out.Questions = append(out.Questions, q)
	}
	if last := e.Plan.Seats[len(e.Plan.Seats)-1]; e.Plan.WomanSeat && last.Post == "member" {
		out.Woman = last.Post
	}
	return out
}

// again is the ballot paper of a run-off for what a vote has left open: those with most votes who were not elected, one more than seats
// where there are as many. Where a seat is kept for a woman, women alone stand for it.
func again(p *bundle.Poll, s *bundle.Snapshot) bundle.Paper {
	out := bundle.Paper{Questions: []bundle.Question{}}
	for i, q := range s.Questions {
		if q.Open == 0 {
			continue
		}
		of := p.Questions[i]
		rest := slices.DeleteFunc(slices.Clone(q.Options), func(o bundle.OptionOutcome) bool {
			return o.Result == bundle.Elected || q.WomanOpen && q.Open == 1 && !woman(&of, o.ID)
		})
		slices.SortStableFunc(rest, func(a, b bundle.OptionOutcome) int { return b.Yes - a.Yes })
		next := bundle.Question{ID: of.ID, Title: of.Title, Seats: q.Open, Options: []bundle.Option{}}
		for k, o := range rest {
			if k > q.Open && o.Yes < rest[q.Open].Yes {
				break
			}
			next.Options = append(next.Options, bundle.Option{ID: o.ID, Name: o.Name, Woman: woman(&of, o.ID)})
		}
		if len(next.Options) > 0 {
			out.Questions = append(out.Questions, next)
		}
	}
	return out
}

func woman(q *bundle.Question, option string) bool {
	return slices.ContainsFunc(q.Options, func(o bundle.Option) bool { return o.ID == option && o.Woman })
}

// take keeps who was elected by a vote.
func (p *Plan) take(poll *bundle.Poll, s *bundle.Snapshot) {
	for i, q := range s.Questions {
		for _, o := range q.Options {
			if o.Result == bundle.Elected {
				p.Elected = append(p.Elected, Elected{Post: q.ID, Name: o.Name, Woman: woman(&poll.Questions[i], o.ID), Yes: o.Yes, Round: p.Round})
			}
		}
	}
}

// open is how many seats nobody has got.
func (p *Plan) open() int { return p.seats() - len(p.Elected) }

// seated are those elected who take their seats.
func (p *Plan) seated() []Elected {
	return slices.DeleteFunc(slices.Clone(p.Elected), func(x Elected) bool {
		return slices.ContainsFunc(p.Dropped, func(d DroppedSeat) bool { return d.Name == x.Name })
	})
}

// bodyOf is the body that an election fills.
const bodyOf = registry.BodyCommittee
