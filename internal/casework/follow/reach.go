package follow

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /casework/follow":              module.ReachCode,
	"POST /casework/follow/files/{file}": module.ReachCode,
	"POST /casework/follow/{verb}":       module.ReachCode,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /track":                             {Visitor: module.Shown, Own: module.SentOn, Another: module.None},
	"POST /track":                            {Visitor: module.Hidden, Own: module.SentOn, Another: module.Hidden},
	"GET /track/case":                        {Visitor: module.SentOn, Own: module.Shown, Another: module.None},
	"GET /track/case/files/{file}":           {Visitor: module.Hidden, Own: module.Shown, Another: module.Hidden},
	"GET /track/case/files/{file}/thumbnail": {Visitor: module.Hidden, Own: module.Shown, Another: module.Hidden},
	"GET /track/case/photos/{file}":          {Visitor: module.SentOn, Own: module.Shown, Another: module.Hidden},
	"GET /track/case/person":                 {Visitor: module.SentOn, Own: module.Shown, Another: module.None},
	"POST /track/case/person":                {Visitor: module.SentOn, Own: module.SentOn, Another: module.None},
	"POST /track/case/person/show":           {Visitor: module.SentOn, Own: module.Shown, Another: module.None},
	"GET /track/case/withdraw":               {Visitor: module.SentOn, Own: module.Shown, Another: module.None},
	"POST /track/case/tell":                  {Visitor: module.SentOn, Own: module.SentOn, Another: module.None},
	"POST /track/case/{verb}":                {Visitor: module.SentOn, Own: module.SentOn, Another: module.None},
	"POST /track/leave":                      module.PageOn,
	"GET /track/done":                        {Visitor: module.SentOn, Own: module.SentOn, Another: module.None},
}
