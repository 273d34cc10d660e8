package hall

import (
	"context"
	"net/http"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/joint"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
	"linli/internal/platform/text"
)

// ItemSummary is an item as lists show it, in the reader's language.
type ItemSummary struct {
	Code           string         `json:"code"`
	Name           string         `json:"name"`
	Kind           Kind           `json:"kind" enum:"government,volunteer,market"`
	Type           Type           `json:"type"`
	Department     string         `json:"department"`
	DepartmentName string         `json:"departmentName"`
	Statutory      calendar.Limit `json:"statutory"`
	Promised       calendar.Limit `json:"promised"`
	Summary        string         `json:"summary"`
	Enabled        bool           `json:"enabled" doc:"Takes applications"`
	Version        int64          `json:"version"`
	Edition        int            `json:"edition" doc:"Number of the edition in force"`
	ClosesOn       string         `json:"closesOn,omitempty" doc:"First day on which it takes no applications"`
	Switched       bool           `json:"switched" doc:"Not switched off; it may be closed by its date"`
	Own            bool           `json:"own" doc:"Made by the city, not shipped"`
	Official       string         `json:"official,omitempty" doc:"Basic code in the national catalogue"`
}

// MaterialView is one thing to bring, or not to bring.
type MaterialView struct {
	Name     string `json:"name"`
	Basis    string `json:"basis"`
	Copies   int    `json:"copies" doc:"0: the original is shown only"`
	Form     Paper  `json:"form" enum:"paper,electronic,either"`
	Required bool   `json:"required"`
	Held     bool   `json:"held" doc:"Already held by the government: not to bring"`
	Source   string `json:"source"`
}

// BasisView is a citation.
type BasisView struct {
	Name      string    `json:"name"`
	Article   string    `json:"article"`
	Certainty Certainty `json:"certainty" enum:"V,S,U,D"`
	Source    string    `json:"source"`
	Note      string    `json:"note"`
}

// Guide is an item with everything that an applicant must know, in the reader's language.
type Guide struct {
	ItemSummary
	NameZh     string         `json:"nameZh"`
	NameEn     string         `json:"nameEn"`
	Who        []string       `json:"who"`
	Conditions []string       `json:"conditions"`
	Materials  []MaterialView `json:"materials"`
	Steps      []string       `json:"steps"`
	Fee        string         `json:"fee"`
	Result     string         `json:"result"`
	Place      string         `json:"place"`
	Basis      []BasisView    `json:"basis"`
	Form       []form.View    `json:"form"`
	Agent      bool           `json:"agent" doc:"A worker may apply for the resident"`
}

// Summary shows an item in a language; names says words by their key.
func (s *Service) Summary(item *Item, lang text.Lang) ItemSummary {
	return ItemSummary{Code: item.Code, Name: item.Name.In(lang), Kind: item.Kind, Type: item.Type, Department: item.Department,
		DepartmentName: s.Texts.T(lang, item.DepartmentKey()), Statutory: item.Statutory, Promised: item.Promised,
		Summary: item.Summary.In(lang), Enabled: item.Enabled, Version: item.Version,
		Edition: item.Edition, ClosesOn: item.ClosesOn, Switched: item.Switched, Own: item.Own, Official: item.Official}
}

// Guide shows an item whole in the reader's language, with the bounds of dates as of today.
func (s *Service) Guide(ctx context.Context, item *Item) Guide {
	lang, today := text.From(ctx), clock.Day(clock.Now(ctx))
	g := Guide{ItemSummary: s.Summary(item, lang), NameZh: item.Name.Zh, NameEn: item.Name.En, Who: all(item.Who, lang),
		Conditions: all(item.Conditions, lang), Steps: all(item.Steps, lang), Fee: item.Fee.In(lang), Result: item.Result.In(lang),
		Place: item.Place.In(lang), Agent: item.Agent, Materials: []MaterialView{}, Basis: []BasisView{},
		Form: form.Views(item.Form, lang, today)}
	for _, m := range item.Materials {
		g.Materials = append(g.Materials, MaterialView{m.Name.In(lang), m.Basis.In(lang), m.Copies,
			m.Form, m.Required, m.Held, m.Source.In(lang)})
	}
	for _, b := range item.Bases {
		g.Basis = append(g.Basis, BasisView{b.Name.In(lang), b.Article.In(lang), b.Certainty, b.Source.In(lang), b.Note.In(lang)})
	}
	return g
}

func all(ts []Text, lang text.Lang) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.In(lang)
	}
	return out
}

// ItemPath names an item in an address.
type ItemPath struct {
	Code string `path:"code" maxLength:"60"`
}

type changeInput struct {
	ItemPath
	Body struct {
		Promised calendar.Limit `json:"promised"`
		Enabled  bool           `json:"enabled"`
		ClosesOn *string        `json:"closesOn,omitempty" maxLength:"10" pattern:"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$" doc:"First day on which it takes no applications; empty: none; left out: as it is"`
		Version  int64          `json:"version" minimum:"1"`
	}
}

type submitInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"64"`
	Body struct {
		casework.IntakeBody
		Item      string `json:"item" maxLength:"60"`
		Area      string `json:"area" maxLength:"15" pattern:"^[0-9]+$" doc:"Community of the applicant"`
		Applicant struct {
			Name     string `json:"name" maxLength:"50"`
			Phone    string `json:"phone" maxLength:"30"`
			IDNumber string `json:"idNumber" maxLength:"18"`
			Address  string `json:"address,omitempty" maxLength:"200"`
			Email    string `json:"email,omitempty" maxLength:"120"`
		} `json:"applicant"`
		Answers form.Answers   `json:"answers,omitempty" doc:"By the key of the field. Of choices the values in a list, or in one text apart by blanks; of an area its code, or a name that one area alone has. Those to fields that are not asked are left out"`
		Papers  map[string]int `json:"papers,omitempty" doc:"By the id of a file, the index of the material in the guide that it proves"`
		Channel string         `json:"channel,omitempty" enum:"portal,window" default:"portal"`
	}
}

func (s *Service) routes(api *httpx.API) {
	unmaskRoutes(s, api)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/hall/items", Permission: authority.Public, Summary: "Services on offer"},
		func(ctx context.Context, in *struct {
			Words string `query:"q" maxLength:"60"`
			All   bool   `query:"all" doc:"Those switched off too"`
		}) (*httpx.List[ItemSummary], error) {
			items, lang := s.Find(in.Words), text.From(ctx)
			if in.All {
				items = s.Catalogue()
			}
			views := make([]ItemSummary, len(items))
			for i := range items {
				views[i] = s.Summary(&items[i], lang)
			}
			return httpx.NewList(views, ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/hall/items/{code}",
		Permission: authority.Public, Summary: "Guide of a service"},
		func(ctx context.Context, in *ItemPath) (*httpx.Answer[Guide], error) {
			item, ok := s.Item(in.Code)
			if !ok {
				return nil, errs.ErrNotFound
			}
			return httpx.NewAnswer(s.Guide(ctx, &item)), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/hall/items/{code}", Permission: PermItem,
		Summary: "Set a service's promise, or take it out of the hall"},
		func(ctx context.Context, in *changeInput) (*httpx.Answer[Guide], error) {
			item, err := s.ChangeItem(ctx, in.Code, ItemChange{in.Body.Promised, in.Body.Enabled, in.Body.ClosesOn, in.Body.Version})
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(s.Guide(ctx, &item)), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/applications", Permission: authority.Public,
		Summary: "Apply for a service", Status: http.StatusCreated},
		func(ctx context.Context, in *submitInput) (*httpx.Answer[casework.OpenedView], error) {
			if err := s.Casework.MayOpen(ctx, ""); err != nil {
				return nil, err
			}
			b := &in.Body
			o, err := s.Submit(ctx, Application{Item: b.Item, Area: b.Area, Answers: b.Answers, Papers: b.Papers,
				Intake: b.Intake(b.Channel, in.Key),
				Applicant: people.Person{Name: b.Applicant.Name, Phone: b.Applicant.Phone, Number: b.Applicant.IDNumber, Address: b.Applicant.Address,
					Email: b.Applicant.Email}})
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(s.Casework.ViewOpened(ctx, &o)), nil
		})
	s.Casework.StepRoutes(api, "/hall/applications", KindApplication)
}

// manifest is what the hall brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "hall",
		Reach: casework.StepReach(s.Casework, "/hall/applications", KindApplication, reach, stepProbes,
			joint.Probes(string(stateAccepted)), clockverb.Probes(string(stateAccepted), "resident")), PageReach: pageReach,
		Tables: map[string]module.Growth{"hall_item": module.Reference, "hall_edition": module.Reference,
			"hall_application": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{s.Casework.FlowOf(KindApplication)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Search:      s.search(),
		Shipped:     []*shipped.Set{s.shipped},
		Kept:        []revision.Kept{{Name: RevisionItem, Reload: s.RefreshItems}},
		Jobs: []module.Job{{Name: "hall.keys", Every: 15 * time.Second, Do: s.Reseal},
			{Name: "hall.deem", Every: time.Minute, Do: func(ctx context.Context) error { _, err := s.DeemAccepted(ctx); return err }}},
	}
}
