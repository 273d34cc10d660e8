package outline

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas/{code}/outline/findings": module.ReachRefused,
	"POST /registry/outlines":                     module.ReachRefused,
}
