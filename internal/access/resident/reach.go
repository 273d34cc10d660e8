package resident

import "linli/internal/platform/module"

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /me":             {Visitor: module.Nothing, Own: module.Shown, Another: module.Nothing},
	"POST /me":            module.PageOn,
	"GET /me/code":        module.PageOn,
	"POST /me/code":       module.PageOn,
	"POST /me/cases/{id}": {Visitor: module.SentOn, Own: module.SentOn, Another: module.Hidden},
	"POST /me/leave":      module.PageOn,
}
