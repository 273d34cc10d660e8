package casework

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/cases/{id}": module.ReachHidden.By(module.Probe{Of: "case", In: "working"}),
}
