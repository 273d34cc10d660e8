package routing

import "linli/internal/registry"

// Named is an id with the name that people read.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// AreaRef is an area on the way from the city down.
type AreaRef struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func (s *Service) path(area string) []AreaRef { return Path(s.Registry, area) }

// Path lists the areas from the city down to one.
func Path(r *registry.Service, area string) []AreaRef {
	steps := []AreaRef{}
	for _, a := range r.Path(area) {
		steps = append(steps, AreaRef{a.Code, a.Name})
	}
	return steps
}
