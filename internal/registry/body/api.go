package body

import (
	"context"
	"net/http"

	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

func (s *Service) routes(api *httpx.API) {
	edit := func(method, path, summary string, status int) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: PermissionEdit, Summary: summary, Status: status}
	}
	httpx.Handle(api, httpx.Route{Method: "GET", Path: "/registry/areas/{code}/bodies", Permission: authority.Public,
		Summary: "Bodies of an area and their members"}, s.getBodies)
	httpx.Handle(api, httpx.Route{Method: "GET", Path: "/registry/bodies", Permission: authority.Public,
		Summary: "Bodies at, above and below an area, to pick one"}, s.getPick)
	httpx.Handle(api, edit("GET", "/registry/areas/{code}/gaps", "What the bodies of a community lack", 0), s.getGaps)
	httpx.Handle(api, edit("POST", "/registry/areas/{code}/bodies", "Add a body", http.StatusCreated), s.postBody)
	httpx.Handle(api, edit("PUT", "/registry/bodies/{id}", "Change a body", 0), s.putBody)
	httpx.Handle(api, edit("POST", "/registry/bodies/{id}/members", "Add a member", http.StatusCreated), s.postMember)
	httpx.Handle(api, edit("PUT", "/registry/members/{id}", "Change a member", 0), s.putMember)
	s.linkRoute(api)
	httpx.Handle(api, edit("DELETE", "/registry/members/{id}", "Remove a member entered by mistake", http.StatusNoContent), s.deleteMember)
}

func (s *Service) getBodies(ctx context.Context, in *registry.AreaPath) (*httpx.List[registry.Body], error) {
	if _, ok := s.Register.Area(in.Code); !ok {
		return nil, registry.ErrAreaMissing(in.Code)
	}
	bodies, err := s.Register.Bodies(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return httpx.NewList(bodies, ""), nil
}

type pickQuery struct {
	Area   string `query:"area" required:"true" minLength:"2" maxLength:"15" pattern:"^[0-9]+$"`
	Kind   string `query:"kind" enum:"party,committee,station,office,council,supervisory,subdistrict,department"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"200"`
}

func (s *Service) getPick(ctx context.Context, in *pickQuery) (*httpx.List[registry.Body], error) {
	bodies, next, err := s.Register.PickBodies(ctx, registry.BodyFilter{Area: in.Area, Kind: in.Kind, After: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return httpx.NewList(bodies, next), nil
}

func (s *Service) getGaps(ctx context.Context, in *registry.AreaPath) (*httpx.Answer[Gaps], error) {
	if err := authority.Require(ctx, PermissionEdit, in.Code); err != nil {
		return nil, err
	}
	g, err := s.Gaps(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(g), nil
}

// BodyContent is what is described of a body.
type BodyContent struct {
	Name    string           `json:"name" minLength:"1" maxLength:"60"`
	Phone   string           `json:"phone,omitempty" maxLength:"30"`
	Address string           `json:"address,omitempty" maxLength:"120"`
	Hours   []registry.Hours `json:"hours,omitempty" maxItems:"14"`
}

type newBody struct {
	Code string `path:"code" minLength:"2" maxLength:"15" pattern:"^[0-9]+$"`
	Body struct {
		BodyContent
		Kind       string `json:"kind" enum:"party,committee,station,office,council,supervisory,subdistrict,department"`
		Department string `json:"department,omitempty" maxLength:"30"`
	}
}

func (s *Service) postBody(ctx context.Context, in *newBody) (*httpx.Answer[registry.Body], error) {
	if _, ok := s.Register.Area(in.Code); !ok {
		return nil, registry.ErrAreaMissing(in.Code)
	}
	b := in.Body.BodyContent.of(registry.Body{Area: in.Code, Kind: in.Body.Kind, Department: in.Body.Department})
	return answerBody(s.PutBody(ctx, b))
}

type changedBody struct {
	ID   string `path:"id" minLength:"1" maxLength:"36"`
	Body struct {
		BodyContent
		Version int64 `json:"version" minimum:"1"`
	}
}

func (s *Service) putBody(ctx context.Context, in *changedBody) (*httpx.Answer[registry.Body], error) {
	return answerBody(s.PutBody(ctx, in.Body.BodyContent.of(registry.Body{ID: in.ID, Version: in.Body.Version})))
}

func (c BodyContent) of(b registry.Body) registry.Body {
	b.Name, b.Phone, b.Address, b.Hours = c.Name, c.Phone, c.Address, c.Hours
	return b
}

func answerBody(b registry.Body, err error) (*httpx.Answer[registry.Body], error) {
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(b), nil
}

// MemberContent is what is described of a member.
type MemberContent struct {
	Name     string           `json:"name" minLength:"1" maxLength:"50"`
	Post     string           `json:"post" minLength:"1" maxLength:"30"`
	Phone    string           `json:"phone,omitempty" maxLength:"30"`
	TermFrom string           `json:"termFrom" minLength:"10" maxLength:"10"`
	TermTo   string           `json:"termTo,omitempty" maxLength:"10" doc:"Empty while the term lasts"`
	Duty     []registry.Hours `json:"duty,omitempty" maxItems:"14"`
}

func (c MemberContent) of(m registry.Member) registry.Member {
	m.Name, m.Post, m.Phone, m.TermFrom, m.TermTo, m.Duty = c.Name, c.Post, c.Phone, c.TermFrom, c.TermTo, c.Duty
	if m.Duty == nil {
		m.Duty = []registry.Hours{}
	}
	return m
}

type newMember struct {
	ID   string `path:"id" minLength:"1" maxLength:"36" doc:"Body"`
	Body MemberContent
}

func (s *Service) postMember(ctx context.Context, in *newMember) (*httpx.Answer[registry.Member], error) {
	return answerMember(s.AddMember(ctx, in.ID, in.Body.of(registry.Member{})))
}

type changedMember struct {
	ID   string `path:"id" minLength:"1" maxLength:"36"`
	Body struct {
		MemberContent
		Version int64 `json:"version" minimum:"1"`
	}
}

func (s *Service) putMember(ctx context.Context, in *changedMember) (*httpx.Answer[registry.Member], error) {
	m := in.Body.MemberContent.of(registry.Member{ID: in.ID, Version: in.Body.Version})
	return answerMember(s.ChangeMember(ctx, m))
}

func answerMember(m registry.Member, err error) (*httpx.Answer[registry.Member], error) {
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(m), nil
}

type goneMember struct {
	ID      string `path:"id" minLength:"1" maxLength:"36"`
	Version int64  `query:"version" required:"true" minimum:"1"`
}

func (s *Service) deleteMember(ctx context.Context, in *goneMember) (*httpx.None, error) {
	return &httpx.None{}, s.RemoveMember(ctx, in.ID, in.Version)
}
