package election

import (
	"context"
	"net/http"
	"slices"

	"linli/internal/council/ballot"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// ElectionMove is a step that the reader may take now.
type ElectionMove struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// ElectionDetail is an election with its present vote, its history, and what the reader may do.
type ElectionDetail struct {
	Election
	Events  []Event        `json:"events" nullable:"false"`
	Polls   []ballot.Poll  `json:"polls" nullable:"false" doc:"Votes, the first first"`
	Allowed []ElectionMove `json:"allowed" nullable:"false"`
	Runs    bool           `json:"runs" doc:"The reader may change plan, roll and candidates"`
	Valid   bool           `json:"valid" doc:"The present vote's result is valid"`
	Joint   int            `json:"joint" doc:"How many voters nominate jointly at least"`
	Open    int            `json:"open" doc:"Seats that nobody has got"`
}

// Show is an election for a member of staff. Error: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (d ElectionDetail, err error) {
	actor, r := authority.From(ctx), s.log().DB
	if d.Election, err = find(ctx, r, id); err == nil && !actor.Can(permRead, d.Area) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return d, err
	}
	if d.Events, err = listEvents(ctx, r, &d.Election); err != nil {
		return d, err
	}
	if d.Polls, err = ballot.Of(ctx, r, d.Area, id); err != nil {
		return d, err
	}
	for _, p := range d.Polls {
		if p.ID == d.Poll {
			d.Valid = p.Snapshot != nil && p.Snapshot.Valid
		}
	}
	e := &d.Election
	e.valid = d.Valid
	d.Open, d.Joint = e.Plan.open(), 1
	if x, ok := threshold.ShareOf("nomination.joint", e.Law, threshold.Voters, "", e.Plan.Day); ok {
		d.Joint = x.Num
	}
	d.Runs = actor.Can(permRun, e.Area)
	d.Allowed = []ElectionMove{}
	for _, st := range steps {
		if t, ok := lifecycle.Find(e.State, st.verb); ok && lifecycle.Offers(t, e, actor) {
			d.Allowed = append(d.Allowed, ElectionMove{Verb: string(st.verb), Fields: append([]flow.Field{}, t.Fields...), Danger: t.Danger,
				Aside: t.Aside})
		}
	}
	return d, nil
}

// ElectionRow is an election in a list.
type ElectionRow struct {
	ID    string     `json:"id"`
	Area  string     `json:"area"`
	Name  string     `json:"name" doc:"Of the community"`
	Law   string     `json:"law"`
	Kind  string     `json:"kind"`
	State flow.State `json:"state"`
	Day   string     `json:"day"`
	Due   string     `json:"due" doc:"Last day of the handover; empty before"`
	Late  bool       `json:"late" doc:"The handover is overdue"`
}

// List are the elections that the actor sees, the newest first.
func (s *Service) List(ctx context.Context, state, cursor string, limit int) ([]ElectionRow, string, error) {
	found, err := list(ctx, s.log().DB, authority.From(ctx).Scope(permRead), state, cursor, limit+1)
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].ID
	}
	out := []ElectionRow{}
	for _, e := range found {
		name := e.Area
		if a, ok := s.Ballots.Registry.Area(e.Area); ok {
			name = registry.NameIn(a, text.From(ctx))
		}
		out = append(out, ElectionRow{ID: e.ID, Area: e.Area, Name: name, Law: e.Law, Kind: e.Plan.Kind, State: e.State, Day: e.Plan.Day,
			Due:  e.Due,
			Late: e.State == stateConcluded && e.Due < e.today})
	}
	return out, next, err
}

// ElectionPath names an election in an address.
type ElectionPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[ElectionDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/elections", Permission: permRead, Summary: "Elections that I see"},
		func(ctx context.Context, in *struct {
			State  string `query:"state" enum:"draft,posted,ready,polling,counting,announced,concluded,done,void,abandoned"`
			Cursor string `query:"cursor" maxLength:"64"`
			Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
		}) (*httpx.List[ElectionRow], error) {
			found, next, err := s.List(ctx, in.State, in.Cursor, in.Limit)
			return httpx.NewList(found, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections", Permission: permBegin, Summary: "Begin an election",
		Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Area string   `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
				Plan NewTerms `json:"plan"`
			}
		}) (*httpx.Answer[ElectionDetail], error) {
			e, err := s.Begin(ctx, in.Body.Area, in.Body.Plan.plan())
			return s.answer(ctx, e.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/elections/{id}", Permission: permRead,
		Summary: "An election with its votes and what I may do"},
		func(ctx context.Context, in *ElectionPath) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/council/elections/{id}", Permission: permRun, Summary: "Change the plan of a draft"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Body struct {
				Version int64    `json:"version" minimum:"1"`
				Plan    NewTerms `json:"plan"`
			}
		}) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, s.Write(ctx, in.ID, in.Body.Version, in.Body.Plan.plan()))
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of an election: " + string(st.verb)},
			func(ctx context.Context, in *struct {
				ElectionPath
				Body struct {
					Version int64         `json:"version" minimum:"1"`
					Note    string        `json:"note,omitempty" maxLength:"500"`
					Day     string        `json:"day,omitempty" maxLength:"10" doc:"Polling day of the run-off"`
					Dropped []DroppedSeat `json:"dropped,omitempty" maxItems:"9" doc:"Who has the votes and takes no seat"`
				}
			}) (*httpx.Answer[ElectionDetail], error) {
				return s.answer(ctx, in.ID, s.Step(ctx, in.ID, st.verb, in.Body.Version, StepInput{Day: in.Body.Day, Note: in.Body.Note,
					Dropped: in.Body.Dropped}))
			})
	}
	s.rollRoutes(api)
	s.candidateRoutes(api)
}

// NewTerms is what is set of an election before the roll is posted.
type NewTerms struct {
	Kind      string      `json:"kind" enum:"term,byelection"`
	Mode      string      `json:"mode" enum:"voters,households,representatives"`
	Day       string      `json:"day" maxLength:"10"`
	Online    bool        `json:"online,omitempty"`
	WomanSeat bool        `json:"womanSeat,omitempty"`
	TermTo    string      `json:"termTo,omitempty" maxLength:"10"`
	Seats     []Seat      `json:"seats" minItems:"1" maxItems:"3"`
	ChosenBy  string      `json:"chosenBy" enum:"assembly,representatives,groups"`
	ChosenOn  string      `json:"chosenOn" maxLength:"10"`
	Committee []Organiser `json:"committee" maxItems:"11"`
	Boxes     []NewBox    `json:"boxes" maxItems:"20"`
}

// NewBox is a ballot box that is planned.
type NewBox struct {
	Name   string `json:"name" maxLength:"50"`
	Mobile bool   `json:"mobile,omitempty" doc:"Carried to the old and sick"`
}

func (s *Service) rollRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/fill", Permission: permRun,
		Summary: "Register everybody on the community's roster of residents who may vote"},
		func(ctx context.Context, in *ElectionPath) (*httpx.Answer[ballot.Filled], error) {
			f, err := s.Fill(ctx, in.ID)
			return httpx.NewAnswer(f), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/roll", Permission: permRun,
		Summary: "Add persons to the roll and remove some; with a reason once it is posted"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Body struct {
				Add    []ballot.Entrant `json:"add,omitempty" maxItems:"200"`
				Remove []int            `json:"remove,omitempty" maxItems:"200"`
				Reason string           `json:"reason,omitempty" maxLength:"200"`
			}
		}) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, s.Roll(ctx, in.ID, in.Body.Add, in.Body.Remove, in.Body.Reason))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/proxies", Permission: permRun,
		Summary: "Keep a written delegation"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Body ballot.Proxy
		}) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, s.Delegate(ctx, in.ID, in.Body))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/council/elections/{id}/proxies/{principal}", Permission: permRun,
		Summary: "Take a delegation back"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Principal int `path:"principal" minimum:"1" maximum:"99999"`
		}) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, s.Revoke(ctx, in.ID, in.Principal))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/objections", Permission: permRun,
		Summary: "Keep an objection against the posted roll"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Body struct {
				Text string `json:"text" minLength:"1" maxLength:"300"`
			}
		}) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, s.Object(ctx, in.ID, in.Body.Text))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/objections/{objection}", Permission: permRun,
		Summary: "Decide an objection"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Objection string `path:"objection" maxLength:"64"`
			Body      struct {
				Upheld bool   `json:"upheld,omitempty"`
				Answer string `json:"answer" minLength:"1" maxLength:"300"`
			}
		}) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, s.Answer(ctx, in.ID, in.Objection, in.Body.Upheld, in.Body.Answer))
		})
}

func (s *Service) candidateRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/candidates", Permission: permRun,
		Summary: "Nominate somebody on the roll"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Body struct {
				Number int    `json:"number" minimum:"1" maximum:"99999"`
				Post   string `json:"post" enum:"director,deputy_director,member"`
				By     string `json:"by" enum:"party,voters"`
				Voters []int  `json:"voters,omitempty" maxItems:"500"`
			}
		}) (*httpx.Answer[ElectionDetail], error) {
			b := &in.Body
			return s.answer(ctx, in.ID, s.Nominate(ctx, in.ID, Candidate{Number: b.Number, Post: b.Post, By: b.By, Voters: slices.Clone(b.Voters)}))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/elections/{id}/candidates/{candidate}", Permission: permRun,
		Summary: "Keep what was found of the grounds on which nobody may stand, or that the candidate withdraws"},
		func(ctx context.Context, in *struct {
			ElectionPath
			Candidate string `path:"candidate" maxLength:"64"`
			Body      struct {
				Checks   []Check `json:"checks,omitempty" maxItems:"4"`
				Withdraw bool    `json:"withdraw,omitempty"`
			}
		}) (*httpx.Answer[ElectionDetail], error) {
			return s.answer(ctx, in.ID, s.Examine(ctx, in.ID, in.Candidate, in.Body.Checks, in.Body.Withdraw))
		})
}
