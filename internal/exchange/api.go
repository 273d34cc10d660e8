package exchange

import (
	"context"
	"net/http"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// ElementView is an element with who uses it.
type ElementView struct {
	Element
	Bound    bool      `json:"bound" doc:"Linli holds its values"`
	Editable bool      `json:"editable" doc:"By the reader"`
	Uses     []FormUse `json:"uses" doc:"Published forms that ask for it"`
}

// FormUse is a form that asks for an element.
type FormUse struct {
	Form  string `json:"form"`
	Title string `json:"title"`
	Body  string `json:"body" doc:"Name of the department"`
}

// ElementLine is an element as lists show it.
type ElementLine struct {
	Code    string `json:"code"`
	Group   string `json:"group"`
	Name    string `json:"name"`
	Type    string `json:"type"`
	Unit    string `json:"unit"`
	Owner   string `json:"owner"`
	Sharing string `json:"sharing"`
	Bound   bool   `json:"bound"`
	Enabled bool   `json:"enabled"`
}

// FormSummary is a form as lists show it.
type FormSummary struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	State       string `json:"state" enum:"draft,checked,published,withdrawn,discarded"`
	Area        string `json:"area"`
	Body        string `json:"body" doc:"Name of the department"`
	Wanted      int    `json:"wanted" doc:"Fields that count"`
	Held        int    `json:"held" doc:"Of these, held already"`
	Writer      string `json:"writer"`
	WrittenAt   int64  `json:"writtenAt"`
	PublishedAt int64  `json:"publishedAt" doc:"0 until it was published"`
}

// FormMove is a step that the reader may take now.
type FormMove struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// FormAdmission is the admission on which a form rests: its number and end stand wherever the form is shown or printed.
type FormAdmission struct {
	Number string `json:"number"`
	Title  string `json:"title"`
	Until  string `json:"until" doc:"Last day, YYYY-MM-DD"`
	State  string `json:"state" doc:"Of admission.application"`
	Live   bool   `json:"live" doc:"Forms may be sent on it today"`
}

// admission is how the admission of a form stands; nil where it names none, or one that nobody knows.
func (s *Service) admission(ctx context.Context, f *Form) (*FormAdmission, error) {
	if f.Admission == "" || s.Admissions == nil {
		return nil, nil
	}
	all, err := s.Admissions.Standings(ctx, s.Log.DB, []string{f.Admission})
	st, known := all[f.Admission]
	if err != nil || !known {
		return nil, err
	}
	return &FormAdmission{Number: st.Number, Title: st.Title, Until: st.Until, State: st.State,
		Live: st.Live && slices.Contains(st.Ways, "form")}, nil
}

// FormDetail is a form whole, with what the check says of it today.
type FormDetail struct {
	FormSummary
	Content   Content    `json:"content"`
	BodyID    string     `json:"bodyId"`
	CheckedAt int64      `json:"checkedAt" doc:"0 until it was checked"`
	Publisher string     `json:"publisher"`
	EndedAt   int64      `json:"endedAt" doc:"Withdrawn or discarded; else 0"`
	Note      string     `json:"note" doc:"Of the last return or withdrawal"`
	Report    ReportView `json:"report"`
	Allowed   []FormMove `json:"allowed"`
	Editable  bool       `json:"editable"`
	Version   int64      `json:"version"`

	Admission *FormAdmission `json:"admission,omitempty" doc:"On which it rests, where it names one that is known"`
}

func (s *Service) line(e *Element, lang text.Lang) ElementLine {
	return ElementLine{Code: e.Code, Group: e.Group, Name: in(e.Name, lang), Type: string(e.Type), Unit: in(e.Unit, lang),
		Owner: in(e.Owner, lang), Sharing: string(e.Sharing), Bound: s.bound()[e.Code], Enabled: e.Enabled}
}

func (s *Service) elementView(ctx context.Context, e Element) (ElementView, error) {
	city, _ := s.Registry.City()
	v := ElementView{Element: e, Bound: s.bound()[e.Code], Editable: authority.From(ctx).Can(permElement, city.Code), Uses: []FormUse{}}
	running, err := s.Running(ctx, s.Log.DB, "")
	for i := range running {
		r := s.Check(ctx, &running[i].Content, nil)
		if slices.ContainsFunc(r.Fields, func(f Finding) bool {
			return f.Match.Element != nil && f.Match.Element.Code == e.Code && f.Match.How != byNear
		}) {
			v.Uses = append(v.Uses, FormUse{Form: running[i].ID, Title: in(running[i].Title, text.From(ctx)),
				Body: s.Registry.BodyName(running[i].Body)})
		}
	}
	return v, err
}

func (s *Service) summary(f *Form, lang text.Lang) FormSummary {
	return FormSummary{ID: f.ID, Title: in(f.Title, lang), State: f.State, Area: f.Area, Body: s.Registry.BodyName(f.Body), Wanted: f.Wanted,
		Held: f.Held, Writer: f.Writer, WrittenAt: f.WrittenAt, PublishedAt: f.PublishedAt}
}

// report is what the check says of a content today, for the actor.
func (s *Service) report(ctx context.Context, c *Content, but string) (ReportView, error) {
	running, err := s.Running(ctx, s.Log.DB, but)
	r := s.Check(ctx, c, running)
	return r.View(c, s.Words, s.Rules, text.From(ctx), clock.Day(clock.Now(ctx))), err
}

func (s *Service) detail(ctx context.Context, id string, err error) (*httpx.Answer[FormDetail], error) {
	if err != nil {
		return nil, err
	}
	f, err := s.Form(ctx, id)
	if err != nil {
		return nil, err
	}
	d := FormDetail{FormSummary: s.summary(&f, text.From(ctx)), Content: f.Content, BodyID: f.Body, CheckedAt: f.CheckedAt,
		Publisher: f.Publisher, EndedAt: f.EndedAt, Note: f.Note, Allowed: []FormMove{}, Version: f.Version}
	if d.Report, err = s.report(ctx, &f.Content, f.ID); err != nil {
		return nil, err
	}
	if d.Admission, err = s.admission(ctx, &f); err != nil {
		return nil, err
	}
	actor := authority.From(ctx)
	if t, ok := lifecycle.Find(flow.State(f.State), verbChange); ok {
		d.Editable = lifecycle.Offers(t, &f, actor)
	}
	for _, st := range steps {
		if t, ok := lifecycle.Find(flow.State(f.State), st.verb); ok && lifecycle.Offers(t, &f, actor) {
			d.Allowed = append(d.Allowed, FormMove{Verb: string(st.verb), Fields: slices.Clip(append([]flow.Field{}, t.Fields...)),
				Danger: t.Danger, Aside: t.Aside})
		}
	}
	return httpx.NewAnswer(d), nil
}

// ElementPath names an element in an address.
type ElementPath struct {
	Code string `path:"code" maxLength:"64"`
}

// FormPath names a form in an address.
type FormPath struct {
	ID string `path:"id" maxLength:"50"`
}

// A form of forty fields in two languages, with options and reasons, fits.
const formBody = 512 << 10

func (s *Service) routes(api *httpx.API) {
	s.elementRoutes(api)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/forms", Permission: permRead,
		Summary: "Forms for communities of departments in my areas, one page"},
		func(ctx context.Context, in *FormFilter) (*httpx.List[FormSummary], error) {
			found, next, err := s.Staff(ctx, *in)
			views := make([]FormSummary, len(found))
			for i := range found {
				views[i] = s.summary(&found[i], text.From(ctx))
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/forms", Permission: permWrite, MaxBody: formBody,
		Summary: "Begin a form for communities of my department", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Content }) (*httpx.Answer[FormDetail], error) {
			f, err := s.Write(ctx, in.Body)
			return s.detail(ctx, f.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/forms/{id}", Permission: permRead,
		Summary: "A form for communities with what the check says of it and what I may do"},
		func(ctx context.Context, in *FormPath) (*httpx.Answer[FormDetail], error) {
			return s.detail(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/exchange/forms/{id}", Permission: permWrite, MaxBody: formBody,
		Summary: "Change a form that is not published; it is a draft again"},
		func(ctx context.Context, in *struct {
			FormPath
			Body struct {
				Content
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[FormDetail], error) {
			_, err := s.Change(ctx, in.ID, in.Body.Version, in.Body.Content)
			return s.detail(ctx, in.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/check", Permission: permWrite, MaxBody: formBody,
		Summary: "What the check says of a form that need not be stored"},
		func(ctx context.Context, in *struct {
			Body struct {
				Content
				Form string `json:"form,omitempty" maxLength:"50" doc:"Id of the stored form that it is; it is not compared with itself"`
			}
		}) (*httpx.Answer[ReportView], error) {
			in.Body.Content.tidy()
			v, err := s.report(ctx, &in.Body.Content, in.Body.Form)
			return httpx.NewAnswer(v), err
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/forms/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of a form for communities: " + string(st.verb)},
			func(ctx context.Context, in *struct {
				FormPath
				Body struct {
					Version int64  `json:"version" minimum:"1"`
					Note    string `json:"note,omitempty" maxLength:"500" doc:"Why; required to return and withdraw"`
				}
			}) (*httpx.Answer[FormDetail], error) {
				err := s.Step(ctx, in.ID, st.verb, in.Body.Version, flow.Input{Note: in.Body.Note})
				return s.detail(ctx, in.ID, err)
			})
	}
}

func (s *Service) elementRoutes(api *httpx.API) {
	view := func(ctx context.Context, e Element, err error) (*httpx.Answer[ElementView], error) {
		if err != nil {
			return nil, err
		}
		v, err := s.elementView(ctx, e)
		return httpx.NewAnswer(v), err
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/elements", Permission: permElementRead,
		Summary: "Data elements, by code"},
		func(ctx context.Context, in *ElementFilter) (*httpx.List[ElementLine], error) {
			found := s.Found(in.Words, in.Group)
			lines := make([]ElementLine, len(found))
			for i := range found {
				lines[i] = s.line(&found[i], text.From(ctx))
			}
			return httpx.NewList(lines, ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/elements/table", Permission: permElementRead,
		Summary: "Data elements as a table"}, s.exportElements)
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/elements", Permission: permElement,
		Summary: "Add a data element", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Element }) (*httpx.Answer[ElementView], error) {
			e, err := s.AddElement(ctx, in.Body)
			return view(ctx, e, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/elements/{code}", Permission: permElementRead,
		Summary: "A data element, with the forms that ask for it"},
		func(ctx context.Context, in *ElementPath) (*httpx.Answer[ElementView], error) {
			e, err := s.elementOf(in.Code)
			return view(ctx, e, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/exchange/elements/{code}", Permission: permElement,
		Summary: "Change a data element"},
		func(ctx context.Context, in *struct {
			ElementPath
			Body Element
		}) (*httpx.Answer[ElementView], error) {
			in.Body.Code = in.Code
			e, err := s.ChangeElement(ctx, in.Body)
			return view(ctx, e, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/elements/{code}/value", Permission: permElementRead,
		Summary: "What Linli holds of an element for a community of mine today"},
		func(ctx context.Context, in *struct {
			ElementPath
			Area string `query:"area" maxLength:"12" pattern:"^[0-9]{12}$" required:"true"`
		}) (*httpx.Answer[HeldValue], error) {
			v, err := s.ValueOf(ctx, in.Code, in.Area)
			return httpx.NewAnswer(v), err
		})
}

// HeldValue is a value that Linli holds, or that it holds none.
type HeldValue struct {
	Known bool `json:"known"`
	Value
}
