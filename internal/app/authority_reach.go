package app

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
)

// What a route answers.
const (
	markShown   = module.Shown
	markRefused = module.Refused
	markSignIn  = module.SignIn
)

// reachOfRoute is what its module declares of an operation.
func (a *App) reachOfRoute(key string) (module.Reach, bool) {
	for _, m := range a.Modules {
		if r, ok := m.Reach[key]; ok {
			return r, true
		}
	}
	return module.Reach{}, false
}

// reachOfPage is what its module declares of a page. To a member of staff the portal answers as to any visitor:
// what is done there is done as a resident.
func (a *App) reachOfPage(pattern string) (module.PageReach, bool) {
	for _, m := range a.Modules {
		if r, ok := m.PageReach[pattern]; ok {
			return r, true
		}
	}
	return module.PageReach{}, false
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
