package casework

import (
	"context"
	"slices"

	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/routing"
)

// Named is an id with the name that people read, and Step an area on the way from the city down.
type (
	Named = routing.Named
	Step  = routing.AreaRef
)

// Summary is a case as lists show it.
type Summary struct {
	ID             string     `json:"id"`
	Number         string     `json:"number"`
	Kind           string     `json:"kind" enum:"{kind}"`
	Subject        string     `json:"subject"`
	SubjectName    string     `json:"subjectName"`
	Title          string     `json:"title"`
	State          flow.State `json:"state"`
	Open           bool       `json:"open"`
	Area           string     `json:"area"`
	AreaPath       []Step     `json:"areaPath"`
	Unit           *Named     `json:"unit,omitempty" doc:"Body responsible now"`
	Handler        *Named     `json:"handler,omitempty" doc:"Account that took it"`
	Waits          *Waits     `json:"waits,omitempty" doc:"For whom an open case waits; left out while it is suspended, or waits for another case"`
	Channel        string     `json:"channel"`
	ReportedAt     int64      `json:"reportedAt"`
	DueAt          *int64     `json:"dueAt" nullable:"true"`
	StatutoryDueAt *int64     `json:"statutoryDueAt" nullable:"true"`
	Due            Due        `json:"due"`
	ClosedAt       *int64     `json:"closedAt" nullable:"true"`
	Rating         *int       `json:"rating" nullable:"true"`
	Outcome        Outcome    `json:"outcome,omitempty" enum:"granted,denied,refused,completed,dismissed,withdrawn" doc:"What was decided; absent while nothing is"`
	Version        int64      `json:"version"`
}

// Move is a step that the reader may take now: a button and the questions behind it.
type Move struct {
	Verb   flow.Verb    `json:"verb"`
	To     flow.State   `json:"to"`
	Danger bool         `json:"danger" doc:"Cannot be taken back: ask before"`
	Aside  bool         `json:"aside" doc:"An exceptional measure: shown apart from the steps that carry the case on, which come first"`
	Fields []flow.Field `json:"fields"`
}

// EventView is a step of the timeline.
type EventView struct {
	Seq    int        `json:"seq"`
	At     int64      `json:"at"`
	Verb   flow.Verb  `json:"verb"`
	From   flow.State `json:"from"`
	To     flow.State `json:"to"`
	Actor  ActorView  `json:"actor"`
	Unit   *Named     `json:"unit,omitempty" doc:"Body responsible after the step"`
	By     *Named     `json:"by,omitempty" doc:"Body that the actor acted for, as it was called then"`
	Other  *Named     `json:"other,omitempty" doc:"Body that sent it back, or that helps"`
	Note   string     `json:"note"`
	Data   EventData  `json:"data"`
	Public bool       `json:"public" doc:"The note is for the reporter"`
}

// ActorView is who took a step.
type ActorView struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

// Fact is one particular of a matter, in the reader's language.
type Fact struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Value string `json:"value"`

	Personal bool `json:"personal,omitempty" doc:"Masked; whoever has the duty sees it whole for a purpose"`
}

// Detail is a case with everything that its reader may see and do.
type Detail struct {
	Summary
	Reporter  people.Masked       `json:"reporter"`
	Erased    bool                `json:"erased" doc:"What it held of its reporter was deleted on request"`
	MayUnmask bool                `json:"mayUnmask" doc:"The reader has the duty to see a field of the reporter for a purpose"`
	Place     *Location           `json:"place,omitempty"`
	Events    []EventView         `json:"events"`
	Then      string              `json:"then,omitempty" doc:"What comes after the step whose deadline runs, e.g. within what time a decision is made"`
	Decided   *OutcomeView        `json:"decided,omitempty" doc:"What was decided, why, and what can be done about it"`
	Returned  int                 `json:"returned"`
	Allowed   []Move              `json:"allowed"`
	Routed    *routing.RoutedView `json:"routed,omitempty" doc:"Who becomes responsible when the reader sends it on and names no unit"`

	// Of the matter, for the reporter's page: what it is about, and what the reporter was told to bring, all at once.
	Facts   []Fact   `json:"-"`
	Missing []string `json:"-"`

	Sections map[string]any `json:"-"` // of rooms and matters, by [Section.Name]; in the answer they stand beside the fields
}

// OpenedView is a fresh case and the code by which its reporter follows it.
type OpenedView struct {
	ID     string  `json:"id"`
	Number string  `json:"number"`
	Code   string  `json:"code" doc:"Shown once: whoever holds it follows the case"`
	Case   Summary `json:"case"`
}

// ViewOpened shows a fresh case.
func (s *Service) ViewOpened(ctx context.Context, o *Opened) OpenedView {
	return OpenedView{o.Case.ID, o.Case.Number, o.Code, s.Summarise(ctx, &o.Case)}
}

// Summarise shows a case as the context's reader reads it.
func (s *Service) Summarise(ctx context.Context, c *Case) Summary {
	lang := text.From(ctx)
	v := Summary{ID: c.ID, Number: c.Number, Kind: c.Kind, Subject: c.Subject, Title: c.Title, State: c.State, Open: c.Open,
		Area: c.Area, AreaPath: s.Path(c.Area), Channel: c.Channel, ReportedAt: c.ReportedAt, DueAt: c.Clock.Due,
		StatutoryDueAt: c.Clock.LawDue, Due: s.DueNow(ctx, c), ClosedAt: c.ClosedAt,
		Rating: c.Rating, Outcome: c.Outcome, Version: c.Version}
	if !worksOn(authority.From(ctx), c) {
		v.Title = Masked(v.Title)
	}
	v.SubjectName = s.Matters[c.Kind].SubjectName(c.Subject, lang)
	v.Unit = s.Unit(c.Unit)
	if c.Handler != "" {
		v.Handler = &Named{ID: c.Handler, Name: s.Accounts.AccountName(c.Handler)}
	}
	v.Waits = s.waitsFor(c)
	// Window staff can neither see nor press for a rating (国办发〔2019〕51号).
	if a := authority.From(ctx); a.Case != c.ID && !a.Can(PermBoard, c.Area) {
		v.Rating = nil
	}
	return v
}

// Unit is a body with its name; nil for none.
func (s *Service) Unit(id string) *Named {
	if id == "" {
		return nil
	}
	return &Named{ID: id, Name: s.Registry.BodyName(id)}
}

// Path lists the areas from the city down to one.
func (s *Service) Path(area string) []Step { return routing.Path(s.Registry, area) }

// Show reads a case whole. Errors: NotFound outside what the reader may see.
func (s *Service) Show(ctx context.Context, id string) (Detail, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, &c)
}

func (s *Service) detail(ctx context.Context, c *Case) (Detail, error) {
	r, actor, m := s.Log.DB, authority.From(ctx), s.Matters[c.Kind]
	d := Detail{Summary: s.Summarise(ctx, c), Returned: c.Returned, Allowed: []Move{}, Events: []EventView{}, Sections: s.newSections()}
	d.Title = c.Title // masked at the end for who does not work on it
	if c.Place.Text != "" || c.Place.Lng != nil {
		d.Place = &c.Place
	}
	person, err := s.People.Find(ctx, r, c.Person)
	if err != nil {
		return d, err
	}
	d.Reporter, d.Erased = person.Mask(), person.Erased
	events, err := ListEvents(ctx, r, c)
	if err != nil {
		return d, err
	}
	for i := range events {
		d.Events = append(d.Events, s.eventView(&events[i], actor, c))
	}
	d.Decided = s.outcome(m, c, d.Events)
	c.now = clock.Now(ctx)
	if err := s.stand(ctx, r, m, c, ""); err != nil {
		return d, err
	}
	for _, describe := range s.describers {
		if err := describe(ctx, r, &Described{Matter: m, Case: c, Person: &person, Events: events, Detail: &d}); err != nil {
			return d, err
		}
	}
	for _, t := range m.Flow.Allowed(c, actor) {
		if withheld := s.withheld[t.Verb]; withheld != nil {
			if not, err := withheld(ctx, r, c); err != nil {
				return d, err
			} else if not {
				continue
			}
		}
		if sendsOn(t) && d.Routed == nil {
			d.Routed = s.routedView(ctx, c)
		}
		fields := t.Fields
		if fields == nil {
			fields = []flow.Field{}
		}
		d.Allowed = append(d.Allowed, Move{t.Verb, t.After(c.State), t.Danger, t.Aside, fields})
	}
	if err := m.Describe(ctx, r, c, text.From(ctx), &d); err != nil {
		return d, err
	}
	inside, err := s.hasHand(ctx, r, actor, c)
	if err == nil && !inside {
		s.maskWords(&d)
	}
	return d, err
}

// Told tells whether the reporter learns what a step brought: one of their own, one that staff took
// for them, and one whose words are for them.
func (m *Matter) Told(e *Event) bool {
	if e.Tells || e.ActorRole == flow.Reporter {
		return true
	}
	t, ok := m.Flow.Find(e.From, e.Verb)
	return ok && slices.Contains(t.Permissions, flow.Reporter)
}

// eventView shows a step; the reporter sees who by office and not by name, and what was written,
// chosen and added of the steps that are told to them. Ratings are told to whoever oversees, not to
// whom they judge.
func (s *Service) eventView(e *Event, reader *authority.Actor, c *Case) EventView {
	v := EventView{Seq: e.Seq, At: e.At, Verb: e.Verb, From: e.From, To: e.To, Note: e.Note, Data: e.Data, Public: e.Tells,
		Actor: ActorView{e.ActorID, e.ActorName, e.ActorRole}, Unit: s.Unit(e.Data.Unit), Other: s.Unit(e.Data.Other)}
	if e.Data.By != "" {
		v.By = &Named{ID: e.Data.By, Name: e.Data.ByName}
	}
	if e.ActorRole == flow.System {
		v.Actor.Name = "" // a job has no name
	}
	if reader.Case == c.ID {
		v.Actor.ID, v.Actor.Name = "", ""
		if !s.Matters[c.Kind].Told(e) {
			v.Note, v.Other, v.Data = "", nil, EventData{Unit: e.Data.Unit, By: e.Data.By, ByName: e.Data.ByName}
		}
	} else if (e.Verb == VerbRate || e.Verb == VerbRerate) && !reader.Can(PermBoard, c.Area) {
		v.Note, v.Data.Level = "", 0
	}
	return v
}

// PublicEvent is a step as somebody else than the case's reporter may know of it: by office, and
// of the notes those that are told.
func (s *Service) PublicEvent(e *Event) EventView {
	v := EventView{Seq: e.Seq, At: e.At, Verb: e.Verb, From: e.From, To: e.To, Actor: ActorView{Role: e.ActorRole},
		Unit: s.Unit(e.Data.Unit), Public: e.Tells,
		Data: EventData{Due: e.Data.Due, WasDue: e.Data.WasDue}}
	if e.Tells {
		v.Note = e.Note
	}
	return v
}

// Did words what a step was, in a language.
func (s *Service) Did(lang text.Lang, kind string, verb flow.Verb, d *EventData) string {
	return s.Words.T(lang, s.Matters[kind].Flow.Name+".did."+string(verb), "was", page.Day(lang, d.WasDue), "due", page.Day(lang, d.Due))
}
