package app

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /site":                   module.ReachAll,
	"GET /texts/{lang}":           module.ReachAll.By(module.Probe{Names: map[string]string{"lang": "zh"}}),
	"GET /texts/{lang}/{section}": module.ReachAll.By(module.Probe{Names: map[string]string{"lang": "zh", "section": "rule"}}),
	"GET /rules":                  module.ReachAll,
	"GET /calendar/years":         module.ReachAll,
	"GET /calendar/deadline":      module.ReachAll.By(module.Probe{Query: "from=2026-03-02&workdays=5"}),
	"GET /shipped/differences":    module.ReachAll, // the city's one program
	"POST /shipped/decisions": module.ReachAll.By(module.Probe{
		Of: "difference", Body: module.Body{"kind": "rule", "name": "{name}", "take": false}}),
	"GET /casework/flows": module.ReachAll,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /language":    module.PageOn.By(module.Probe{Query: "to=zh&back=/"}),
	"GET /large-print": module.PageOn.By(module.Probe{Query: "back=/"}),
	"GET /leave":       module.OpenPage(&module.Probe{Fresh: true}),
	"POST /leave":      module.PageOn.By(module.Probe{Fresh: true}),
	"/":                {Visitor: module.Hidden, Own: module.Hidden, Another: module.Hidden},
}
