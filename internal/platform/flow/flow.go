// Package flow runs lifecycles that are declared as tables. The buttons that a face shows, the
// diagrams in the documents and the tests of every legal and illegal move are read from the
// same table as the refusals.
package flow

import (
	"fmt"
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

// State is where a subject stands; Verb is what moves it.
type (
	State string
	Verb  string
)

// Reporter stands in a transition's permission for "whoever holds the follow code", System for the
// platform's own jobs.
const (
	Reporter = "reporter"
	System   = "system"
)

// Kinds of input that a move may ask for.
const (
	Text   = "text"   // free words
	Lines  = "lines"  // a list of sentences
	Unit   = "unit"   // a body that becomes responsible
	Choice = "choice" // one of Options
	Files  = "files"  // uploads
	Day    = "day"    // a day, YYYY-MM-DD
	Number = "number" // a whole number from 1 to Max

	CaseNumber = "case"  // number of another case
	Basis      = "basis" // number of an admission, or code of a listed entry, on which a request rests
)

// Field is one input of a move.
type Field struct {
	Name     string   `json:"name"`
	Kind     string   `json:"kind" enum:"text,lines,unit,choice,files,day,number,case,basis"`
	Required bool     `json:"required"`
	Options  []string `json:"options,omitempty"`
	Max      int      `json:"max" doc:"Greatest length of a text, count of lines or files, or number"`
}

// Guard is a condition beyond state and permission. Key names its sentence and Rule its source.
type Guard[S any] struct {
	Key   string
	Rule  string
	Holds func(subject S, actor *authority.Actor) bool
	Unit  bool // holds only for who acts for the responsible unit: lists of work are read by it
}

// Stay as a row's To says that the step leaves the subject in the state in which it is.
const Stay State = ""

// Transition is one row of a lifecycle. Permissions are alternatives: any one suffices.
type Transition[S any] struct {
	From        []State
	Verb        Verb
	To          State // or [Stay]
	Permissions []string
	Guards      []Guard[S]
	Fields      []Field
	Danger      bool   // cannot be taken back: a face asks before
	Aside       bool   // an exceptional measure: shown apart, after the steps that carry the subject on
	Works       bool   // doing this is the work that somebody else must check
	Anew        bool   // the work is done anew: what was done before is another round's
	Tells       bool   // the note is written to the reporter
	Outcome     string // what the step decides of the subject; "" for one that decides nothing
}

// StateNode is a declared state; an open one still waits for somebody.
type StateNode struct {
	State State
	Open  bool
}

// Flow is a lifecycle of subjects S.
type Flow[S any] struct {
	Name        string // "casework.appeal": prefix of its texts and errors
	Start       State
	Nodes       []StateNode
	Transitions []Transition[S]
	StateOf     func(S) State
	AreaOf      func(S) string
	CaseOf      func(S) string // id that a reporter's actor must carry
}

// Check panics on a table that contradicts itself; modules call it once at start.
func (f *Flow[S]) Check() *Flow[S] {
	known := map[State]bool{}
	for _, p := range f.Nodes {
		known[p.State] = true
	}
	seen := map[string]bool{}
	for _, t := range f.Transitions {
		for _, from := range append([]State{t.To}, t.From...) {
			if !known[from] && from != Stay {
				panic(fmt.Sprintf("flow %s: %s names the undeclared state %q", f.Name, t.Verb, from))
			}
		}
		for _, from := range t.From {
			id := string(from) + " " + string(t.Verb)
			if seen[id] {
				panic(fmt.Sprintf("flow %s: two rows for %s", f.Name, id))
			}
			seen[id] = true
		}
		if len(t.Permissions) == 0 {
			panic(fmt.Sprintf("flow %s: %s has no permission", f.Name, t.Verb))
		}
	}
	if !known[f.Start] {
		panic(fmt.Sprintf("flow %s: undeclared start %q", f.Name, f.Start))
	}
	return f
}

// After is the state in which the row leaves a subject that stood in from.
func (t *Transition[S]) After(from State) State {
	if t.To == Stay {
		return from
	}
	return t.To
}

// IsOpen tells whether a state still waits for somebody.
func (f *Flow[S]) IsOpen(s State) bool {
	for _, p := range f.Nodes {
		if p.State == s {
			return p.Open
		}
	}
	return false
}

// Find is the row for a verb from a state.
func (f *Flow[S]) Find(from State, verb Verb) (*Transition[S], bool) {
	for i := range f.Transitions {
		t := &f.Transitions[i]
		if t.Verb == verb && slices.Contains(t.From, from) {
			return t, true
		}
	}
	return nil, false
}

// Verbs lists every verb once, in table order.
func (f *Flow[S]) Verbs() []Verb {
	var out []Verb
	for _, t := range f.Transitions {
		if !slices.Contains(out, t.Verb) {
			out = append(out, t.Verb)
		}
	}
	return out
}

// Permits tells whether the actor has the authority for the row, guards aside.
func (f *Flow[S]) Permits(t *Transition[S], subject S, actor *authority.Actor) bool {
	for _, p := range t.Permissions {
		if p == Reporter {
			if actor.Case != "" && actor.Case == f.CaseOf(subject) {
				return true
			}
		} else if p == System {
			if actor.System {
				return true
			}
		} else if actor.Can(p, f.AreaOf(subject)) {
			return true
		}
	}
	return false
}

// Moves tells whether the row carries an open subject on to another state by an ordinary step: who
// may take it is who the subject waits for.
func (t *Transition[S]) Moves() bool { return t.To != Stay && !t.Aside }

// Allowed lists the rows that the actor may take now, the buttons of a face: in table order, the
// exceptional measures last.
func (f *Flow[S]) Allowed(subject S, actor *authority.Actor) []*Transition[S] {
	var out, aside []*Transition[S]
	for i := range f.Transitions {
		t := &f.Transitions[i]
		if f.Offers(t, subject, actor) {
			if t.Aside {
				aside = append(aside, t)
			} else {
				out = append(out, t)
			}
		}
	}
	return append(out, aside...)
}

// Offers tells whether the actor may take the row now.
func (f *Flow[S]) Offers(t *Transition[S], subject S, actor *authority.Actor) bool {
	return slices.Contains(t.From, f.StateOf(subject)) && f.Permits(t, subject, actor) && broken(t, subject, actor) == nil
}

// Take finds the row for a verb and refuses it unless state, authority and guards allow it.
// Errors: forbidden or unauthenticated without authority; Conflict "<flow>.not_from" from
// another state; the guard's own key, with its rule.
func (f *Flow[S]) Take(subject S, verb Verb, actor *authority.Actor) (*Transition[S], error) {
	t, ok := f.Find(f.StateOf(subject), verb)
	if !ok {
		if !slices.Contains(f.Verbs(), verb) {
			return nil, errs.ErrNotFound
		}
		if !f.mayEver(subject, verb, actor) {
			return nil, refusal(actor)
		}
		return nil, errs.New(errs.Conflict, "flow.not_from").
			With("verb", errs.Key(f.Name+".verb."+string(verb)), "state", errs.Key(f.Name+".state."+string(f.StateOf(subject))))
	}
	if !f.Permits(t, subject, actor) {
		return nil, refusal(actor)
	}
	if g := broken(t, subject, actor); g != nil {
		return nil, errs.New(errs.Conflict, g.Key).By(g.Rule)
	}
	return t, nil
}

// Seen is the record on which a verb is asked for: who reads it, how the audit log names it, the version at which it stands
// and the one that whoever asks has seen.
type Seen struct {
	Read    string // permission without which there is no such record for the actor; "" where the caller has judged that
	Record  errs.Record
	Version int64
	By      int64
}

// Judge is Take on the version that the actor has seen. Errors: NotFound for who may not read the record in its area; those
// of Take; Stale.
func (f *Flow[S]) Judge(subject S, verb Verb, actor *authority.Actor, seen Seen) (*Transition[S], error) {
	if seen.Read != "" && !actor.Can(seen.Read, f.AreaOf(subject)) {
		return nil, errs.ErrNotFound
	}
	t, err := f.Take(subject, verb, actor)
	if err == nil && seen.By != seen.Version {
		return nil, errs.StaleOf(seen.Record)
	}
	return t, err
}

func (f *Flow[S]) mayEver(subject S, verb Verb, actor *authority.Actor) bool {
	for i := range f.Transitions {
		if t := &f.Transitions[i]; t.Verb == verb && f.Permits(t, subject, actor) {
			return true
		}
	}
	return false
}

func refusal(actor *authority.Actor) error {
	if actor.SignedIn() || actor.Case != "" {
		return errs.ErrForbidden
	}
	return errs.ErrUnauthenticated
}

func broken[S any](t *Transition[S], subject S, actor *authority.Actor) *Guard[S] {
	for i := range t.Guards {
		if !t.Guards[i].Holds(subject, actor) {
			return &t.Guards[i]
		}
	}
	return nil
}

// Input is what a face sends with a move.
type Input struct {
	Note   string   `json:"note,omitempty" maxLength:"2000" doc:"Free words; shown in the timeline"`
	Unit   string   `json:"unit,omitempty" maxLength:"64" doc:"Id of the body that becomes responsible"`
	Lines  []string `json:"lines,omitempty" maxItems:"30" doc:"List of sentences, e.g. what is missing"`
	Choice string   `json:"choice,omitempty" maxLength:"64"`
	Files  []string `json:"files,omitempty" maxItems:"9" doc:"Ids of staged uploads"`
	Case   string   `json:"case,omitempty" maxLength:"30" doc:"Number of another case"`
	Basis  string   `json:"basis,omitempty" maxLength:"40" doc:"Number of an admission, or code of a listed entry, on which a request to a community rests"`
	Day    string   `json:"day,omitempty" maxLength:"10" doc:"YYYY-MM-DD"`
	Number int      `json:"number,omitempty" minimum:"0" maximum:"9999"`
}

// CheckInput refuses an input that lacks what the row asks for or exceeds its bounds, naming
// every field at once, and clears what the row does not ask for.
func CheckInput(fields []Field, in *Input) error {
	refused := errs.ErrInvalid
	asked := map[string]bool{}
	for _, f := range fields {
		asked[f.Kind] = true
		size := 0
		switch f.Kind {
		case Text:
			in.Note = strings.TrimSpace(in.Note)
			size = fold.Count(in.Note)
		case Lines:
			in.Lines = trimmed(in.Lines)
			size = len(in.Lines)
		case Unit:
			size = len(in.Unit)
		case Files:
			size = len(in.Files)
		case CaseNumber:
			in.Case = fold.Compact(in.Case)
			size = len(in.Case)
		case Basis:
			in.Basis = strings.ToUpper(fold.Compact(in.Basis))
			size = len(in.Basis)
		case Choice:
			size = len(in.Choice)
			if size > 0 && !slices.Contains(f.Options, in.Choice) {
				refused = refused.At(f.Name, "field.choice")
			}
		case Day:
			in.Day = fold.KeepDay(in.Day)
			size = len(in.Day)
			if _, ok := fold.Day(in.Day); size > 0 && !ok {
				refused = refused.At(f.Name, "field.date")
			}
		case Number:
			size = in.Number
			if in.Number < 0 || f.Max > 0 && in.Number > f.Max {
				refused = refused.At(f.Name, "field.range", "min", 1, "max", f.Max)
			}
		}
		if f.Required && size == 0 {
			refused = refused.At(f.Name, "field.required")
		}
		if f.Max > 0 && (f.Kind == Text || f.Kind == Lines || f.Kind == Files) && size > f.Max {
			refused = refused.At(f.Name, "field.too_long", "max", f.Max)
		}
	}
	keep(in, asked)
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

func trimmed(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func keep(in *Input, asked map[string]bool) {
	if !asked[Text] {
		in.Note = ""
	}
	if !asked[Lines] {
		in.Lines = nil
	}
	if !asked[Unit] {
		in.Unit = ""
	}
	if !asked[Choice] {
		in.Choice = ""
	}
	if !asked[Files] {
		in.Files = nil
	}
	if !asked[CaseNumber] {
		in.Case = ""
	}
	if !asked[Basis] {
		in.Basis = ""
	}
	if !asked[Day] {
		in.Day = ""
	}
	if !asked[Number] {
		in.Number = 0
	}
}

// Mermaid is the table as a state diagram for the documents. Steps that keep the state stand in
// the table beside it.
func (f *Flow[S]) Mermaid() string {
	var b strings.Builder
	fmt.Fprintf(&b, "stateDiagram-v2\n  [*] --> %s\n", f.Start)
	for _, t := range f.Transitions {
		if t.To == Stay {
			continue
		}
		for _, from := range t.From {
			fmt.Fprintf(&b, "  %s --> %s: %s\n", from, t.To, t.Verb)
		}
	}
	for _, p := range f.Nodes {
		if !p.Open {
			fmt.Fprintf(&b, "  %s --> [*]\n", p.State)
		}
	}
	return b.String()
}
