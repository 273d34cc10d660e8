package worklist

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/cases":         module.ReachListed,
	"GET /casework/inbox":         module.ReachListed,
	"GET /casework/export":        module.ReachRefused,
	"POST /casework/bulk":         module.ReachListed,
	"GET /casework/views":         module.ReachAll,
	"POST /casework/views":        module.ReachAll, // one's own; to share one takes permission over the area
	"DELETE /casework/views/{id}": module.ReachAll,
}
