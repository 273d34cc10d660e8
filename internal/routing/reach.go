package routing

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/routes":         module.ReachListed,
	"GET /casework/routes/clashes": module.ReachListed,
	"POST /casework/routes":        module.ReachRefused,
	"PUT /casework/routes/{id}":    module.ReachRefused,
	"GET /casework/routes/try":     module.ReachRefused,
}
