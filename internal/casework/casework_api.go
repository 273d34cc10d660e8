package casework

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
)

// CasePath names a case in an address.
type CasePath struct {
	ID string `path:"id" maxLength:"50"`
}

// StepInput is what a face sends with a step.
type StepInput struct {
	Version int64 `json:"version,omitempty" minimum:"0" doc:"The version that the user saw; 0 takes whatever is there"`
	flow.Input
}

// routes registers the spine's operations. Steps of a kind of case are its module's own.
func (s *Service) routes(api *httpx.API) {
	defer s.describeSections(api)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/cases/{id}", Permission: PermReadOwn,
		Summary: "One case with its timeline and what I may do"},
		func(ctx context.Context, in *CasePath) (*httpx.Answer[Detail], error) {
			v, err := s.Show(ctx, in.ID)
			return httpx.NewAnswer(v), err
		})
}

// StepAs takes a step on a case of whatever kind and shows it afterwards.
func (s *Service) StepAs(ctx context.Context, id string, verb flow.Verb, level int, solved *bool, in StepInput) (Detail, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return Detail{}, err
	}
	return s.Step(ctx, c.Kind, MoveInput{ID: id, Version: in.Version, Verb: verb, Input: in.Input, Level: level, Solved: solved})
}

// Step takes a step and shows the case afterwards, as far as the actor may still see it.
func (s *Service) Step(ctx context.Context, kind string, in MoveInput) (Detail, error) {
	c, err := s.Move(ctx, kind, in)
	if err != nil {
		return Detail{}, err
	}
	return s.detail(ctx, &c)
}

// StepRoutes registers one operation a verb of a lifecycle, each with the table's permission.
func (s *Service) StepRoutes(api *httpx.API, path, kind string) {
	f := s.Matters[kind].Flow
	for _, verb := range f.Verbs() {
		permission := staffPermission(f, verb)
		if permission == "" {
			continue // only the reporter's, by /casework/follow, or the platform's own
		}
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: path + "/{id}/" + string(verb), Permission: permission,
			Summary: "Step of " + f.Name + ": " + string(verb)},
			func(ctx context.Context, in *struct {
				ID   string `path:"id" maxLength:"50"`
				Body StepInput
			}) (*httpx.Answer[Detail], error) {
				v, err := s.Step(ctx, kind, MoveInput{ID: in.ID, Version: in.Body.Version, Verb: verb, Input: in.Body.Input})
				return httpx.NewAnswer(v), err
			})
	}
}

// StepReach adds to a module's reach that of [Service.StepRoutes]: a case outside the caller's areas is not there. A step
// without a probe among steps is called without input, on a case of the kind in the first state from which staff take it.
func StepReach(s *Service, path, kind string, reach map[string]module.Reach,
	steps ...map[flow.Verb]module.Probe) map[string]module.Reach {
	out := maps.Clone(reach)
	f := s.Matters[kind].Flow
	for _, verb := range f.Verbs() {
		if staffPermission(f, verb) == "" {
			continue
		}
		var p module.Probe
		for _, some := range steps {
			if own, ok := some[verb]; ok {
				p = own
			}
		}
		if p.Make == nil && p.Of == "" {
			p.Of = kind
		}
		if p.Of == kind && p.In == "" {
			p.In = firstState(f, verb)
		}
		if p.Body == nil {
			p.Body = map[string]any{}
		}
		out["POST "+path+"/{id}/"+string(verb)] = module.ReachHidden.By(p)
	}
	return out
}

// firstState is the first state from which staff take a verb.
func firstState(f *flow.Flow[*Case], verb flow.Verb) string {
	for _, t := range f.Transitions {
		if t.Verb == verb && slices.ContainsFunc(t.Permissions, isStaffs) {
			return string(t.From[0])
		}
	}
	return ""
}

func isStaffs(permission string) bool {
	return permission != flow.Reporter && permission != flow.System
}

func staffPermission(f *flow.Flow[*Case], verb flow.Verb) string {
	for _, t := range f.Transitions {
		for _, p := range t.Permissions {
			if t.Verb == verb && isStaffs(p) {
				return p
			}
		}
	}
	return ""
}

// FlowOf is the lifecycle of a kind of case as documents and faces show it.
func (s *Service) FlowOf(kind string) module.Flow { return module.FlowOf(s.Matters[kind].Flow) }
