package portal

import "linli/internal/platform/module"

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /{$}":           module.OpenPage(nil),
	"GET /search":        module.OpenPage(&module.Probe{Query: "q={area}"}),
	"GET /about":         module.OpenPage(nil),
	"GET /accessibility": module.OpenPage(nil),
}
