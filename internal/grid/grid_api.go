package grid

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/joint"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
)

type reportInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"64"`
	Body struct {
		casework.IntakeBody
		Category    string            `json:"category" maxLength:"4"`
		Description string            `json:"description" maxLength:"2000"`
		Place       casework.Location `json:"place"`
		Area        string            `json:"area,omitempty" maxLength:"15" pattern:"^[0-9]*$" doc:"Community or grid; found by the point when left out"`
		Reporter    struct {
			Name  string `json:"name,omitempty" maxLength:"50"`
			Phone string `json:"phone,omitempty" maxLength:"30"`
			Email string `json:"email,omitempty" maxLength:"120"`
		} `json:"reporter,omitempty"`
		Main    string `json:"main,omitempty" maxLength:"30" doc:"Number of an open incident that tells the same: the report is merged into it at once"`
		Channel string `json:"channel,omitempty" enum:"portal,window,field,console" default:"portal"`
	}
}

func (s *Service) routes(api *httpx.API) {
	s.categoryRoutes(api)
	s.recheckRoutes(api)
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/grid/incidents", Permission: authority.Public,
		Summary: "Report an incident", Status: http.StatusCreated},
		func(ctx context.Context, in *reportInput) (*httpx.Answer[casework.OpenedView], error) {
			if err := s.Casework.MayOpen(ctx, ""); err != nil {
				return nil, err
			}
			b := &in.Body
			o, err := s.Report(ctx, Incident{Category: b.Category, Description: b.Description, Place: b.Place, Area: b.Area,
				Reporter: people.Person{Name: b.Reporter.Name, Phone: b.Reporter.Phone, Email: b.Reporter.Email},
				Intake:   b.Intake(b.Channel, in.Key), Main: b.Main})
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(s.Casework.ViewOpened(ctx, &o)), nil
		})
	s.alikeRoute(api)
	s.Casework.StepRoutes(api, "/grid/incidents", KindIncident)
}

// manifest is what the grid brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "grid",
		Reach: casework.StepReach(s.Casework, "/grid/incidents", KindIncident, reach, stepProbes,
			joint.Probes(string(stateDispatched)), clockverb.Probes(string(stateDispatched), "funding")), PageReach: pageReach,
		Tables: map[string]module.Growth{"grid_category": module.Reference, "grid_incident": module.Sharded,
			"grid_recheck": module.Sharded, "grid_draw": module.Sharded, "grid_recheck_tally": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{s.Casework.FlowOf(KindIncident)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Shipped:     []*shipped.Set{s.shipped},
		Kept:        []revision.Kept{{Name: revisionCategory, Reload: s.RefreshCategories}},
		Jobs: []module.Job{
			{Name: "grid.rechecks", Every: 10 * time.Minute, Do: func(ctx context.Context) error {
				n, err := s.DrawRechecks(ctx)
				if n > 0 {
					slog.InfoContext(ctx, "closed incidents drawn to be checked", "incidents", n)
				}
				return err
			}},
		},
	}
}
