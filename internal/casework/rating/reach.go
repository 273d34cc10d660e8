package rating

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /casework/cases/{id}/ratings/{seq}/exclude":   module.ReachHidden,
	"GET /casework/followups":                           module.ReachListed,
	"GET /casework/appeals":                             module.ReachListed,
	"POST /casework/cases/{id}/appeals/{seq}/ask":       module.ReachHidden,
	"POST /casework/cases/{id}/appeals/{seq}/uphold":    module.ReachHidden,
	"POST /casework/cases/{id}/appeals/{seq}/decline":   module.ReachHidden,
	"POST /casework/cases/{id}/followups/{seq}/contact": module.ReachHidden,
	"POST /casework/cases/{id}/followups/{seq}/rectify": module.ReachHidden,
	"POST /casework/cases/{id}/followups/{seq}/redo":    module.ReachHidden,
	"POST /casework/cases/{id}/followups/{seq}/revisit": module.ReachHidden,
}
