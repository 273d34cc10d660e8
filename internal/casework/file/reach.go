package file

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/cases/{id}/files/{file}":           module.ReachHidden.By(module.Probe{Of: "case", In: "working"}),
	"GET /casework/cases/{id}/files/{file}/thumbnail": module.ReachHidden.By(module.Probe{Of: "case", In: "working"}),
	"POST /casework/uploads":                          module.ReachAll.By(module.Probe{File: true}),
}
