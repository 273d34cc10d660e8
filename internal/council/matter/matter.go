// Package matter keeps what a community raises, deliberates, decides, carries out and answers for (议题): raised by those whom the law or
// the city lets raise it, discussed first by the Party branch, deliberated, decided by the body that it needs, announced, carried out by
// the committee, watched by the supervisory body, disclosed and appraised by residents. No step can be left out or taken in another order;
// in villages the same table has the steps of 四议两公开 besides. A decision rests on a passed vote of signed minutes (package meeting).
//
// Tables (sharded): council_matter, council_support, council_grade, council_opinion, council_matter_event, council_delegation.
// Lifecycle: council.matter.
package matter

import (
	"embed"
	"slices"
	"strings"

	"linli/internal/council"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/threshold"
)

//go:embed texts/*.json
var texts embed.FS

//go:embed rules.csv
var rules []byte

// Origins of a matter.
const (
	FromParty           = "party"           // the Party branch
	FromCommittee       = "committee"       // the residents' or villagers' committee
	FromResidents       = "residents"       // enough residents or households together
	FromRepresentatives = "representatives" // enough representatives together
	FromResident        = "resident"        // a resident's proposal that gathers supporters
	FromIncident        = "incident"        // handed up from an incident
	FromDisclosure      = "disclosure"      // handed up from a disclosure that residents asked for
)

// Ordinary is the subject of a matter that no law reserves to an assembly.
const Ordinary = "ordinary"

// Ways of a supporter, an opinion or a grade.
const (
	online = "online"
	paper  = "paper"
)

// Content is what whoever raises a matter writes.
type Content struct {
	Code  string `json:"code" maxLength:"40" doc:"What it is about: ordinary, or a subject that the law reserves"`
	Title string `json:"title" maxLength:"120"`
	Body  string `json:"body" maxLength:"4000" doc:"What is wanted and why"`
}

// Request is how many asked for a matter, and who has counted them.
type Request struct {
	Mode      string `json:"mode" enum:"voters,households,representatives"`
	Entitled  int    `json:"entitled" minimum:"1" maximum:"10000000"`
	Asked     int    `json:"asked" minimum:"1" maximum:"10000000"`
	CountedBy string `json:"countedBy" maxLength:"100" doc:"Who has counted, by post"`
	Rule      string `json:"rule,omitempty" doc:"Key of the rule that decided"`
	Citation  string `json:"citation,omitempty"`
}

// Sitting is who sits together in which form.
type Sitting struct {
	Form     string   `json:"form" enum:"council,hearing,talk" doc:"议事会, 听证会, 恳谈会"`
	Day      string   `json:"day" maxLength:"20"`
	Place    string   `json:"place" maxLength:"200"`
	Parties  []string `json:"parties" maxItems:"30" doc:"Residents and others concerned, by group"`
	Invitees []string `json:"invitees" maxItems:"30" doc:"Offices, organisations, deputies, experts"`
}

// Deliberation is one round with what came of it.
type Deliberation struct {
	Sitting
	Minutes  string `json:"minutes,omitempty"`
	Outcome  string `json:"outcome,omitempty" enum:",implement,monitor,refer,disagree"`
	Executor string `json:"executor,omitempty" doc:"Of what the committee only watches: who carries it out"`
	At       int64  `json:"at" doc:"When the outcome was entered; 0 before"`
}

// Ballot is a vote of a meeting on which something rests.
type Ballot struct {
	Meeting  string `json:"meeting" maxLength:"60"`
	Vote     string `json:"vote" maxLength:"60"`
	Number   string `json:"number,omitempty" doc:"Of the meeting"`
	Body     string `json:"body,omitempty" doc:"That has decided"`
	Day      string `json:"day,omitempty"`
	Question string `json:"question,omitempty"`
	Entitled int    `json:"entitled"`
	Present  int    `json:"present"`
	Yes      int    `json:"yes"`
	No       int    `json:"no"`
	Abstain  int    `json:"abstain"`
	Passes   bool   `json:"passes"`
	Citation string `json:"citation,omitempty"`
	Digest   string `json:"digest,omitempty" doc:"SHA-256 of the signed minutes"`
}

// Piece is a piece of the execution as it is planned. Money is in fen.
type Piece struct {
	ID      string `json:"id,omitempty" maxLength:"8" doc:"Of one that is planned already"`
	Title   string `json:"title" maxLength:"120"`
	Who     string `json:"who" maxLength:"80" doc:"Post or body that answers for it"`
	Due     string `json:"due" maxLength:"20" doc:"YYYY-MM-DD"`
	Planned int64  `json:"planned" minimum:"0" maximum:"100000000000" doc:"Fen"`
}

// PlanStep is a piece with what became of it.
type PlanStep struct {
	Piece
	Spent  int64  `json:"spent" doc:"Fen"`
	DoneAt int64  `json:"doneAt" doc:"0 before"`
	Note   string `json:"note,omitempty"`
}

// Finding is what the supervisory body objects to.
type Finding struct {
	ID       string `json:"id" maxLength:"8"`
	Text     string `json:"text" maxLength:"1000"`
	By       string `json:"by"`
	At       int64  `json:"at"`
	Due      int64  `json:"due" doc:"By when it is answered"`
	Answer   string `json:"answer,omitempty" maxLength:"1000"`
	AnswerBy string `json:"answerBy,omitempty"`
	AnswerAt int64  `json:"answerAt"`
}

// MatterCheck is a recorded answer to a question of the law that no register settles.
type MatterCheck struct {
	What   string `json:"what" enum:"relatives" doc:"Whether members of the supervisory body are members of the committee or their near relatives"`
	Result string `json:"result" enum:"clear,barred"`
	Source string `json:"source" maxLength:"500" doc:"Whom it was asked of, and when"`
	By     string `json:"by"`
	At     int64  `json:"at"`
}

// Posting is what was made public, where and when.
type Posting struct {
	Day   string `json:"day" maxLength:"20"`
	Place string `json:"place" maxLength:"200"`
	Text  string `json:"text,omitempty" maxLength:"4000"`
	At    int64  `json:"at"`
}

// Grades of an appraisal.
var grades = []string{"satisfied", "fair", "dissatisfied"}

// Record is what the steps of a matter wrote.
type Record struct {
	Request   *Request       `json:"request,omitempty"`
	Joint     string         `json:"joint,omitempty" doc:"Of a village: what branch and committee said together"`
	Rounds    []Deliberation `json:"rounds" nullable:"false"`
	Examined  *Ballot        `json:"examined,omitempty" doc:"Of a village: vote of the Party members' meeting"`
	Decision  *Ballot        `json:"decision,omitempty"`
	Announced *Posting       `json:"announced,omitempty"`
	Plan      []PlanStep     `json:"plan" nullable:"false"`
	Findings  []Finding      `json:"findings" nullable:"false"`
	Checks    []MatterCheck  `json:"checks" nullable:"false"`
	Result    *Posting       `json:"result,omitempty"`
	Grades    map[string]int `json:"grades" doc:"Residents who appraised, by grade"`
	EndReason string         `json:"endReason,omitempty"`
}

// Matter is one matter.
type Matter struct {
	Shard  string     `json:"-"`
	ID     string     `json:"id"`
	Number string     `json:"number"`
	Area   string     `json:"area"`
	Kind   string     `json:"kind" enum:"residents,villagers" doc:"Branch of law"`
	State  flow.State `json:"state" enum:"gathering,proposed,accepted,returned,consulted,deliberating,unresolved,agreed,referred,examined,decided,announced,executing,executed,supervised,disclosed,appraised,rejected,withdrawn,lapsed,dropped"`
	Origin string     `json:"origin" enum:"party,committee,residents,representatives,resident,incident,disclosure"`
	Ref    string     `json:"ref,omitempty" doc:"Number of the incident or disclosure from which it was handed up"`
	Content
	Withheld   string `json:"withheld" doc:"Why its words are not shown; empty where they are"`
	Supporters int    `json:"supporters"`
	Needed     int    `json:"needed" doc:"Supporters that a resident's proposal needs; 0 for others"`
	Record     Record `json:"record"`
	RaisedAt   int64  `json:"raisedAt"`
	DecidedAt  int64  `json:"decidedAt"`
	ChangedAt  int64  `json:"changedAt"`
	Due        int64  `json:"due" doc:"By when the next step is due; 0 for no term"`
	Version    int64  `json:"version"`

	owner     string // keyed digest of the telephone number of the resident who raised it, or ""
	reserved  Reservation
	council   bool // the community has a 议事会 in the register
	appraised bool // the days of the appraisal are over
}

// village tells whether the villages' variant applies.
func (m *Matter) village() bool { return m.Kind == threshold.Villagers }

// round is the deliberation under way or the last one, or nil.
func (m *Matter) round() *Deliberation {
	if n := len(m.Record.Rounds); n > 0 {
		return &m.Record.Rounds[n-1]
	}
	return nil
}

// open is how many findings are not answered.
func (m *Matter) open() (n int) {
	for i := range m.Record.Findings {
		if m.Record.Findings[i].AnswerAt == 0 {
			n++
		}
	}
	return n
}

// done tells whether every piece of the plan is done.
func (m *Matter) done() bool {
	return !slices.ContainsFunc(m.Record.Plan, func(p PlanStep) bool { return p.DoneAt == 0 })
}

// checked is the last result of a check, or "".
func (m *Matter) checked(what string) (result string) {
	for _, c := range m.Record.Checks {
		if c.What == what {
			result = c.Result
		}
	}
	return result
}

// Bounds of texts, in characters.
const (
	maxTitle   = 60
	maxBody    = 2000
	maxNote    = 500
	maxMinutes = 5000
	maxOpinion = 500
	maxPlan    = 40
	maxParties = 30
)

func (c *Content) tidy() {
	c.Title, c.Code = fold.Line(c.Title), fold.Compact(c.Code)
	c.Body = strings.TrimSpace(strings.ReplaceAll(c.Body, "\r\n", "\n"))
	if c.Code == "" {
		c.Code = Ordinary
	}
}

// bounds collects refusals by field.
type bounds struct{ refused *errs.Error }

func (b *bounds) text(at, value string, most int, required bool) {
	switch {
	case required && value == "":
		b.refused = b.refused.At(at, "field.required")
	case !fold.Within(value, most):
		b.refused = b.refused.At(at, "field.too_long", "max", most)
	}
}

func (b *bounds) day(at, value string) {
	if _, ok := fold.Day(value); !ok {
		b.refused = b.refused.At(at, "field.date")
	}
}

func (b *bounds) choice(at, value string, of ...string) {
	if !slices.Contains(of, value) {
		b.refused = b.refused.At(at, "field.choice")
	}
}

func (b *bounds) err() error {
	if len(b.refused.Fields) > 0 {
		return b.refused
	}
	return nil
}

// check refuses what is incomplete or over its bounds, and a subject that the law of the day does not know.
func (c *Content) check(subjects []Reservation) error {
	b := bounds{errs.ErrInvalid}
	b.text("title", c.Title, maxTitle, true)
	b.text("body", c.Body, maxBody, true)
	if c.Code != Ordinary && !slices.ContainsFunc(subjects, func(r Reservation) bool { return r.Code == c.Code }) {
		b.refused = b.refused.At("code", "field.choice")
	}
	return b.err()
}

// lines trims a list and leaves out empty ones.
func lines(in []string) []string {
	out := []string{}
	for _, l := range in {
		if l = fold.Line(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func (d *Sitting) check() error {
	d.Day, d.Place = fold.KeepDay(d.Day), fold.Line(d.Place)
	d.Parties, d.Invitees = lines(d.Parties), lines(d.Invitees)
	b := bounds{errs.ErrInvalid}
	b.choice("deliberation.form", d.Form, "council", "hearing", "talk")
	b.day("deliberation.day", d.Day)
	b.text("deliberation.place", d.Place, 100, true)
	if len(d.Parties) == 0 || len(d.Parties) > maxParties {
		b.refused = b.refused.At("deliberation.parties", "field.required")
	}
	if len(d.Invitees) > maxParties {
		b.refused = b.refused.At("deliberation.invitees", "field.too_long", "max", maxParties)
	}
	for _, l := range slices.Concat(d.Parties, d.Invitees) {
		b.text("deliberation.parties", l, 60, true)
	}
	return b.err()
}

func (p *Posting) check(words bool) error {
	p.Day, p.Place, p.Text = fold.KeepDay(p.Day), fold.Line(p.Place), strings.TrimSpace(p.Text)
	b := bounds{errs.ErrInvalid}
	b.day("posting.day", p.Day)
	b.text("posting.place", p.Place, 100, true)
	b.text("posting.text", p.Text, maxBody, words)
	return b.err()
}

// planned brings a plan into form: ids are given once and stay, what is done stays done. Error: Invalid by field.
func planned(before []PlanStep, plan []Piece) ([]PlanStep, error) {
	b := bounds{errs.ErrInvalid}
	if len(plan) > maxPlan {
		b.refused = b.refused.At("plan", "field.too_long", "max", maxPlan)
	}
	out, next := []PlanStep{}, 0
	for _, p := range before {
		next = max(next, number(p.ID))
	}
	for i := range plan {
		at, p := "plan["+itoa(i)+"]", PlanStep{Piece: plan[i]}
		p.Title, p.Who, p.Due = fold.Line(p.Title), fold.Line(p.Who), fold.KeepDay(p.Due)
		b.text(at+".title", p.Title, maxTitle, true)
		b.text(at+".who", p.Who, 40, true)
		b.day(at+".due", p.Due)
		was := slices.IndexFunc(before, func(o PlanStep) bool { return o.ID == p.ID && p.ID != "" })
		if was >= 0 {
			p.Spent, p.DoneAt, p.Note = before[was].Spent, before[was].DoneAt, before[was].Note
		} else {
			next++
			p.ID = "p" + itoa(next)
		}
		out = append(out, p)
	}
	for _, p := range before {
		if p.DoneAt > 0 && !slices.ContainsFunc(out, func(o PlanStep) bool { return o.ID == p.ID }) {
			b.refused = b.refused.At("plan", "council.matter.plan_done", "title", p.Title)
		}
	}
	return out, b.err()
}

// kindOf is the branch of law by which a community's matters go.
var kindOf = council.Kind
