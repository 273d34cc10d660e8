package app

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/limit"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Operation is one route of the API as the matrix names it.
type Operation struct {
	Method, Path string // below the API's prefix
	Permission   string
}

// Key is how the matrix names the operation: "GET /casework/cases".
func (o Operation) Key() string { return o.Method + " " + o.Path }

// Operations lists every route of the API by path.
func (a *App) Operations() []Operation {
	var out []Operation
	for path, item := range a.mountAPI(http.NewServeMux()).Huma.OpenAPI().Paths {
		for _, op := range []struct {
			method string
			x      map[string]any
		}{
			{http.MethodGet, extensions(item.Get)}, {http.MethodPost, extensions(item.Post)},
			{http.MethodPut, extensions(item.Put)}, {http.MethodPatch, extensions(item.Patch)}, {http.MethodDelete, extensions(item.Delete)},
		} {
			if op.x != nil {
				permission, _ := op.x["x-permission"].(string)
				out = append(out, Operation{op.method, strings.TrimPrefix(path, "/api/v1"), permission})
			}
		}
	}
	slices.SortFunc(out, func(a, b Operation) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return out
}

func extensions(o *huma.Operation) map[string]any {
	if o == nil {
		return nil
	}
	return o.Extensions
}

// Pages lists every page of the portal by its pattern.
func (a *App) Pages() []string { return a.newSite(http.NewServeMux()).Patterns() }

// Visitors are the columns of the matrix that no grant gives: somebody unknown, and a resident
// who shows the follow code of the case at home.
const (
	Visitor  = "nobody"
	Resident = "resident"
)

// columns of the matrix, in order of reach.
var columns = append([]authority.Role{Visitor, Resident}, registry.Roles...)

// head is a column's head: one character, so that a row fits a page.
func (a *App) head(role authority.Role) string {
	return a.Catalogue.T(text.Chinese, "app.matrix."+string(role))
}

const matrixHead = `# Who may see and do what

Written by ` + "`make openapi`" + ` from the permissions that the modules declare; do not edit, read. The test
TestAuthorityMatrix calls every route and every page as every role, on both engines, and fails where
the answer is not the one below, or where a route or page has no row.

Each cell has two marks: **at home**, where the role is held, and **elsewhere**, in another county. A
role of the whole city is at home in both.

| mark | answer |
|---|---|
| ✓ | what was asked for |
| ○ | an answer without it: a list, a count or a search that leaves it out |
| ? | as if there were no such thing (404) |
| – | not allowed (403) |
| ✗ | sign in first (401) |
| → | another page, to begin there |
| · | cannot be asked for here |

A department sees what is in its own hands alone: for its clerk and its head the case at home is one of
their unit's. A resident has shown the follow code of the case at home and, in the portal, its telephone.

`

// AuthorityMatrix writes the matrix as a document.
func (a *App) AuthorityMatrix() string {
	var b strings.Builder
	b.WriteString(matrixHead)
	b.WriteString("| column | role | given at |\n|---|---|---|\n")
	for _, role := range columns {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", a.head(role), a.roleWords(role), a.levelWords(role))
	}
	segment := ""
	for _, o := range a.Operations() {
		first := strings.SplitN(strings.TrimPrefix(o.Path, "/"), "/", 2)[0]
		if first != segment {
			segment = first
			a.matrixTable(&b, "API: /"+first, "permission")
		}
		fmt.Fprintf(&b, "| %s | `%s` |%s\n", o.Key(), o.Permission, a.operationCells(o))
	}
	a.matrixTable(&b, "Portal", "")
	for _, p := range a.Pages() {
		fmt.Fprintf(&b, "| %s | |%s\n", p, a.pageCells(p))
	}
	return b.String()
}

func (a *App) matrixTable(b *strings.Builder, title, second string) {
	fmt.Fprintf(b, "\n## %s\n\n| route | %s |", title, second)
	for _, role := range columns {
		fmt.Fprintf(b, " %s |", a.head(role))
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(columns)) + "\n")
}

const undeclared = "!!"

func (a *App) operationCells(o Operation) string {
	r, declared := a.reachOfRoute(o.Key())
	var b strings.Builder
	for _, role := range columns {
		cell := undeclared
		switch {
		case !declared:
		case role == Visitor || role == Resident:
			cell = openCell(o.Permission, r, role == Resident)
		default:
			home, elsewhere := a.reachOf(o.Permission, r, role, cityWide(role))
			cell = home + elsewhere
		}
		b.WriteString(" " + cell + " |")
	}
	return b.String()
}

// openCell is what a route answers without a session.
func openCell(permission string, r module.Reach, resident bool) string {
	switch {
	case permission != authority.Public:
		return markSignIn + markSignIn
	case r.Secret == "code" && resident:
		return markShown + r.Outside
	case r.Secret != "":
		return r.Outside + r.Outside
	}
	return markShown + markShown
}

func (a *App) pageCells(pattern string) string {
	r, declared := a.reachOfPage(pattern)
	var b strings.Builder
	for _, role := range columns {
		cell := r.Visitor + r.Visitor
		switch {
		case !declared:
			cell = undeclared
		case role == Resident:
			cell = r.Own + r.Another
		}
		b.WriteString(" " + cell + " |")
	}
	return b.String()
}

// cityWide tells whether a role is of the whole city, as the three administrators are here.
func cityWide(role authority.Role) bool {
	return role == registry.RoleCityOfficer || slices.Contains(registry.Administrators, role)
}

func (a *App) roleWords(role authority.Role) string {
	key := "role." + string(role)
	return fmt.Sprintf("%s, %s `%s`", a.Catalogue.T(text.Chinese, key), a.Catalogue.T(text.English, key), role)
}

func (a *App) levelWords(role authority.Role) string {
	names := map[int]string{registry.LevelCity: "city", registry.LevelCounty: "county", registry.LevelStreet: "street or town",
		registry.LevelCommunity: "community", registry.LevelGrid: "grid"}
	var out []string
	for _, l := range registry.RoleLevels[role] {
		out = append(out, names[l])
	}
	return strings.Join(out, ", ")
}

// admit bounds how many visits one network address begins.
func (a *App) admit(ctx context.Context) error {
	return a.Limits.Take(ctx, limit.Visit, limit.Address(ctx))
}

// newSite puts the portal together.
func (a *App) newSite(mux *http.ServeMux) *page.Site {
	site := page.NewSite(mux, page.Options{Speaker: a.Speaker, Ring: a.Ring, Visits: a.Visits, Admit: a.admit, Demo: a.Site.Demo,
		City: a.Registry.CityIn, Mine: a.Communities.Mine, Base: a.URL})
	for _, m := range a.Modules {
		unit, _, _ := strings.Cut(m.Name, "/") // the rooms of a unit share its name
		site.Add(unit, m.Templates)
		if m.Pages != nil {
			m.Pages(site)
		}
	}
	return site
}
