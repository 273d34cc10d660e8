package httpx

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Enums are the choices that are known only once all modules are put together, by the name that stands for them
// in a tag: `enum:"{kind}"`.
type Enums map[string][]string

// fillEnums is called with every operation: it puts the choices in place of their name.
func (a *API) fillEnums(_ *huma.OpenAPI, op *huma.Operation) {
	for _, p := range op.Parameters {
		a.fillEnum(p.Schema)
	}
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			a.fillEnum(media.Schema)
		}
	}
	for _, answer := range op.Responses {
		for _, media := range answer.Content {
			a.fillEnum(media.Schema)
		}
	}
}

func (a *API) fillEnum(s *huma.Schema) {
	if s != nil && s.Ref != "" {
		s = a.Huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil || a.filled[s] {
		return
	}
	a.filled[s] = true
	if len(s.Enum) == 1 {
		if named, ok := s.Enum[0].(string); ok && strings.HasPrefix(named, "{") {
			s.Enum = nil
			for _, choice := range slices.Sorted(slices.Values(a.enums[strings.Trim(named, "{}")])) {
				s.Enum = append(s.Enum, choice)
			}
			s.PrecomputeMessages() // they list the choices
		}
	}
	a.fillEnum(s.Items)
	for _, member := range s.Properties {
		a.fillEnum(member)
	}
}
