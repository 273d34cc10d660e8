package design

import (
	"context"
	"net/http"

	"linli/internal/hall"
	"linli/internal/people"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// EditionSummary is an edition as lists show it.
type EditionSummary struct {
	Code       string `json:"code"`
	Edition    int    `json:"edition"`
	Name       string `json:"name"`
	State      string `json:"state" enum:"draft,upcoming,live,earlier,withdrawn"`
	From       string `json:"from" doc:"First day in force; empty of a draft and of what was there from the start"`
	Until      string `json:"until,omitempty" doc:"Last day in force, where a later one is released"`
	Writer     string `json:"writer"`
	WrittenAt  int64  `json:"writtenAt"`
	Releaser   string `json:"releaser"`
	ReleasedAt int64  `json:"releasedAt"`
	Reason     string `json:"reason" doc:"Why it was withdrawn"`
	Version    int64  `json:"version"`
}

// EditionView is an edition whole, in both languages.
type EditionView struct {
	EditionSummary
	Content hall.Content         `json:"content"`
	Faults  []httpx.ProblemField `json:"faults" doc:"Of a draft: what must be mended before it can be published"`
}

// ItemEditions is an item with all its editions, the newest first.
type ItemEditions struct {
	Code     string           `json:"code"`
	Own      bool             `json:"own" doc:"Made by the city, not shipped"`
	Enabled  bool             `json:"enabled" doc:"Not switched off"`
	ClosesOn string           `json:"closesOn" doc:"First day on which it takes no applications"`
	Version  int64            `json:"version" doc:"Of what the city set of the item"`
	Editions []EditionSummary `json:"editions"`
}

func summaryOf(e *hall.Edition, live *hall.Edition, day string, lang text.Lang) EditionSummary {
	v := EditionSummary{Code: e.Code, Edition: e.Number, Name: e.Content.Name.In(lang), State: string(e.State), From: e.From, Writer: e.Writer,
		WrittenAt: e.WrittenAt, Releaser: e.Releaser, ReleasedAt: e.ReleasedAt, Reason: e.Reason, Version: e.Version}
	if e.State == hall.ReleasedEdition {
		switch {
		case e.From > day:
			v.State = "upcoming"
		case live != nil && live.Number == e.Number:
			v.State = "live"
		default:
			v.State = "earlier"
		}
	}
	return v
}

// shown lists editions with what each is today, and until when it is in force.
func shown(all []hall.Edition, day string, lang text.Lang) []EditionSummary {
	var released []hall.Edition
	for _, e := range all {
		if e.State == hall.ReleasedEdition {
			released = append(released, e)
		}
	}
	hall.Order(released)
	live := hall.InForce(released, day)
	out := make([]EditionSummary, len(all))
	for i := range all {
		out[i] = summaryOf(&all[i], live, day, lang)
		for n := range released {
			if released[n].Number == all[i].Number && n+1 < len(released) {
				out[i].Until = dayBefore(released[n+1].From)
			}
		}
	}
	return out
}

// dayBefore is the day before a day; "" where it is none.
func dayBefore(day string) string {
	t, err := clock.Parse(day)
	if err != nil {
		return ""
	}
	return clock.Day(t.AddDate(0, 0, -1))
}

// EditionPath names an edition of an item in an address.
type EditionPath struct {
	hall.ItemPath
	Edition int `path:"edition" minimum:"1" maximum:"100000"`
}

type contentInput struct {
	Body struct {
		Content hall.Content `json:"content"`
	}
}

// A text of thirty materials and forty questions in two languages fits.
const contentBody = 512 << 10

func editionView(ctx context.Context, s *Service, api *httpx.API, e hall.Edition, err error) (*httpx.Answer[EditionView], error) {
	if err != nil {
		return nil, err
	}
	day := clock.Day(clock.Now(ctx))
	v := EditionView{EditionSummary: shown([]hall.Edition{e}, day, text.From(ctx))[0], Content: e.Content, Faults: []httpx.ProblemField{}}
	if e.State == hall.DraftEdition {
		if err := s.valid(&e.Content); err != nil {
			v.Faults = append(v.Faults, api.Problem(ctx, err).Errors...)
		}
	}
	return httpx.NewAnswer(v), nil
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/hall/editions", Permission: hall.PermItem,
		Summary: "Drafts and upcoming editions of all items"},
		func(ctx context.Context, _ *httpx.None) (*httpx.List[EditionSummary], error) {
			if err := mayDesign(ctx, s); err != nil {
				return nil, err
			}
			day := clock.Day(clock.Now(ctx))
			planned, err := listPlanned(ctx, s.Hall.Casework.Log.DB, day)
			views := make([]EditionSummary, len(planned))
			for i := range planned {
				views[i] = summaryOf(&planned[i], nil, day, text.From(ctx))
			}
			return httpx.NewList(views, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/items", Permission: hall.PermItem, MaxBody: contentBody,
		Summary: "Begin an item of the city's own with its first draft", Status: http.StatusCreated},
		func(ctx context.Context, in *contentInput) (*httpx.Answer[EditionView], error) {
			e, err := s.Create(ctx, in.Body.Content)
			return editionView(ctx, s, api, e, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/hall/items/{code}/editions", Permission: hall.PermItem,
		Summary: "All editions of an item, the newest first"},
		func(ctx context.Context, in *hall.ItemPath) (*httpx.Answer[ItemEditions], error) {
			all, err := s.Editions(ctx, in.Code)
			if err != nil {
				return nil, err
			}
			v := ItemEditions{Code: in.Code, Editions: shown(all, clock.Day(clock.Now(ctx)), text.From(ctx))}
			if o, ok := s.Hall.Offer(in.Code); ok {
				v.Own, v.Enabled, v.ClosesOn, v.Version = o.Own, o.Enabled, o.ClosesOn, o.Version
			}
			return httpx.NewAnswer(v), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/hall/items/{code}/editions/{edition}", Permission: hall.PermItem,
		Summary: "An edition of an item, in both languages"},
		func(ctx context.Context, in *EditionPath) (*httpx.Answer[EditionView], error) {
			all, err := s.Editions(ctx, in.Code)
			for _, e := range all {
				if e.Number == in.Edition {
					return editionView(ctx, s, api, e, err)
				}
			}
			if err == nil {
				err = errs.ErrNotFound
			}
			return nil, err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/hall/items/{code}/differences", Permission: hall.PermItem,
		Summary: "What differs between two editions of an item"},
		func(ctx context.Context, in *struct {
			hall.ItemPath
			Before int `query:"before" minimum:"1" maximum:"100000" required:"true"`
			After  int `query:"after" minimum:"1" maximum:"100000" required:"true"`
		}) (*httpx.List[EditionChange], error) {
			found, err := s.Compare(ctx, in.Code, in.Before, in.After)
			return httpx.NewList(found, ""), err
		})
	draftRoutes(s, api)
	trialRoutes(s, api)
}

func draftRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/items/{code}/draft", Permission: hall.PermItem,
		Summary: "Begin a draft of an item", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			hall.ItemPath
			Body struct {
				From int `json:"from,omitempty" minimum:"0" maximum:"100000" doc:"Edition whose text it begins with; 0: the newest that is released"`
			}
		}) (*httpx.Answer[EditionView], error) {
			e, err := s.Draft(ctx, in.Code, in.Body.From)
			return editionView(ctx, s, api, e, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/hall/items/{code}/draft", Permission: hall.PermItem, MaxBody: contentBody,
		Summary: "Save the draft of an item; what is live stays as it is"},
		func(ctx context.Context, in *struct {
			hall.ItemPath
			Body struct {
				Content hall.Content `json:"content"`
				Version int64        `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[EditionView], error) {
			in.Body.Content.Code = in.Code
			e, err := s.Save(ctx, in.Body.Content, in.Body.Version)
			return editionView(ctx, s, api, e, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/hall/items/{code}/draft", Permission: hall.PermItem,
		Summary: "Discard the draft of an item", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			hall.ItemPath
			Version int64 `query:"version" minimum:"1" required:"true"`
		}) (*httpx.None, error) {
			return nil, s.Discard(ctx, in.Code, in.Version)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/items/{code}/draft/publish", Permission: hall.PermItem,
		Summary: "Publish the draft of an item from a day on"},
		func(ctx context.Context, in *struct {
			hall.ItemPath
			Body struct {
				Version int64  `json:"version" minimum:"1"`
				From    string `json:"from" format:"date" doc:"Today or later"`
			}
		}) (*httpx.Answer[EditionView], error) {
			e, err := s.Publish(ctx, in.Code, in.Body.Version, in.Body.From)
			return editionView(ctx, s, api, e, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/items/{code}/editions/{edition}/withdraw", Permission: hall.PermItem,
		Summary: "Take back an edition that is not in force yet"},
		func(ctx context.Context, in *struct {
			EditionPath
			Body struct {
				Version int64  `json:"version" minimum:"1"`
				Reason  string `json:"reason" minLength:"1" maxLength:"500"`
			}
		}) (*httpx.Answer[EditionView], error) {
			e, err := s.Withdraw(ctx, in.Code, in.Edition, in.Body.Version, in.Body.Reason)
			return editionView(ctx, s, api, e, err)
		})
}

// TrialApplicant is whoever applies in a trial.
type TrialApplicant struct {
	Name     string `json:"name" maxLength:"50"`
	Phone    string `json:"phone" maxLength:"30"`
	IDNumber string `json:"idNumber" maxLength:"18"`
}

func trialRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/preview", Permission: hall.PermItem, MaxBody: contentBody,
		Summary: "The form of a text as the portal shows it; nothing is stored"},
		func(ctx context.Context, in *struct {
			Body struct {
				Content hall.Content `json:"content"`
				Lang    string       `json:"lang" enum:"zh,en"`
			}
		}) (*httpx.Answer[struct {
			HTML string `json:"html"`
		}], error) {
			html, err := s.Preview(ctx, &in.Body.Content, text.Lang(in.Body.Lang))
			return httpx.NewAnswer(struct {
				HTML string `json:"html"`
			}{html}), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/trial", Permission: hall.PermItem, MaxBody: contentBody,
		Summary: "Judge an application under a text that need not be published; nothing is stored"},
		func(ctx context.Context, in *struct {
			Body struct {
				Content   hall.Content    `json:"content"`
				Area      string          `json:"area" maxLength:"15" pattern:"^[0-9]*$"`
				Answers   form.Answers    `json:"answers,omitempty"`
				Applicant *TrialApplicant `json:"applicant,omitempty" doc:"Not judged when left out"`
			}
		}) (*httpx.Answer[TrialView], error) {
			t := Trial{Content: in.Body.Content, Area: in.Body.Area, Answers: in.Body.Answers}
			if a := in.Body.Applicant; a != nil {
				t.Applicant = &people.Person{Name: a.Name, Phone: a.Phone, Number: a.IDNumber}
			}
			v, err := s.Try(ctx, t)
			return httpx.NewAnswer(v), err
		})
}
