package jobs

import (
	"context"
	"net/http"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
)

const permRead = "jobs.job.read"

// JobView is how a job stands.
type JobView struct {
	Name      string `json:"name" doc:"Worded by jobs.name.<name>"`
	Every     int64  `json:"every" doc:"Seconds from one time to the next"`
	Started   *int64 `json:"started,omitempty" doc:"When it was last begun"`
	Ended     *int64 `json:"ended,omitempty" doc:"When it was last over"`
	Succeeded *int64 `json:"succeeded,omitempty" doc:"When it last did what it is for"`
	Due       int64  `json:"due" doc:"When it is due next"`
	State     string `json:"state" enum:"waiting,working,failed,overdue"`
	Failure   string `json:"failure" doc:"What went wrong the last time, or empty"`
}

// overdueAfter is by how much a job may be late before it counts as overdue: twice its interval, a
// quarter of an hour at least.
func overdueAfter(j module.Job) time.Duration { return max(2*j.Every, 15*time.Minute) }

// List tells how the remembered jobs stand, in the order of their modules.
func (r *Runner) List(ctx context.Context) ([]JobView, error) {
	known, err := r.list(ctx)
	if err != nil {
		return nil, err
	}
	now, out := clock.Now(ctx), []JobView{}
	for _, j := range r.Remembered() {
		s := known[j.Name]
		v := JobView{Name: j.Name, Every: int64(j.Every / time.Second), Started: instant(s.started),
			Ended: instant(s.ended), Succeeded: instant(s.succeeded),
			Due: s.due, State: "waiting", Failure: s.failure}
		switch at := clock.Millis(now); {
		case s.lease > at:
			v.State = "working"
		case s.due > 0 && now.Sub(clock.Instant(s.due)) > overdueAfter(j),
			s.succeeded > 0 && now.Sub(clock.Instant(s.succeeded)) > j.Every+overdueAfter(j):
			v.State = "overdue"
		case s.failure != "":
			v.State = "failed"
		}
		out = append(out, v)
	}
	return out, nil
}

func instant(ms int64) *int64 {
	if ms == 0 {
		return nil
	}
	return &ms
}

// Overdue names the jobs that have not done for long what they are for.
func (r *Runner) Overdue(ctx context.Context) ([]string, error) {
	all, err := r.List(ctx)
	var out []string
	for _, v := range all {
		if v.State == "overdue" {
			out = append(out, v.Name)
		}
	}
	return out, err
}

// Module is what jobs bring. Readers are the roles that see how they stand, over the city.
func (r *Runner) Module(city func() string, readers ...authority.Role) module.Module {
	return module.Module{
		Name:        "jobs",
		Reach:       reach,
		Tables:      map[string]module.Growth{"jobs_job": module.Reference},
		Permissions: []authority.Permission{{Name: permRead, Roles: readers}},
		Texts:       Texts,
		Routes: func(api *httpx.API) {
			httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/jobs", Permission: permRead,
				Summary: "When each job was last done, how it ended and when it is due"},
				func(ctx context.Context, _ *struct{}) (*httpx.List[JobView], error) {
					if err := authority.Require(ctx, permRead, city()); err != nil {
						return nil, err
					}
					found, err := r.List(ctx)
					return httpx.NewList(found, ""), err
				})
		},
	}
}
