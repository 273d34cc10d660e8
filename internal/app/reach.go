package app

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /site":                module.ReachAll,
	"GET /texts/{lang}":        module.ReachAll,
	"GET /rules":               module.ReachAll,
	"GET /calendar/years":      module.ReachAll,
	"GET /calendar/deadline":   module.ReachAll,
	"GET /shipped/differences": module.ReachAll, // the city's one program
	"POST /shipped/decisions":  module.ReachAll,
	"GET /casework/flows":      module.ReachAll,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /language":    module.PageOn,
	"GET /large-print": module.PageOn,
	"GET /leave":       module.OpenPage(nil),
	"POST /leave":      module.PageOn,
	"/":                {Visitor: module.Hidden, Own: module.Hidden, Another: module.Hidden},
}
