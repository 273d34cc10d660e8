package pact

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/pact/review"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/difference"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// ConventionRow is a convention as lists of staff show it.
type ConventionRow struct {
	ID        string `json:"id"`
	Edition   int    `json:"edition"`
	State     string `json:"state" enum:"collecting,drafting,reviewing,cleared,adopted,filed,published,ordered,replaced,discarded"`
	Kind      string `json:"kind" enum:"villagers,residents,citizens,charter,group"`
	Title     string `json:"title"`
	Area      string `json:"area"`
	Place     string `json:"place"`
	Writer    string `json:"writer"`
	WrittenAt int64  `json:"writtenAt"`
	CorrectBy string `json:"correctBy" doc:"Day by which an ordered correction is due"`
}

// Move is a step that the reader may take now.
type Move struct {
	Verb    string       `json:"verb"`
	Fields  []flow.Field `json:"fields"`
	Danger  bool         `json:"danger"`
	Aside   bool         `json:"aside"`
	Version int64        `json:"version" doc:"Of the edition that the step is taken on"`
}

// EditionView is one text of a convention, whole.
type EditionView struct {
	ConventionRow
	Clauses     []Clause  `json:"clauses"`
	Findings    []Finding `json:"findings"`
	Reason      string    `json:"reason"`
	Meeting     *Meeting  `json:"meeting,omitempty"`
	Filing      *Filing   `json:"filing,omitempty"`
	PublishedAt int64     `json:"publishedAt"`
	OrderedAt   int64     `json:"orderedAt"`
	OrderedBy   string    `json:"orderedBy"`
	OrderReason string    `json:"orderReason"`
	EndedAt     int64     `json:"endedAt"`
	Version     int64     `json:"version"`
	Changes     []Change  `json:"changes" doc:"Against the edition before; empty for the first"`
}

// Change is one clause that differs between two editions.
type Change struct {
	Label  string `json:"label"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Detail is a convention with all its texts, the newest first, and what the reader may do.
type Detail struct {
	ID        string        `json:"id"`
	Editions  []EditionView `json:"editions"`
	Opinions  []Opinion     `json:"opinions"`
	Events    []Event       `json:"events"`
	Allowed   []Move        `json:"allowed"`
	Editable  bool          `json:"editable"`
	Decidable bool          `json:"decidable" doc:"Whether the reader decides findings now"`
	Collects  bool          `json:"collects" doc:"Whether the reader may enter opinions on paper now"`
	Village   bool          `json:"village"`
	Address   string        `json:"address" doc:"Page of the portal, once there is one"`
}

func (s *Service) summary(e *Edition, lang text.Lang) ConventionRow {
	a, _ := s.Registry.Area(e.Content.Area)
	return ConventionRow{ID: e.ID, Edition: e.Seq, State: e.State, Kind: e.Content.Kind, Title: e.Content.Title, Area: e.Content.Area,
		Place: registry.NameIn(a, lang), Writer: e.WriterName, WrittenAt: e.WrittenAt, CorrectBy: e.CorrectBy}
}

// named completes findings by the words of their kind.
func named(all []Finding, lang text.Lang) []Finding {
	if all == nil {
		return []Finding{}
	}
	for i := range all {
		c := review.CodeOf(all[i].Code)
		all[i].Name, all[i].Suggestion = c.NameZh, c.SuggestZh
		if lang == text.English {
			all[i].Name, all[i].Suggestion = c.NameEn, c.SuggestEn
		}
	}
	return all
}

func (s *Service) view(ctx context.Context, e, before *Edition) (EditionView, error) {
	lang := text.From(ctx)
	found, err := listFindings(ctx, s.Log.DB, e)
	if err != nil {
		return EditionView{}, err
	}
	v := EditionView{ConventionRow: s.summary(e, lang), Clauses: e.Content.Clauses, Findings: named(found, lang), Reason: e.Reason,
		Meeting: e.Meeting, Filing: e.Filing, PublishedAt: e.PublishedAt, OrderedAt: e.OrderedAt, OrderedBy: e.OrderedBy,
		OrderReason: e.OrderReason, EndedAt: e.EndedAt, Version: e.Version, Changes: []Change{}}
	if v.Clauses == nil {
		v.Clauses = []Clause{}
	}
	if before != nil {
		v.Changes, err = changes(before, e)
	}
	return v, err
}

// changes are the clauses that differ, by their labels.
func changes(before, after *Edition) ([]Change, error) {
	document := func(e *Edition) string {
		out := map[string]any{}
		for i, c := range e.Content.Clauses {
			key := c.Label
			if key == "" {
				key = c.Number + "/" + strconv.Itoa(i+1)
			}
			if _, twice := out[key]; twice {
				key += "/" + strconv.Itoa(i+1)
			}
			out[key] = c.Body
		}
		return difference.JSON(out)
	}
	all, err := difference.Between(document(before), document(after))
	out := []Change{}
	for _, c := range all {
		out = append(out, Change{Label: strings.TrimPrefix(c.Path, "0/"), Before: difference.Text(c.Before), After: difference.Text(c.After)})
	}
	return out, err
}

// mostOpinions are shown of a convention.
const mostOpinions = 500

// Show is a convention for a member of staff. Errors: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (Detail, error) {
	d := Detail{ID: id, Editions: []EditionView{}, Allowed: []Move{}}
	actor := authority.From(ctx)
	all, err := editions(ctx, s.Log.DB, id)
	if err != nil {
		return d, err
	}
	if len(all) == 0 || !actor.Can(permRead, all[0].Content.Area) {
		return d, errs.ErrNotFound
	}
	for i := range all {
		var before *Edition
		if i+1 < len(all) {
			before = &all[i+1]
		}
		v, err := s.view(ctx, &all[i], before)
		if err != nil {
			return d, err
		}
		d.Editions = append(d.Editions, v)
		if all[i].public() || all[i].State == string(stateCollecting) {
			d.Address = "/conventions/" + id
		}
	}
	if d.Opinions, err = listOpinions(ctx, s.Log.DB, id, mostOpinions); err != nil {
		return d, err
	}
	if d.Events, err = listEvents(ctx, s.Log.DB, id); err != nil {
		return d, err
	}
	d.Opinions, d.Events = slices.Clip(append([]Opinion{}, d.Opinions...)), slices.Clip(append([]Event{}, d.Events...))
	newest, err := latest(ctx, s.Log.DB, id)
	if err != nil {
		return d, err
	}
	shown, err := inForceOf(ctx, s.Log.DB, id)
	if err != nil {
		return d, err
	}
	for _, st := range steps {
		e := &newest
		if onPublished(st.verb) {
			e = &shown
		}
		if t, ok := lifecycle.Find(flow.State(e.State), st.verb); ok && lifecycle.Offers(t, e, actor) {
			d.Allowed = append(d.Allowed, Move{Verb: string(st.verb), Fields: slices.Clip(append([]flow.Field{}, t.Fields...)),
				Danger: t.Danger, Aside: t.Aside, Version: e.Version})
		}
	}
	t, ok := lifecycle.Find(flow.State(newest.State), verbChange)
	d.Editable = ok && lifecycle.Offers(t, &newest, actor)
	area, _ := s.Registry.Area(newest.Content.Area)
	d.Village = village(area)
	d.Decidable = newest.State == string(stateReviewing) && actor.Can(permReview, newest.Content.Area) && bySecond.Holds(&newest, actor)
	d.Collects = newest.State == string(stateCollecting) && actor.Can(permWrite, newest.Content.Area)
	return d, nil
}

// Filter narrows a list of staff.
type Filter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"collecting,drafting,reviewing,cleared,adopted,filed,published,ordered,discarded"`
	Kind   string `query:"kind" enum:"villagers,residents,citizens,charter,group"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Staff is one page of the conventions in the actor's areas, the newest text of each, the last written first, and the cursor of
// the next. Error: Malformed "cursor".
func (s *Service) Staff(ctx context.Context, f Filter) ([]Edition, string, error) {
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	scopes := authority.Narrow(authority.From(ctx).Scope(permRead), f.Area)
	if len(scopes) == 0 {
		return nil, "", nil
	}
	var w db.Where
	w.And("latest = 1")
	var terms []string
	for _, scope := range scopes {
		terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
	}
	w.Any(terms...)
	w.And("(written_at, id) < (%s, %s)", at, id)
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	if f.Kind != "" {
		w.And("kind = %s", f.Kind)
	}
	all, err := db.All(ctx, s.Log.DB, scanEdition, `SELECT `+columns+` FROM pact_edition`+w.String()+
		` ORDER BY written_at DESC, id DESC LIMIT `+w.Arg(f.Limit+1), w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].WrittenAt, all[f.Limit-1].ID)
	}
	return all, next, nil
}

// Path names a convention in an address.
type Path struct {
	ID string `path:"id" maxLength:"60"`
}

type conventionStep struct {
	Path
	Body struct {
		Version int64    `json:"version" minimum:"1"`
		Note    string   `json:"note,omitempty" maxLength:"500"`
		Meeting *Meeting `json:"meeting,omitempty" doc:"With adopt"`
		Filing  *Filing  `json:"filing,omitempty" doc:"With file"`
	}
}

// Reviewed is a text as the review reads it now, without being kept.
type Reviewed struct {
	Title    string   `json:"title"`
	Clauses  []Clause `json:"clauses"`
	Findings []Marked `json:"findings"`
	Illegal  int      `json:"illegal"`
}

// Marked is a finding with the places of its words in the clause.
type Marked struct {
	Finding
	Spans []review.Span `json:"spans" doc:"In characters of the clause's body"`
}

// Try reviews a draft as it is written, or takes a pasted text apart and reviews it. Nothing is kept.
func (s *Service) Try(ctx context.Context, c Content, pasted string) Reviewed {
	if pasted != "" {
		c.Title, c.Clauses = fromText(pasted)
	}
	c.number()
	if len(c.Clauses) > maxClauses {
		c.Clauses = c.Clauses[:maxClauses]
	}
	out := Reviewed{Title: c.Title, Clauses: c.Clauses, Findings: []Marked{}}
	if out.Clauses == nil {
		out.Clauses = []Clause{}
	}
	r := s.review(&c, clock.Now(ctx))
	out.Illegal = r.Illegal()
	for _, f := range r.Findings {
		one := named([]Finding{{Place: f.Clause, Number: f.Number, Code: f.Code, Severity: f.Severity, Words: f.Words, Citation: f.Citation}},
			text.From(ctx))[0]
		out.Findings = append(out.Findings, Marked{Finding: one, Spans: f.Spans})
	}
	return out
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/pact/conventions", Permission: permRead,
		Summary: "Conventions of my areas, one page"},
		func(ctx context.Context, in *Filter) (*httpx.List[ConventionRow], error) {
			found, next, err := s.Staff(ctx, *in)
			views := make([]ConventionRow, len(found))
			for i := range found {
				views[i] = s.summary(&found[i], text.From(ctx))
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/pact/conventions", Permission: permWrite,
		Summary: "Begin a convention", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Content }) (*httpx.Answer[Detail], error) {
			e, err := s.Begin(ctx, in.Body)
			return s.answer(ctx, e.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/pact/review", Permission: permRead,
		Summary: "Review a text without keeping it"},
		func(ctx context.Context, in *struct {
			Body struct {
				Content
				Text string `json:"text,omitempty" maxLength:"200000" doc:"Pasted text; taken apart into clauses"`
			}
		}) (*httpx.Answer[Reviewed], error) {
			return httpx.NewAnswer(s.Try(ctx, in.Body.Content, in.Body.Text)), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/pact/conventions/{id}", Permission: permRead,
		Summary: "A convention with its editions and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[Detail], error) { return s.answer(ctx, in.ID, nil) })
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/pact/conventions/{id}", Permission: permWrite, Summary: "Change a draft"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Content
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Detail], error) {
			return s.answer(ctx, in.ID, s.Change(ctx, in.ID, in.Body.Version, in.Body.Content))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/pact/conventions/{id}/opinions", Permission: permWrite,
		Summary: "Enter an opinion on paper"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Body string `json:"body" maxLength:"1000"`
			}
		}) (*httpx.Answer[Detail], error) {
			return s.answer(ctx, in.ID, s.Tell(ctx, in.ID, in.Body.Body, true))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/pact/conventions/{id}/findings/{finding}/decide", Permission: permReview,
		Summary: "Decide a finding with a reason"},
		func(ctx context.Context, in *struct {
			Path
			Finding string `path:"finding" maxLength:"60"`
			Body    struct {
				Decision string `json:"decision" enum:"upheld,dismissed"`
				Reason   string `json:"reason" maxLength:"500"`
			}
		}) (*httpx.Answer[Detail], error) {
			return s.answer(ctx, in.ID, s.Decide(ctx, in.ID, in.Finding, in.Body.Decision, in.Body.Reason))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/pact/conventions/{id}/table", Permission: permRead,
		Summary: "Clauses and findings as a table"},
		func(ctx context.Context, in *struct {
			Path
			Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
		}) (*huma.StreamResponse, error) {
			return s.Table(ctx, in.ID, in.Format)
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/pact/conventions/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of a convention: " + string(st.verb)},
			func(ctx context.Context, in *conventionStep) (*httpx.Answer[Detail], error) {
				return s.answer(ctx, in.ID, s.Step(ctx, in.ID, st.verb, in.Body.Version,
					Taken{Note: in.Body.Note, Meeting: in.Body.Meeting, Filing: in.Body.Filing}))
			})
	}
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[Detail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

// Table is the newest text with its findings, a row for each clause and finding. Error: NotFound.
func (s *Service) Table(ctx context.Context, id, format string) (*huma.StreamResponse, error) {
	d, err := s.Show(ctx, id)
	if err != nil {
		return nil, err
	}
	e := d.Editions[0]
	word := func(key string) string { return s.Texts.T(text.From(ctx), key) }
	return httpx.Table(ctx, "convention", format, func(row func(...string) error) error {
		if err := row(word("pact.ui.number"), word("pact.ui.clause"), word("pact.ui.finding"), word("pact.ui.severity"), word("pact.ui.words"),
			word("pact.ui.citation"), word("pact.ui.decision"), word("pact.ui.reason")); err != nil {
			return err
		}
		for i, c := range e.Clauses {
			some := false
			for _, f := range e.Findings {
				if f.Place != i {
					continue
				}
				some = true
				decision := ""
				if f.Decision != "" {
					decision = word("pact.decision." + f.Decision)
				}
				if err := row(c.Label, c.Body, f.Name, word("pact.severity."+f.Severity), strings.Join(f.Words, "; "), f.Citation, decision,
					f.Reason); err != nil {
					return err
				}
			}
			if !some {
				if err := row(c.Label, c.Body, "", "", "", "", "", ""); err != nil {
					return err
				}
			}
		}
		return nil
	}), nil
}
