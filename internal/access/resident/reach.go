package resident

import (
	"net/url"

	"linli/internal/platform/module"
)

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /me":             {Visitor: module.Nothing, Own: module.Shown, Another: module.Nothing, Probe: &module.Probe{List: "number"}},
	"POST /me":            module.PageOn.By(module.Probe{Fresh: true, Fields: url.Values{"phone": {"19912345678"}}}),
	"GET /me/code":        module.PageOn.By(module.Probe{Fresh: true}),
	"POST /me/code":       module.PageOn.By(module.Probe{Fresh: true, Fields: url.Values{"code": {"00000000"}}}),
	"POST /me/cases/{id}": {Visitor: module.SentOn, Own: module.SentOn, Another: module.Hidden, Probe: &module.Probe{Of: "case"}},
	"POST /me/leave":      module.PageOn.By(module.Probe{Fresh: true}),
}
