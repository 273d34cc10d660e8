// Package authority decides who may do what, where. Authority is role × area × dates: a grant
// gives an account a role over an area and everything below it, and a role is a set of
// permissions that the modules declare. The same area prefix that answers "may they" is the
// index range of "which rows", so a list costs a clerk what it costs an administrator.
package authority

import (
	"context"
	"sort"
	"strings"

	"linli/internal/platform/errs"
)

// Role is the name of a role, e.g. "window_worker".
type Role string

// Permission is one thing that can be done, e.g. "casework.appeal.decide", and who may.
type Permission struct {
	Name  string
	Roles []Role
}

// Public marks a route that anyone may call; its handler decides by what is shown to it.
const Public = "public"

// SignedIn marks a route that every account may call, about itself.
const SignedIn = "signed_in"

// Policy is the table role → permissions, put together from all modules once at start.
type Policy struct {
	byRole map[Role]map[string]bool
	names  map[string]bool
}

// NewPolicy builds the table.
func NewPolicy(permissions []Permission) *Policy {
	p := &Policy{byRole: map[Role]map[string]bool{}, names: map[string]bool{Public: true, SignedIn: true}}
	for _, perm := range permissions {
		p.names[perm.Name] = true
		for _, r := range perm.Roles {
			if p.byRole[r] == nil {
				p.byRole[r] = map[string]bool{}
			}
			p.byRole[r][perm.Name] = true
		}
	}
	return p
}

// Known tells whether a module declares the permission.
func (p *Policy) Known(permission string) bool { return p.names[permission] }

// Holds tells whether a role contains a permission.
func (p *Policy) Holds(r Role, permission string) bool { return p.byRole[r][permission] }

// Of lists a role's permissions in order.
func (p *Policy) Of(r Role) []string {
	out := make([]string, 0, len(p.byRole[r]))
	for name := range p.byRole[r] {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// Grant is a role over an area, perhaps as a member of one body.
type Grant struct {
	Role Role
	Area string // trimmed area code; everything that begins with it is inside
	Body string // id of the body in whose name the role is used, or ""
}

// Actor is who does something: a signed-in account, the reporter of one case who showed its
// follow code, the system itself, or nobody.
type Actor struct {
	ID      string // account id; "" for reporter and nobody
	Name    string
	Grants  []Grant
	Case    string // id of the one case whose follow code was shown, or ""
	System  bool   // the platform's own job
	Origin  string // network address the request came from
	Session string // mark of the session, which is no secret, or ""

	policy *Policy
}

// NewActor gives an account its authority under a policy.
func NewActor(p *Policy, id, name string, grants []Grant) *Actor {
	return &Actor{ID: id, Name: name, Grants: grants, policy: p}
}

// NewReporter is whoever showed the follow code of a case.
func NewReporter(caseID string) *Actor { return &Actor{Case: caseID} }

// Nobody is a caller who is not signed in.
func Nobody() *Actor { return &Actor{} }

// SystemActor is the platform itself; the name says which job.
func SystemActor(name string) *Actor { return &Actor{Name: name, System: true} }

// SignedIn tells whether this is an account.
func (a *Actor) SignedIn() bool { return a.ID != "" }

// Can tells whether the actor holds the permission over the area.
func (a *Actor) Can(permission, area string) bool {
	if a.System {
		return true
	}
	for _, g := range a.Grants {
		if strings.HasPrefix(area, g.Area) && a.policy.Holds(g.Role, permission) {
			return true
		}
	}
	return false
}

// CanAnywhere tells whether the actor holds the permission over any area.
func (a *Actor) CanAnywhere(permission string) bool { return a.System || len(a.Scope(permission)) > 0 }

// RoleFor is the role by which the actor holds the permission over the area, or "".
func (a *Actor) RoleFor(permission, area string) Role {
	for _, g := range a.Grants {
		if strings.HasPrefix(area, g.Area) && a.policy.Holds(g.Role, permission) {
			return g.Role
		}
	}
	return ""
}

// In tells whether one of the actor's grants is held as a member of the body.
func (a *Actor) In(body string) bool {
	for _, g := range a.Grants {
		if body != "" && g.Body == body {
			return true
		}
	}
	return false
}

// BodyFor is the body for which the actor uses a permission over an area: the preferred one where the
// actor is a member of it, else that of the grant that gives the permission, else any of their own; ""
// for an actor of no body.
func (a *Actor) BodyFor(permission, area, preferred string) string {
	if a.In(preferred) {
		return preferred
	}
	for _, g := range a.Grants {
		if g.Body != "" && strings.HasPrefix(area, g.Area) && a.policy.Holds(g.Role, permission) {
			return g.Body
		}
	}
	for _, g := range a.Grants {
		if g.Body != "" {
			return g.Body
		}
	}
	return ""
}

// Bodies lists the bodies that the actor acts for.
func (a *Actor) Bodies() []string {
	var out []string
	seen := map[string]bool{}
	for _, g := range a.Grants {
		if g.Body != "" && !seen[g.Body] {
			seen[g.Body] = true
			out = append(out, g.Body)
		}
	}
	return out
}

// Scope lists the areas over which the actor holds the permission, none inside another.
func (a *Actor) Scope(permission string) []string {
	var areas []string
	for _, g := range a.Grants {
		if a.policy.Holds(g.Role, permission) {
			areas = append(areas, g.Area)
		}
	}
	return Outermost(areas)
}

// Permissions lists all that the actor may do somewhere, in order.
func (a *Actor) Permissions() []string {
	set := map[string]bool{}
	for _, g := range a.Grants {
		for name := range a.policy.byRole[g.Role] {
			set[name] = true
		}
	}
	out := make([]string, 0, len(set))
	for name := range set {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// Outermost drops the areas that lie inside another of the list.
func Outermost(areas []string) []string {
	sorted := append([]string(nil), areas...)
	sort.Strings(sorted)
	var out []string
	for _, s := range sorted {
		if n := len(out); n > 0 && strings.HasPrefix(s, out[n-1]) {
			continue
		}
		out = append(out, s)
	}
	return out
}

// Narrow keeps of the scopes what lies inside the wanted area; "" wants all of them.
func Narrow(scopes []string, want string) []string {
	var out []string
	for _, s := range scopes {
		switch {
		case strings.HasPrefix(want, s):
			out = append(out, want)
		case strings.HasPrefix(s, want):
			out = append(out, s)
		}
	}
	return Outermost(out)
}

// PrefixEnd is the least string that no code beginning with the prefix reaches: rows of an area
// are those with area >= prefix and area < PrefixEnd(prefix). Codes are digits, so the range is
// the same under every collation. The prefix of nothing but nines (and "") has none: ":".
func PrefixEnd(prefix string) string {
	s := strings.TrimRight(prefix, "9")
	if s == "" {
		return ":"
	}
	return s[:len(s)-1] + string(s[len(s)-1]+1)
}

type key struct{}

// With returns a context in which the actor acts.
func With(ctx context.Context, a *Actor) context.Context { return context.WithValue(ctx, key{}, a) }

// From is the context's actor; Nobody when none is set.
func From(ctx context.Context) *Actor {
	if a, ok := ctx.Value(key{}).(*Actor); ok {
		return a
	}
	return Nobody()
}

// Require refuses unless the context's actor holds the permission over the area.
func Require(ctx context.Context, permission, area string) error {
	a := From(ctx)
	switch {
	case a.Can(permission, area):
		return nil
	case !a.SignedIn():
		return errs.ErrUnauthenticated
	}
	return errs.ErrForbidden
}
