package app

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
)

// What a route answers.
const (
	markShown   = module.Shown
	markNothing = module.Nothing
	markHidden  = module.Hidden
	markRefused = module.Refused
	markSignIn  = module.SignIn
	markSentOn  = module.SentOn
	markNone    = module.None
)

// reachOfRoute is what is declared of an operation: by its module, or else in the table below.
func (a *App) reachOfRoute(key string) (module.Reach, bool) {
	for _, m := range a.Modules {
		if r, ok := m.Reach[key]; ok {
			return r, true
		}
	}
	r, ok := reaches[key]
	return r, ok
}

// reachOfPage is what is declared of a page: by its module, or else in the table below.
func (a *App) reachOfPage(pattern string) (module.PageReach, bool) {
	for _, m := range a.Modules {
		if r, ok := m.PageReach[pattern]; ok {
			return r, true
		}
	}
	r, ok := pageReaches[pattern]
	return module.PageReach{Visitor: r.visitor, Own: r.own, Another: r.another}, ok
}

// ModuleProbe is how the test of the matrix calls a route or page, as its module says; nil where the test
// itself knows.
func (a *App) ModuleProbe(key string) *module.Probe {
	if r, _ := a.reachOfRoute(key); r.Probe != nil {
		return r.Probe
	}
	r, _ := a.reachOfPage(key)
	return r.Probe
}

var (
	everywhere = module.Reach{Outside: markShown}   // knows no areas
	listed     = module.Reach{Outside: markNothing} // lists and counts leave the rows out
	hidden     = module.Reach{Outside: markHidden}  // single things are not there
	refused    = module.Reach{Outside: markRefused} // the area itself is named, and refused
	byCode     = module.Reach{Outside: markHidden, Secret: "code"}
	byToken    = module.Reach{Outside: markHidden, Secret: "token"}
)

// reaches has a row for every operation whose module does not declare its own. TestAuthorityMatrix fails on an operation
// without one, and on one that does not answer as its row says.
var reaches = map[string]module.Reach{
	"GET /site":           everywhere,
	"GET /texts/{lang}":   everywhere,
	"GET /rules":          everywhere,
	"GET /calendar/years": everywhere,

	"GET /calendar/years/{year}":          everywhere,
	"POST /calendar/years/{year}/preview": everywhere, // the city's one calendar
	"PUT /calendar/years/{year}":          everywhere,

	"GET /calendar/deadline": everywhere,

	"GET /shipped/differences": everywhere, // the city's one program
	"POST /shipped/decisions":  everywhere,
	"GET /jobs":                everywhere,

	"GET /audit/entries":               refused,
	"GET /audit/export":                refused,
	"GET /audit/head":                  everywhere,
	"GET /audit/state":                 everywhere,
	"POST /audit/verify":               everywhere,
	"GET /notify/messages":             everywhere,
	"GET /notify/channels":             everywhere,
	"POST /notify/messages/{id}/retry": everywhere,

	"POST /session":                        everywhere,
	"GET /session":                         everywhere,
	"DELETE /session":                      everywhere,
	"PUT /session/password":                everywhere,
	"POST /session/second":                 {Outside: markSignIn, Secret: "password"},
	"POST /session/passkey/ask":            everywhere,
	"POST /session/passkey":                {Outside: markSignIn, Secret: "passkey"},
	"GET /session/identity":                {Outside: markHidden, Secret: "identity"},
	"GET /session/identity/back":           {Outside: markHidden, Secret: "identity"},
	"GET /session/places":                  everywhere,
	"DELETE /session/places/{id}":          everywhere,
	"GET /session/factors":                 everywhere,
	"GET /session/tell":                    everywhere,
	"POST /session/tell/{channel}":         everywhere,
	"POST /session/tell/{channel}/confirm": everywhere,
	"DELETE /session/tell/{channel}":       everywhere,
	"POST /session/factors/{id}/remove":    everywhere,
	"POST /session/totp":                   everywhere,
	"POST /session/totp/confirm":           everywhere,
	"POST /session/recovery":               everywhere,
	"POST /session/passkeys/offer":         everywhere,
	"POST /session/passkeys":               everywhere,
	"GET /setup":                           byToken,
	"POST /setup":                          byToken,

	"GET /access/roles":                               everywhere,
	"GET /access/accounts":                            everywhere,
	"POST /access/accounts":                           everywhere,
	"GET /access/accounts/{id}":                       everywhere,
	"PUT /access/accounts/{id}":                       everywhere,
	"POST /access/accounts/{id}/password":             everywhere,
	"POST /access/accounts/{id}/grants":               everywhere,
	"DELETE /access/accounts/{id}/grants/{grant}":     everywhere,
	"POST /access/accounts/{id}/unlock":               everywhere,
	"GET /access/alarms":                              everywhere,
	"POST /access/alarms/{id}/note":                   everywhere,
	"DELETE /access/accounts/{id}/factors":            everywhere,
	"GET /access/accounts/{id}/sessions":              everywhere,
	"DELETE /access/accounts/{id}/sessions/{session}": everywhere,

	"GET /registry/areas":                         everywhere,
	"GET /registry/areas/{code}":                  everywhere,
	"GET /registry/areas/{code}/outline":          everywhere,
	"GET /registry/areas/{code}/outlines":         everywhere,
	"GET /registry/areas/{code}/outline/findings": refused,
	"POST /registry/outlines":                     refused,
	"GET /registry/areas/{code}/bodies":           everywhere,
	"GET /registry/areas/{code}/gaps":             refused,
	"GET /registry/areas/{code}/history":          everywhere,
	"GET /registry/areas/{code}/coverage":         everywhere,
	"GET /registry/areas/{code}/facilities":       everywhere,
	"PUT /registry/areas/{code}/facilities":       refused,
	"POST /registry/changes":                      refused,
	"POST /registry/changes/preview":              refused,
	"GET /registry/imports":                       listed,
	"POST /registry/imports":                      refused,
	"GET /registry/imports/{id}":                  hidden,
	"DELETE /registry/imports/{id}":               hidden,
	"PUT /registry/imports/{id}/decisions":        hidden,
	"POST /registry/imports/{id}/decisions":       hidden,
	"GET /registry/imports/{id}/decisions":        hidden,
	"POST /registry/imports/{id}/start":           hidden,
	"GET /registry/bodies":                        everywhere,
	"GET /registry/search":                        everywhere,
	"GET /registry/locate":                        everywhere,
	"GET /registry/figures":                       everywhere,
	"POST /registry/areas/{code}/bodies":          refused,
	"PUT /registry/bodies/{id}":                   refused,
	"POST /registry/bodies/{id}/members":          refused,
	"PUT /registry/members/{id}":                  refused,
	"PUT /registry/members/{id}/account":          refused,
	"DELETE /registry/members/{id}":               refused,

	"GET /people/persons":                     listed,
	"POST /people/search":                     listed,
	"GET /people/export":                      refused,
	"POST /people/persons":                    refused,
	"GET /people/persons/{id}":                hidden,
	"PUT /people/persons/{id}":                hidden,
	"POST /people/persons/{id}/move":          hidden,
	"GET /people/persons/{id}/looks":          hidden,
	"POST /people/persons/{id}/unmask":        hidden,
	"GET /people/requests":                    listed,
	"POST /people/requests":                   hidden,
	"POST /people/requests/{id}/answer":       hidden,
	"POST /people/requests/{id}/copy":         hidden,
	"POST /people/requests/{id}/files/{file}": hidden,
	"GET /people/roster":                      listed,
	"POST /people/roster":                     refused,
	"GET /people/roster/{id}":                 hidden,
	"POST /people/roster/{id}/start":          hidden,

	"GET /casework/flows":                               everywhere,
	"GET /casework/cases":                               listed,
	"GET /casework/inbox":                               listed,
	"GET /casework/export":                              refused,
	"POST /casework/bulk":                               listed,
	"GET /casework/views":                               everywhere,
	"POST /casework/views":                              everywhere, // one's own; to share one takes permission over the area
	"DELETE /casework/views/{id}":                       everywhere,
	"GET /casework/cases/{id}":                          hidden,
	"GET /casework/cases/{id}/files/{file}":             hidden,
	"GET /casework/board":                               refused,
	"GET /casework/alerts":                              everywhere, // what came to one's own posts
	"POST /casework/alerts/read":                        everywhere,
	"GET /casework/routes":                              listed,
	"GET /casework/routes/clashes":                      listed,
	"POST /casework/routes":                             refused,
	"PUT /casework/routes/{id}":                         refused,
	"GET /casework/routes/try":                          refused,
	"POST /casework/cases/{id}/reporter/unmask":         hidden,
	"POST /casework/uploads":                            everywhere,
	"POST /casework/follow":                             byCode,
	"POST /casework/follow/files/{file}":                byCode,
	"POST /casework/follow/{verb}":                      byCode,
	"GET /casework/cases/{id}/files/{file}/thumbnail":   hidden,
	"POST /casework/cases/{id}/ratings/{seq}/exclude":   hidden,
	"GET /casework/followups":                           listed,
	"GET /casework/appeals":                             listed,
	"POST /casework/cases/{id}/appeals/{seq}/ask":       hidden,
	"POST /casework/cases/{id}/appeals/{seq}/uphold":    hidden,
	"POST /casework/cases/{id}/appeals/{seq}/decline":   hidden,
	"POST /casework/cases/{id}/followups/{seq}/contact": hidden,
	"POST /casework/cases/{id}/followups/{seq}/rectify": hidden,
	"POST /casework/cases/{id}/followups/{seq}/redo":    hidden,
	"POST /casework/cases/{id}/followups/{seq}/revisit": hidden,
	"GET /casework/indicators":                          refused,
	"GET /casework/indicators/table":                    refused,

	"GET /casework/parts": listed,

	"GET /hall/items":         everywhere,
	"GET /hall/items/{code}":  everywhere,
	"PUT /hall/items/{code}":  everywhere,
	"POST /hall/applications": {Outside: markRefused, Needs: "hall.application.submit"},

	"POST /hall/applications/{id}/answers/{question}/unmask": hidden,

	"POST /hall/applications/{id}/accept":   hidden,
	"POST /hall/applications/{id}/return":   hidden,
	"POST /hall/applications/{id}/resubmit": hidden,
	"POST /hall/applications/{id}/refuse":   hidden,
	"POST /hall/applications/{id}/review":   hidden,
	"POST /hall/applications/{id}/approve":  hidden,
	"POST /hall/applications/{id}/deny":     hidden,
	"POST /hall/applications/{id}/deliver":  hidden,

	"POST /hall/applications/{id}/suspend":    hidden,
	"POST /hall/applications/{id}/resume":     hidden,
	"POST /hall/applications/{id}/extend":     hidden,
	"POST /hall/applications/{id}/supervise":  hidden,
	"POST /hall/applications/{id}/answer":     hidden,
	"POST /hall/applications/{id}/object":     hidden,
	"POST /hall/applications/{id}/join":       hidden,
	"POST /hall/applications/{id}/contribute": hidden,
	"POST /hall/applications/{id}/release":    hidden,
	"POST /hall/applications/{id}/redirect":   hidden,

	"GET /grid/categories":        everywhere,
	"POST /grid/categories":       everywhere,
	"GET /grid/categories/{code}": everywhere,
	"PUT /grid/categories/{code}": everywhere,
	"POST /grid/incidents":        {Outside: markRefused, Needs: "grid.incident.report"},

	"POST /grid/incidents/alike": everywhere, // what everybody may know of an open incident nearby

	"POST /grid/incidents/{id}/merge":     hidden,
	"POST /grid/incidents/{id}/unmerge":   hidden,
	"POST /grid/incidents/{id}/establish": hidden,
	"POST /grid/incidents/{id}/dismiss":   hidden,
	"POST /grid/incidents/{id}/dispatch":  hidden,
	"POST /grid/incidents/{id}/handle":    hidden,
	"POST /grid/incidents/{id}/feed_back": hidden,
	"POST /grid/incidents/{id}/verify":    hidden,
	"POST /grid/incidents/{id}/rework":    hidden,
	"POST /grid/incidents/{id}/close":     hidden,

	"POST /grid/incidents/{id}/suspend":   hidden,
	"POST /grid/incidents/{id}/resume":    hidden,
	"POST /grid/incidents/{id}/extend":    hidden,
	"POST /grid/incidents/{id}/supervise": hidden,
	"POST /grid/incidents/{id}/answer":    hidden,
	"GET /grid/rechecks":                  listed,
	"GET /grid/rechecks/board":            refused,
	"POST /grid/incidents/{id}/confirm":   hidden,
	"POST /grid/incidents/{id}/reopen":    hidden,

	"POST /grid/incidents/{id}/object":     hidden,
	"POST /grid/incidents/{id}/join":       hidden,
	"POST /grid/incidents/{id}/contribute": hidden,
	"POST /grid/incidents/{id}/release":    hidden,
}

// pageReach says what a page of the portal answers to a visitor, and to a resident who has
// shown the follow code of a case: about that case, and about another.
type pageReach struct{ visitor, own, another string }

var (
	pageOpen = pageReach{markShown, markShown, markShown}
	pageOn   = pageReach{markSentOn, markSentOn, markSentOn}
)

// pageReaches has a row for every page whose module does not declare its own. To a member of staff the portal answers as to any
// visitor: what is done there is done as a resident.
var pageReaches = map[string]pageReach{
	"GET /{$}":           pageOpen,
	"GET /search":        pageOpen,
	"GET /about":         pageOpen,
	"GET /accessibility": pageOpen,
	"GET /language":      pageOn,
	"GET /large-print":   pageOn,
	"GET /leave":         pageOpen,
	"POST /leave":        pageOn,
	"/":                  {markHidden, markHidden, markHidden},

	"GET /communities":              pageOpen,
	"GET /communities/map.svg":      pageOpen,
	"POST /communities/at":          pageOn,
	"GET /communities/{code}":       pageOpen,
	"POST /communities/{code}/mine": pageOn,

	"GET /hall":                      pageOpen,
	"GET /hall/{code}":               pageOpen,
	"GET /hall/{code}/apply":         pageOn,
	"GET /hall/{code}/apply/{step}":  pageOpen,
	"POST /hall/{code}/apply/{step}": pageOn,
	"GET /report":                    pageOn,
	"GET /report/{step}":             pageOpen,
	"POST /report/{step}":            pageOn,

	"GET /track":                             {markShown, markSentOn, markNone},
	"POST /track":                            {markHidden, markSentOn, markHidden},
	"GET /track/case":                        {markSentOn, markShown, markNone},
	"GET /track/case/files/{file}":           {markHidden, markShown, markHidden},
	"GET /track/case/files/{file}/thumbnail": {markHidden, markShown, markHidden},
	"GET /track/case/photos/{file}":          {markSentOn, markShown, markHidden},
	"GET /track/case/person":                 {markSentOn, markShown, markNone},
	"POST /track/case/person":                {markSentOn, markSentOn, markNone},
	"POST /track/case/person/show":           {markSentOn, markShown, markNone},
	"GET /track/case/withdraw":               {markSentOn, markShown, markNone},
	"POST /track/case/tell":                  {markSentOn, markSentOn, markNone},
	"POST /track/case/{verb}":                {markSentOn, markSentOn, markNone},
	"POST /track/leave":                      pageOn,
	"GET /me":                                {markNothing, markShown, markNothing},
	"POST /me":                               pageOn,
	"GET /me/code":                           pageOn,
	"POST /me/code":                          pageOn,
	"POST /me/cases/{id}":                    {markSentOn, markSentOn, markHidden},
	"POST /me/leave":                         pageOn,
	"GET /track/done":                        {markSentOn, markSentOn, markNone},
}

// reachOf is what the declarations say of one operation and one role: at home, where the role
// is held, and elsewhere.
func (a *App) reachOf(permission string, r module.Reach, role authority.Role, city bool) (home, elsewhere string) {
	holds := func(p string) string {
		switch {
		case !a.Policy.Holds(role, p):
			return markRefused + markRefused
		case city:
			return markShown + markShown
		}
		return markShown + r.Outside
	}
	pair := ""
	switch {
	case r.Secret != "":
		pair = r.Outside + r.Outside
	case permission == authority.Public && r.Needs != "":
		pair = holds(r.Needs)
	case permission == authority.Public, permission == authority.SignedIn:
		pair = markShown + markShown
	default:
		pair = holds(permission)
	}
	marks := []rune(pair)
	return string(marks[0]), string(marks[1])
}
