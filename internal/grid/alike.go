package grid

import (
	"context"
	"net/http"

	"linli/internal/casework"
	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/limit"
)

// Alike lists the open incidents that may tell what is about to be reported. Errors: Invalid for a
// category that is none, or without area and point.
func (s *Service) Alike(ctx context.Context, in Incident) ([]worklist.Candidate, error) {
	in.Area = s.Registry.Resolve(in.Area)
	located := s.locate(&in)
	category, ok := s.Category(in.Category)
	switch {
	case !ok || category.Parent == "":
		return nil, errs.ErrInvalid.At("category", "field.choice")
	case !located && in.Area == "":
		return nil, errs.ErrInvalid.At("area", "grid.incident.area")
	}
	if err := s.near(ctx, &in); err != nil {
		return nil, err
	}
	return s.Worklist.Alike(ctx, worklist.Query{Kind: KindIncident, Subject: category.Code,
		Text: in.Description, Area: in.Area, Place: in.Place})
}

type alikeInput struct {
	Body struct {
		Category    string            `json:"category" maxLength:"4"`
		Description string            `json:"description" maxLength:"2000"`
		Place       casework.Location `json:"place"`
		Area        string            `json:"area,omitempty" maxLength:"15" pattern:"^[0-9]*$" doc:"Community or grid; found by the point when left out"`
	}
}

func (s *Service) alikeRoute(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/grid/incidents/alike", Permission: authority.Public,
		Summary: "Open incidents that may tell what is about to be reported"},
		func(ctx context.Context, in *alikeInput) (*httpx.List[worklist.Candidate], error) {
			if !authority.From(ctx).SignedIn() {
				if err := s.Casework.Limits.Take(ctx, limit.Candidates, limit.Address(ctx)); err != nil {
					return nil, err
				}
			}
			b := &in.Body
			known, err := s.Alike(ctx, Incident{Category: b.Category, Description: b.Description, Place: b.Place, Area: b.Area})
			if err != nil {
				return nil, err
			}
			return httpx.NewList(known, ""), nil
		})
}
