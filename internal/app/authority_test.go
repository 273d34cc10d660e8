package app_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// matrix is the committed document, read back: route → column → the two marks.
type matrix map[string]map[string][2]string

func readMatrix(t *testing.T) matrix {
	t.Helper()
	raw, err := os.ReadFile("../../docs/authority-matrix.md")
	if err != nil {
		t.Fatal(err)
	}
	roles, out := map[string]string{}, matrix{}
	var head []string
	for line := range strings.SplitSeq(string(raw), "\n") {
		switch {
		case !strings.HasPrefix(line, "|"):
		case len(columnsOf(line)) < 4: // marks, and the columns with their roles
			cells := columnsOf(line)
			if _, role, ok := strings.Cut(cells[1], "`"); ok {
				roles[cells[0]] = strings.TrimRight(role, "`")
			}
		case strings.HasPrefix(line, "| route"):
			head = columnsOf(line)
		case !strings.HasPrefix(line, "|---"):
			row := columnsOf(line)
			out[row[0]] = map[string][2]string{}
			for i, cell := range row[2:] {
				marks := []rune(cell)
				if len(marks) != 2 {
					t.Fatalf("%s has the cell %q", row[0], cell)
				}
				out[row[0]][roles[head[i+2]]] = [2]string{string(marks[0]), string(marks[1])}
			}
		}
	}
	if len(out) < 60 {
		t.Fatalf("only %d rows were read", len(out))
	}
	return out
}

func columnsOf(line string) []string {
	cells := strings.Split(strings.Trim(line, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// Every route of the API and every page of the portal, as every role, about things at home and
// elsewhere, by list and by id, answers as docs/authority-matrix.md says. A route or page without
// a row, or without a way to call it here, fails.
func TestAuthorityMatrix(t *testing.T) {
	t.Parallel()
	committed := readMatrix(t)
	for part := range matrixParts {
		t.Run(fmt.Sprint("part ", part+1), func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				f := newFixture(t, w)
				routes := f.routes()
				for i, r := range routes {
					if i%matrixParts == part {
						f.walk(committed, r.key, f.probe(r.key, r.probes), r.path)
					}
				}
				for route := range committed {
					if !slices.ContainsFunc(routes, func(r walked) bool { return r.key == route }) {
						t.Errorf("%s has a row and does not exist", route)
					}
				}
			})
		})
	}
}

// matrixParts is how many worlds share the walk: nearly all the time goes by waiting for the next answer.
const matrixParts = 4

// walked is a route of the API or a page of the portal.
type walked struct {
	key, path string
	probes    map[string]*probe
}

func (f *fixture) routes() []walked {
	var out []walked
	for _, op := range f.w.App.Operations() {
		out = append(out, walked{op.Key(), "/api/v1" + op.Path, probes})
	}
	for _, pattern := range f.w.App.Pages() {
		path := pattern
		if _, after, ok := strings.Cut(pattern, " "); ok {
			path = after
		}
		out = append(out, walked{pattern, strings.TrimSuffix(path, "{$}"), pageProbes})
	}
	return out
}

// probe is how a route is called: as the test itself knows, or as its module says.
func (f *fixture) probe(key string, own map[string]*probe) *probe {
	m := f.w.App.ModuleProbe(key)
	if own[key] != nil || m == nil {
		return own[key]
	}
	p := &probe{query: m.Query, fields: m.Fields}
	p.before = func(f *fixture, v *values) {
		v.names["{area}"] = v.s.area
		if m.Make == nil {
			return
		}
		made, err := m.Make(f.w.System(), v.s.area)
		if err != nil {
			f.Fatalf("%s: %v", key, err)
		}
		for name, value := range made {
			v.names["{"+name+"}"] = value
		}
	}
	if m.Body != nil {
		p.body = func(_ *fixture, v *values) any { return v.fillAll(m.Body) }
	}
	if m.List != "" {
		p.seen = func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
			return strings.Contains(got.Raw, v.names["{"+m.List+"}"])
		}
	}
	p.file = m.File
	return p
}

// fillAll fills the texts of a body.
func (v *values) fillAll(body any) any {
	switch body := body.(type) {
	case string:
		filled := v.fill(body)
		if n, err := strconv.Atoi(filled); err == nil && filled != body && strings.HasPrefix(body, "{version") {
			return n
		}
		return filled
	case []any:
		out := make([]any, len(body))
		for i := range body {
			out[i] = v.fillAll(body[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name := range body {
			out[name] = v.fillAll(body[name])
		}
		return out
	}
	return body
}

// walk calls one route as every role.
func (f *fixture) walk(committed matrix, route string, p *probe, path string) {
	row, there := committed[route]
	if !there {
		f.Errorf("%s has no row in docs/authority-matrix.md: write it in reach of the module that registers the route (module.Module.Reach, or PageReach for a page; its reach.go) and run make openapi", route)
		return
	}
	if p == nil {
		f.Errorf("%s is not called by the test: give its reach a Probe, in the module that registers it", route)
		return
	}
	for role, want := range row {
		for i, s := range []*side{f.home, f.elsewhere} {
			if want[i] == "·" {
				continue
			}
			if want[i] == "!" {
				f.Errorf("%s: write its reach in reach.go of the module that registers it (module.Module.Reach or PageReach), then run make openapi", route)
				return
			}
			if got := f.call(p, route, path, role, s); got != want[i] {
				f.Errorf("%s as %s %s: %s, the matrix says %s", route, role, s.name, got, want[i])
			}
		}
	}
}

// call makes one request and tells its mark.
func (f *fixture) call(p *probe, route, path, role string, s *side) string {
	shows := role == "resident" && p.fresh // the cookie of a shown code is of some paths alone: it is shown again
	caller := f.caller(role, p.ends || shows)
	if p.fresh && !shows {
		caller = caller.Again()
	}
	f.requests++
	caller.Origin = fmt.Sprintf("10.%d.%d.%d", f.requests>>16&255, f.requests>>8&255, f.requests&255)
	v := f.values(role, s)
	if p.before != nil {
		p.before(f, v)
	}
	if p.own != nil {
		return p.own(f, caller, v)
	}
	address := v.fill(path)
	if p.query != "" {
		address += "?" + v.fill(p.query)
	}
	method := strings.SplitN(route, " ", 2)[0]
	if !strings.Contains(route, " ") {
		method, address = http.MethodGet, "/there-is-no-such-page"
	}
	var got apptest.Answer
	switch {
	case p.file:
		got = caller.File(strings.TrimPrefix(address, "/api/v1"), "probe.png", png)
	case strings.HasPrefix(path, "/api/v1"):
		var body any
		if p.body != nil {
			body = p.body(f, v)
		}
		got = caller.Do(method, strings.TrimPrefix(address, "/api/v1"), body)
	default:
		got = caller.Page(method, address, p.form(v))
	}
	if p.seen != nil && got.Status == http.StatusOK {
		if p.seen(f, caller, v, got) {
			return "✓"
		}
		return "○"
	}
	return markOf(got)
}

func markOf(got apptest.Answer) string {
	switch got.Status {
	case http.StatusOK, http.StatusCreated, http.StatusNoContent:
		return "✓"
	case http.StatusUnauthorized:
		return "✗"
	case http.StatusForbidden:
		return "–"
	case http.StatusNotFound:
		return "?"
	case http.StatusSeeOther:
		return "→"
	}
	return fmt.Sprintf("%d %.200s", got.Status, got.Raw)
}
