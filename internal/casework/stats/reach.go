package stats

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/board":            module.ReachRefused,
	"GET /casework/indicators":       module.ReachRefused,
	"GET /casework/indicators/table": module.ReachRefused,
}
