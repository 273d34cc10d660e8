package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/module"
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
						f.walk(committed, r)
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
type walked struct{ key, path string }

func (f *fixture) routes() []walked {
	var out []walked
	for _, op := range f.w.App.Operations() {
		out = append(out, walked{op.Key(), "/api/v1" + op.Path})
	}
	for _, pattern := range f.w.App.Pages() {
		path := pattern
		if _, after, ok := strings.Cut(pattern, " "); ok {
			path = after
		}
		out = append(out, walked{pattern, strings.TrimSuffix(path, "{$}")})
	}
	return out
}

// probe is how a route is called, as its module says; plainly where it says nothing.
func (f *fixture) probe(key string) *module.Probe {
	if p := f.w.App.ModuleProbe(key); p != nil {
		return p
	}
	return &module.Probe{}
}

// prepare makes stand what a probe calls, and names it.
func (f *fixture) prepare(p *module.Probe, v *values) {
	f.Helper()
	for name, value := range p.Names {
		v.names["{"+name+"}"] = v.fill(value)
	}
	if p.Of != "" {
		f.ready(v, p.Of, p.In, p.With)
	}
	if p.Make == nil {
		return
	}
	made, err := p.Make(f.w.System(), v.s.area)
	if err != nil {
		f.Fatal(err)
	}
	for name, value := range made {
		v.names["{"+name+"}"] = value
	}
}

// first calls what the caller does before the probe.
func (v *values) first(c *apptest.Caller, call *module.Call) {
	if call == nil {
		return
	}
	if call.Fields != nil {
		c.Page(call.Method, v.fill(call.Path), v.form(call.Fields))
		return
	}
	var body any
	if call.Body != nil {
		body = v.fillAll(call.Body)
	}
	got := c.Do(call.Method, v.fill(call.Path), body)
	if call.Name == "" {
		return
	}
	value := "none"
	if found := got.Text(call.Value); found != "" {
		value = found
	} else if items := got.Items(); len(items) > 0 {
		value = items[0][call.Value].(string)
	}
	v.names["{"+call.Name+"}"] = value
}

// form fills the fields of a form.
func (v *values) form(fields url.Values) url.Values {
	out := url.Values{}
	for name, all := range fields {
		for _, one := range all {
			out.Add(name, v.fill(one))
		}
	}
	return out
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
func (f *fixture) walk(committed matrix, r walked) {
	row, there := committed[r.key]
	if !there {
		f.Errorf("%s has no row in docs/authority-matrix.md: write it in reach of the module that registers the route "+
			"(module.Module.Reach, or PageReach for a page; its reach.go) and run make openapi", r.key)
		return
	}
	for role, want := range row {
		for i, s := range []*side{f.home, f.elsewhere} {
			if want[i] == "·" {
				continue
			}
			if want[i] == "!" {
				f.Errorf("%s: write its reach in reach.go of the module that registers it (module.Module.Reach or PageReach), "+
					"then run make openapi", r.key)
				return
			}
			if got, _ := f.call(r, role, s); got != want[i] {
				f.Errorf("%s as %s %s: %s, the matrix says %s; its Probe says how it is called", r.key, role, s.name, got, want[i])
			}
		}
	}
}

// call makes one request and tells its mark, and by which values.
func (f *fixture) call(r walked, role string, s *side) (string, *values) {
	p := f.probe(r.key)
	shows := role == "resident" && p.Fresh // the cookie of a shown code is of some paths alone: it is shown again
	caller := f.caller(role, p.Ends || shows)
	if p.Ends {
		delete(f.callers, role) // their other sessions may end too
	}
	if p.Fresh && !shows {
		caller = caller.Again()
	}
	f.requests++
	caller.Origin = fmt.Sprintf("10.%d.%d.%d", f.requests>>16&255, f.requests>>8&255, f.requests&255)
	v := f.values(role, s)
	f.prepare(p, v)
	v.first(caller, p.First)
	got := f.send(r, p, caller, v)
	if wrong := settled[p.Of]; wrong != nil {
		if words := wrong(f, v); words != "" {
			return words, v
		}
	}
	if mark := p.Also[got.Status]; mark != "" {
		return mark, v
	}
	if got.Status == http.StatusOK && !v.shown(p, r.path, caller, got) {
		return module.Nothing, v
	}
	if role == "resident" && s == f.home && strings.Contains(got.Raw, f.elsewhere.incidentNumber) {
		return "the case of somebody else is shown", v
	}
	return markOf(got), v
}

// send makes the request of a probe.
func (f *fixture) send(r walked, p *module.Probe, caller *apptest.Caller, v *values) apptest.Answer {
	address := v.fill(r.path)
	if p.Query != "" {
		address += "?" + v.fill(p.Query)
	}
	method := strings.SplitN(r.key, " ", 2)[0]
	if !strings.Contains(r.key, " ") {
		method, address = http.MethodGet, "/there-is-no-such-page"
	}
	below := strings.TrimPrefix(address, "/api/v1")
	switch {
	case p.Sent != nil:
		return caller.File(below, p.Sent.Name, []byte(v.fill(p.Sent.Content)))
	case p.File:
		return caller.File(below, "probe.png", apptest.OnePixel)
	case below != address:
		var body any
		if p.Body != nil {
			body = v.fillAll(p.Body)
		}
		return caller.Do(method, below, body)
	}
	return caller.Page(method, address, v.form(p.Fields))
}

// shown tells whether an answer shows the thing, or one to another query does.
func (v *values) shown(p *module.Probe, path string, caller *apptest.Caller, got apptest.Answer) bool {
	texts := slices.Clone(p.Shows)
	if p.List != "" {
		texts = append(texts, "{"+p.List+"}")
	}
	if len(p.Counts) > 0 {
		return slices.ContainsFunc(p.Counts, func(field string) bool { return got.Text(field) != "0" })
	}
	holds := func(raw string) bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(raw, v.fill(text)) })
	}
	return holds(got.Raw) || slices.ContainsFunc(p.More, func(query string) bool {
		return holds(caller.Do(http.MethodGet, strings.TrimPrefix(v.fill(path), "/api/v1")+"?"+v.fill(query), nil).Raw)
	})
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
