package community

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

func (s *Service) routes(api *httpx.API) {
	public := func(path, summary string) httpx.Route {
		return httpx.Route{Method: "GET", Path: path, Permission: authority.Public, Summary: summary}
	}
	httpx.Handle(api, public("/registry/figures", "Counts of an area, and the report's own beside them"), s.getFigures)
	httpx.Handle(api, public("/registry/areas/{code}/facilities", "What a community has"), s.getFacilities)
	httpx.Handle(api, httpx.Route{Method: "PUT", Path: "/registry/areas/{code}/facilities", Permission: PermissionFacility,
		Summary: "Keep what a community has"}, s.putFacilities)
	httpx.Handle(api, public("/registry/areas/{code}/coverage", "What the communities of an area have, rolled up"), s.getCoverage)
}

func (s *Service) getFacilities(_ context.Context, in *registry.AreaPath) (*httpx.Answer[Facilities], error) {
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

func (s *Service) getCoverage(ctx context.Context, in *registry.AreaPath) (*httpx.Answer[Coverage], error) {
	c, err := s.Coverage(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(c), nil
}

type figuresQuery struct {
	Area string `query:"area" maxLength:"15" pattern:"^[0-9]*$" doc:"Empty: the city"`
	On   string `query:"on" maxLength:"10" doc:"Of the register as it was on a day, YYYY-MM-DD"`
}

func (s *Service) getFigures(ctx context.Context, in *figuresQuery) (*httpx.Answer[Figures], error) {
	if in.Area == "" {
		city, _ := s.Register.City()
		in.Area = city.Code
	}
	figures := s.Figures
	if in.On != "" {
		figures = func(ctx context.Context, code string) (Figures, error) { return s.FiguresOn(ctx, code, in.On) }
	}
	f, err := figures(ctx, in.Area)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(f), nil
}
