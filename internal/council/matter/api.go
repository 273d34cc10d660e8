package matter

import (
	"context"
	"net/http"

	"linli/internal/council/meeting"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
)

// MatterPath names a matter in an address.
type MatterPath struct {
	ID string `path:"id" maxLength:"60"`
}

const base = "/council/matters"

// MatterSent is what comes with a step; each step takes what it needs.
type MatterSent struct {
	Version      int64    `json:"version" minimum:"1"`
	Note         string   `json:"note,omitempty" maxLength:"10000" doc:"Reason, minutes, finding, answer or what was done"`
	Item         string   `json:"item,omitempty" maxLength:"60" doc:"Piece of the plan, finding or opinion"`
	Spent        int64    `json:"spent,omitempty" minimum:"0" maximum:"100000000000" doc:"Fen, with progress"`
	Executor     string   `json:"executor,omitempty" maxLength:"200" doc:"Who carries out what is watched"`
	Barred       bool     `json:"barred,omitempty" doc:"Near relatives were found"`
	Deliberation *Sitting `json:"deliberation,omitempty"`
	Ballot       *struct {
		Meeting string `json:"meeting" maxLength:"60"`
		Vote    string `json:"vote" maxLength:"60"`
	} `json:"ballot,omitempty" doc:"Vote of a signed meeting"`
	Posting *struct {
		Day   string `json:"day" maxLength:"20"`
		Place string `json:"place" maxLength:"200"`
		Text  string `json:"text,omitempty" maxLength:"4000"`
	} `json:"posting,omitempty"`
}

func (b *MatterSent) sent() Sent {
	out := Sent{Note: b.Note, Item: b.Item, Spent: b.Spent, Executor: b.Executor, Barred: b.Barred, Deliberation: b.Deliberation}
	if b.Ballot != nil {
		out.Ballot = &Ballot{Meeting: b.Ballot.Meeting, Vote: b.Ballot.Vote}
	}
	if b.Posting != nil {
		out.Posting = &Posting{Day: b.Posting.Day, Place: b.Posting.Place, Text: b.Posting.Text}
	}
	return out
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base, Permission: permRead, Summary: "Matters of my areas, one page"},
		func(ctx context.Context, in *Filter) (*httpx.List[MatterRow], error) {
			rows, next, err := s.List(ctx, *in)
			return httpx.NewList(rows, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base, Permission: permRaise, Summary: "Raise a matter", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Area    string   `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
				Origin  string   `json:"origin" enum:"party,committee,residents,representatives,resident,incident,disclosure"`
				Content Content  `json:"content"`
				Request *Request `json:"request,omitempty" doc:"Of residents or representatives together"`
				Ref     string   `json:"ref,omitempty" maxLength:"60" doc:"Number of the incident or disclosure"`
			}
		}) (*httpx.Answer[MatterDetail], error) {
			b := &in.Body
			m, err := s.Raise(ctx, New{Area: b.Area, Origin: b.Origin, Content: b.Content, Request: b.Request, Ref: b.Ref})
			return s.answer(ctx, m.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base + "/{id}", Permission: permRead, Summary: "A matter with what I may do"},
		func(ctx context.Context, in *MatterPath) (*httpx.Answer[MatterDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: base + "/{id}", Permission: permRaise, Summary: "Change a returned matter"},
		func(ctx context.Context, in *struct {
			MatterPath
			Body struct {
				Version int64   `json:"version" minimum:"1"`
				Content Content `json:"content"`
			}
		}) (*httpx.Answer[MatterDetail], error) {
			return s.answer(ctx, in.ID, s.Change(ctx, in.ID, in.Body.Version, in.Body.Content))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: base + "/{id}/plan", Permission: permExecute, Summary: "Plan the execution"},
		func(ctx context.Context, in *struct {
			MatterPath
			Body struct {
				Version int64   `json:"version" minimum:"1"`
				Plan    []Piece `json:"plan" maxItems:"40"`
			}
		}) (*httpx.Answer[MatterDetail], error) {
			return s.answer(ctx, in.ID, s.Plan(ctx, in.ID, in.Body.Version, in.Body.Plan))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base + "/{id}/votes", Permission: permRead,
		Summary: "Signed votes on which the next step may rest"},
		func(ctx context.Context, in *MatterPath) (*httpx.List[meeting.SignedVote], error) {
			votes, err := s.Votes(ctx, in.ID)
			return httpx.NewList(votes, ""), err
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of a matter: " + string(st.verb)},
			func(ctx context.Context, in *struct {
				MatterPath
				Body MatterSent
			}) (*httpx.Answer[MatterDetail], error) {
				return s.answer(ctx, in.ID, s.Step(ctx, in.ID, st.verb, in.Body.Version, in.Body.sent()))
			})
	}
	s.paperRoutes(api)
	s.delegationRoutes(api)
}

// paperRoutes enter what came on paper.
func (s *Service) paperRoutes(api *httpx.API) {
	for path, verb := range map[string]flow.Verb{"supporters": verbSupport, "grades": verbAppraise} {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/" + path, Permission: permRaise,
			Summary: "Enter a list on paper: " + path},
			func(ctx context.Context, in *struct {
				MatterPath
				Body struct {
					Version int64    `json:"version" minimum:"1"`
					People  []Person `json:"people" minItems:"1" maxItems:"200"`
				}
			}) (*httpx.Answer[MatterDetail], error) {
				return s.answer(ctx, in.ID, s.Enter(ctx, in.ID, verb, in.Body.Version, in.Body.People))
			})
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/opinions", Permission: permRaise,
		Summary: "Enter an opinion on paper"},
		func(ctx context.Context, in *struct {
			MatterPath
			Body struct {
				Body string `json:"body" maxLength:"1000"`
			}
		}) (*httpx.Answer[MatterDetail], error) {
			return s.answer(ctx, in.ID, s.Write(ctx, in.ID, in.Body.Body))
		})
}

func (s *Service) delegationRoutes(api *httpx.API) {
	type inArea struct {
		Area string `query:"area" maxLength:"12" pattern:"^[0-9]+$"`
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/subjects", Permission: permRead,
		Summary: "Subjects that the law reserves in a community, with the article"},
		func(ctx context.Context, in *inArea) (*httpx.List[Reservation], error) {
			all, err := s.Subjects(ctx, in.Area)
			return httpx.NewList(all, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/delegations", Permission: permRead,
		Summary: "What a community's assembly has left to the representatives"},
		func(ctx context.Context, in *inArea) (*httpx.List[Delegation], error) {
			all, err := s.Delegations(ctx, in.Area)
			return httpx.NewList(all, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/council/delegations/votes", Permission: permRead,
		Summary: "Passed votes of a community's assemblies"},
		func(ctx context.Context, in *inArea) (*httpx.List[meeting.SignedVote], error) {
			all, err := s.AssemblyVotes(ctx, in.Area)
			return httpx.NewList(all, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/delegations", Permission: permExecute,
		Summary: "Keep that the assembly has left a subject to the representatives", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Area    string `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
				Code    string `json:"code" maxLength:"40"`
				Meeting string `json:"meeting" maxLength:"60"`
				Vote    string `json:"vote" maxLength:"60"`
			}
		}) (*httpx.Answer[Delegation], error) {
			d, err := s.Delegate(ctx, in.Body.Area, in.Body.Code, in.Body.Meeting, in.Body.Vote)
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(d), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/council/delegations/{id}/end", Permission: permExecute,
		Summary: "End a delegation", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			MatterPath
			Body struct {
				Version int64  `json:"version" minimum:"1"`
				Reason  string `json:"reason" maxLength:"1000"`
			}
		}) (*struct{}, error) {
			return nil, s.EndDelegation(ctx, in.ID, in.Body.Version, in.Body.Reason)
		})
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[MatterDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(d), nil
}
