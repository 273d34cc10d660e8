package audit

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /audit/entries": module.ReachRefused,
	"GET /audit/export":  module.ReachRefused,
	"GET /audit/head":    module.ReachAll,
	"GET /audit/state":   module.ReachAll,
	"POST /audit/verify": module.ReachAll,
}
