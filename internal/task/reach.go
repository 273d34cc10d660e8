package task

import (
	"linli/internal/casework"
	"linli/internal/platform/module"
)

// reach is what each route answers outside the caller's areas.
func (s *Service) reach() map[string]module.Reach {
	out := map[string]module.Reach{
		"GET /task/tasks":                      module.ReachListed,
		"POST /task/tasks":                     module.ReachRefused,
		"GET /task/tasks/{id}":                 module.ReachHidden,
		"PUT /task/tasks/{id}":                 module.ReachHidden,
		"GET /task/tasks/{id}/progress":        module.ReachHidden,
		"GET /task/tasks/{id}/shares":          module.ReachHidden,
		"GET /task/tasks/{id}/table":           module.ReachHidden,
		"POST /task/tasks/{id}/files":          module.ReachHidden,
		"GET /task/tasks/{id}/files/{file}":    module.ReachHidden,
		"DELETE /task/tasks/{id}/files/{file}": module.ReachHidden,
		"GET /task/refusals":                   module.ReachListed,
		"GET /task/figures":                    module.ReachRefused,
	}
	for _, st := range steps {
		out["POST /task/tasks/{id}/"+string(st.verb)] = module.ReachHidden
	}
	return casework.StepReach(s.Casework, "/task/shares", KindTask, out)
}
