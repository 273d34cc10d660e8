package registry

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
)

func (s *Service) getFacilities(_ context.Context, in *areaPath) (*httpx.Answer[Facilities], error) {
	f, err := s.Facilities(in.Code)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(f), nil
}

func (s *Service) putFacilities(ctx context.Context, in *struct {
	Code string `path:"code" minLength:"2" maxLength:"15" pattern:"^[0-9]+$"`
	Body Facilities
}) (*httpx.Answer[Facilities], error) {
	if err := authority.Require(ctx, PermissionFacility, in.Code); err != nil {
		return nil, err
	}
	f, err := s.PutFacilities(ctx, in.Code, in.Body)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(f), nil
}

func (s *Service) getCoverage(ctx context.Context, in *areaPath) (*httpx.Answer[Coverage], error) {
	c, err := s.Coverage(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(c), nil
}
