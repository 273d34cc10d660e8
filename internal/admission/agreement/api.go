package agreement

import (
	"context"
	"net/http"
	"slices"

	"linli/internal/admission"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// AgreementRow is an agreement as lists show it.
type AgreementRow struct {
	ID        string     `json:"id"`
	Number    string     `json:"number"`
	Area      string     `json:"area"`
	AreaName  string     `json:"areaName"`
	Year      int        `json:"year"`
	State     flow.State `json:"state" enum:"draft,negotiating,signed,force,ended,dropped,terminated"`
	Items     int        `json:"items"`
	Total     int64      `json:"total" doc:"Fen over the year"`
	Street    bool       `json:"street" doc:"The street has signed"`
	Community bool       `json:"community" doc:"The community has signed"`
	Published bool       `json:"published" doc:"The ratings are public"`
}

// AgreementDetail is an agreement, whole, with what the reader may do.
type AgreementDetail struct {
	Agreement
	AreaName   string           `json:"areaName"`
	StreetName string           `json:"streetName"`
	From       string           `json:"from"`
	Until      string           `json:"until"`
	Total      int64            `json:"total"`
	Side       Side             `json:"side,omitempty" enum:"street,community,council" doc:"For which the reader acts"`
	Allowed    []AgreeMove      `json:"allowed"`
	Editable   bool             `json:"editable"`
	Events     []AgreementEvent `json:"events"`
	Opens      string           `json:"opens" doc:"First day on which the year is rated"`
	Rates      bool             `json:"rates" doc:"The reader may rate it now"`
	Said       []Side           `json:"said" doc:"Sides that have rated; what they said is shown once all have"`
	Appraisals []Appraisal      `json:"appraisals" doc:"Of all sides once published; before, the reader's own side's alone"`
	Gaps       []Gap            `json:"gaps" doc:"What was not provided in any year"`
}

// AgreeMove is a step that the reader may take now.
type AgreeMove struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

func (s *Service) areaName(ctx context.Context, code string) string {
	a, ok := s.Lists.Registry.Area(code)
	if !ok {
		return code
	}
	return registry.NameIn(a, text.From(ctx))
}

// Show is an agreement for a member of staff. Error: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (AgreementDetail, error) {
	r, actor := s.log().DB, authority.From(ctx)
	a, err := find(ctx, r, id)
	d := AgreementDetail{Agreement: a, Allowed: []AgreeMove{}, Said: []Side{}, Appraisals: []Appraisal{}}
	if err == nil && !actor.Can(permRead, a.Area) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return d, err
	}
	d.AreaName, d.From, d.Until, d.Total, d.Side = s.areaName(ctx, a.Area), a.From(), a.Until(), a.Terms.Total(), sideOf(actor, a.Area)
	d.StreetName = s.areaName(ctx, a.Area[:min(len(a.Area), registry.CodeLength(registry.LevelStreet))])
	if d.Events, err = listEvents(ctx, r, &a); err != nil {
		return d, err
	}
	if d.Gaps, err = listGaps(ctx, r, a.Area); err != nil {
		return d, err
	}
	said, err := listAppraisals(ctx, r, &a)
	if err != nil {
		return d, err
	}
	for _, p := range said {
		d.Said = append(d.Said, p.Side)
		if a.Published > 0 || p.Side == d.Side {
			d.Appraisals = append(d.Appraisals, p)
		}
	}
	d.Opens = a.opens(s.Lists.Rules.Int(ruleOpens, a.Until()))
	d.Rates = a.rated() && a.today >= d.Opens && d.Side != "" && !slices.Contains(d.Said, d.Side)
	for _, t := range lifecycle.Allowed(&a, actor) {
		if t.Verb == verbChange || t.Verb == verbCounter {
			d.Editable = true
			continue
		}
		d.Allowed = append(d.Allowed, AgreeMove{Verb: string(t.Verb), Fields: append([]flow.Field{}, t.Fields...),
			Danger: t.Danger, Aside: t.Aside})
	}
	return d, nil
}

// Filter narrows a list of staff.
type Filter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	Year   int    `query:"year" minimum:"0" maximum:"2200"`
	State  string `query:"state" enum:"draft,negotiating,signed,force,ended,dropped,terminated"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// List is one page of the agreements in the actor's areas, the newest year first, and the cursor of the next. Error:
// Malformed "cursor".
func (s *Service) List(ctx context.Context, f Filter) ([]Agreement, string, error) {
	year, id := 9999, "~"
	if err := db.ReadCursor(f.Cursor, &year, &id); err != nil {
		return nil, "", err
	}
	scopes := authority.Narrow(authority.From(ctx).Scope(permRead), f.Area)
	if len(scopes) == 0 {
		return nil, "", nil
	}
	var w db.Where
	var in []string
	for _, scope := range scopes {
		in = append(in, w.Term("area >= %s AND area < %s", scope, authority.PrefixEnd(scope)))
	}
	w.Any(in...)
	w.And("(year, id) < (%s, %s)", year, id)
	if f.Year > 0 {
		w.And("year = %s", f.Year)
	}
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	limit := w.Arg(f.Limit + 1)
	all, err := db.All(ctx, s.log().DB, scan,
		`SELECT `+columns+` FROM admission_agreement`+w.String()+` ORDER BY year DESC, id DESC LIMIT `+limit,
		w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		last := all[f.Limit-1]
		next = db.Cursor(last.Year, last.ID)
	}
	return all, next, err
}

func (s *Service) row(ctx context.Context, a *Agreement) AgreementRow {
	return AgreementRow{ID: a.ID, Number: a.Number, Area: a.Area, AreaName: s.areaName(ctx, a.Area), Year: a.Year, State: a.State,
		Items: len(a.Terms.Items), Total: a.Terms.Total(), Street: a.Street.At > 0, Community: a.Community.At > 0, Published: a.Published > 0}
}

// AgreementPath names an agreement in an address.
type AgreementPath struct {
	ID string `path:"id" maxLength:"50"`
}

type agreementStep struct {
	AgreementPath
	Body struct {
		Version int64  `json:"version" minimum:"1"`
		Note    string `json:"note,omitempty" maxLength:"500" doc:"Why; required to drop and to terminate"`
		Digest  string `json:"digest,omitempty" maxLength:"64" doc:"Of the text that is signed, as it was shown; required to sign"`
	}
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/agreements", Permission: permRead,
		Summary: "Agreements of my areas, one page"},
		func(ctx context.Context, in *Filter) (*httpx.List[AgreementRow], error) {
			found, next, err := s.List(ctx, *in)
			rows := make([]AgreementRow, len(found))
			for i := range found {
				rows[i] = s.row(ctx, &found[i])
			}
			return httpx.NewList(rows, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/admission/agreements", Permission: permStreet,
		Summary: "Begin a community's agreement for a year", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Area string `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
				Year int    `json:"year" minimum:"2000" maximum:"2200"`
			}
		}) (*httpx.Answer[AgreementDetail], error) {
			a, err := s.Begin(ctx, in.Body.Area, in.Body.Year)
			return s.answer(ctx, a.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/agreements/{id}", Permission: permRead,
		Summary: "An agreement with what I may do"},
		func(ctx context.Context, in *AgreementPath) (*httpx.Answer[AgreementDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/admission/agreements/{id}", Permission: permNegotiate,
		Summary: "Write the terms, or propose others", MaxBody: 1 << 20},
		func(ctx context.Context, in *struct {
			AgreementPath
			Body struct {
				Version int64  `json:"version" minimum:"1"`
				Terms   Terms  `json:"terms"`
				Note    string `json:"note,omitempty" maxLength:"500" doc:"What is proposed otherwise, and why"`
			}
		}) (*httpx.Answer[AgreementDetail], error) {
			_, err := s.Write(ctx, in.ID, in.Body.Version, in.Body.Terms, fold.Line(in.Body.Note))
			return s.answer(ctx, in.ID, err)
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/admission/agreements/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of an agreement: " + string(st.verb)},
			func(ctx context.Context, in *agreementStep) (*httpx.Answer[AgreementDetail], error) {
				_, err := s.Step(ctx, in.ID, st.verb, in.Body.Version, flow.Input{Note: in.Body.Note}, in.Body.Digest)
				return s.answer(ctx, in.ID, err)
			})
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/admission/agreements/{id}/appraisal", Permission: permAppraise,
		Summary: "Rate the year for my side"},
		func(ctx context.Context, in *struct {
			AgreementPath
			Body struct {
				Version   int64     `json:"version" minimum:"1"`
				Appraisal Appraisal `json:"appraisal"`
			}
		}) (*httpx.Answer[AgreementDetail], error) {
			_, err := s.Appraise(ctx, in.ID, in.Body.Version, in.Body.Appraisal)
			return s.answer(ctx, in.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/admission/agreements/{id}/gaps/{code}", Permission: permCommunity,
		Summary: "What was not provided is settled"},
		func(ctx context.Context, in *struct {
			AgreementPath
			Code string `path:"code" maxLength:"20"`
			Body struct {
				Note string `json:"note" maxLength:"500" doc:"How it was settled"`
			}
		}) (*httpx.Answer[AgreementDetail], error) {
			return s.answer(ctx, in.ID, s.Settle(ctx, in.ID, in.Code, in.Body.Note))
		})
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[AgreementDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

// offered are the entries that an agreement for a year may name, for the demo and tests.
func (s *Service) offered(ctx context.Context, a *Agreement) ([]admission.Entry, error) {
	return s.Lists.Entries(ctx, s.log().DB, a.Area, max(a.From(), clock.Day(clock.Now(ctx))), admission.Duties...)
}
