package rating

import "linli/internal/platform/module"

var followed = module.Body{"note": "probe", "choice": "satisfied"}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /casework/cases/{id}/ratings/{seq}/exclude": module.ReachHidden.By(module.Probe{
		Of: "low rating", In: "opened", Body: module.Body{"reason": "probe"}}),
	"GET /casework/followups": module.ReachListed.By(module.Probe{Of: "low rating", In: "opened", List: "id"}),
	"GET /casework/appeals": module.ReachListed.By(module.Probe{
		Of: "appeal", In: "asked", Query: "list=unit", List: "id", More: []string{"list=waiting"}}),
	"POST /casework/cases/{id}/appeals/{seq}/ask": module.ReachHidden.By(module.Probe{
		Of: "appeal", In: "rated", Body: module.Body{"note": "probe", "choice": "false"}}),
	"POST /casework/cases/{id}/appeals/{seq}/uphold": module.ReachHidden.By(module.Probe{
		Of: "appeal", In: "asked", Body: module.Body{"note": "probe"}}),
	"POST /casework/cases/{id}/appeals/{seq}/decline": module.ReachHidden.By(module.Probe{
		Of: "appeal", In: "asked", Body: module.Body{"note": "probe"}}),
	"POST /casework/cases/{id}/followups/{seq}/contact": module.ReachHidden.By(module.Probe{
		Of: "low rating", In: "opened", Body: followed}),
	"POST /casework/cases/{id}/followups/{seq}/rectify": module.ReachHidden.By(module.Probe{
		Of: "low rating", In: "contacted", Body: followed}),
	"POST /casework/cases/{id}/followups/{seq}/redo": module.ReachHidden.By(module.Probe{
		Of: "low rating", In: "rectified", Body: followed}),
	"POST /casework/cases/{id}/followups/{seq}/revisit": module.ReachHidden.By(module.Probe{
		Of: "low rating", In: "rectified", Body: followed}),
}
