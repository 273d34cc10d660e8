package hall

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /hall/items":         module.ReachAll,
	"GET /hall/items/{code}":  module.ReachAll,
	"PUT /hall/items/{code}":  module.ReachAll,
	"POST /hall/applications": {Outside: module.Refused, Needs: "hall.application.submit"},
	"POST /hall/applications/{id}/answers/{question}/unmask": module.ReachHidden,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /hall":                      module.OpenPage(nil),
	"GET /hall/{code}":               module.OpenPage(nil),
	"GET /hall/{code}/apply":         module.PageOn,
	"GET /hall/{code}/apply/{step}":  module.OpenPage(nil),
	"POST /hall/{code}/apply/{step}": module.PageOn,
}
