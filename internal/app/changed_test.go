package app_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
)

// versioned are the routes of the committed document that are sent with the version of what they change, and
// whether it stands in the address.
func versioned(t *testing.T) map[string]bool {
	t.Helper()
	type schema struct {
		Ref        string         `json:"$ref"`
		Properties map[string]any `json:"properties"`
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters  []struct{ Name string }
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	raw, err := os.ReadFile("../../api/openapi.json")
	if err == nil {
		err = json.Unmarshal(raw, &doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			key := strings.ToUpper(method) + " " + strings.TrimPrefix(path, "/api/v1")
			body := op.RequestBody.Content["application/json"].Schema
			if name := strings.TrimPrefix(body.Ref, "#/components/schemas/"); name != "" {
				body = doc.Components.Schemas[name]
			}
			if _, ok := body.Properties["version"]; ok {
				out[key] = false
			}
			if slices.ContainsFunc(op.Parameters, func(p struct{ Name string }) bool { return p.Name == "version" }) {
				out[key] = true
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d routes have a version", len(out))
	}
	return out
}

// unnamed are routes with a version whose refusal names nobody, with the reason.
var unnamed = map[string]string{
	"POST /casework/follow/{verb}": "the reporter's: who works on a case is told by its timeline",
	"POST /exchange/elements":      "it makes a new one: no version of it was seen",
}

// overtaken sends a version that was overtaken. Whoever sends it gets the refusal, and the name of who was faster.
func (f *fixture) overtaken(route string, p *module.Probe, role string, inAddress bool, v *values) apptest.Answer {
	f.Helper()
	f.requests++
	caller := f.caller(role, false)
	caller.Origin = fmt.Sprintf("10.%d.%d.%d", f.requests>>16&255, f.requests>>8&255, f.requests&255)
	method, path, _ := strings.Cut(route, " ")
	address := v.fill(path)
	if inAddress {
		return caller.Do(method, address+"?version=999999", nil)
	}
	body := map[string]any{}
	if p.Body != nil {
		body = v.fillAll(p.Body).(map[string]any)
	}
	if strings.HasSuffix(route, "/move") {
		other, err := db.Value[string](f.Context(), f.w.App.DB,
			`SELECT MAX(code) FROM registry_area WHERE level = 5 AND code >= $1 AND code < $2`, v.s.area[:6], v.s.area[:6]+"~")
		if err != nil {
			f.Fatal(err)
		}
		body = map[string]any{"area": other, "address": "海棠中路8号"}
	}
	body["version"] = 999999
	return caller.Do(method, address, body)
}

func TestStaleNamesWhoChangedIt(t *testing.T) {
	t.Parallel()
	committed := readMatrix(t)
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		f := newFixture(t, w)
		for route, inAddress := range versioned(t) {
			if unnamed[route] != "" {
				continue
			}
			p := f.probe(route)
			var role string
			for r, marks := range committed[route] {
				if marks[0] == "✓" && logins[r] != "" && (role == "" || r < role) {
					role = r
				}
			}
			if role == "" {
				t.Errorf("%s: nobody may", route)
				continue
			}
			// Somebody changes it, then it is sent with a version that is not the one that is kept.
			first, v := f.call(walked{route, "/api/v1" + strings.SplitN(route, " ", 2)[1]}, role, f.home)
			if first != "✓" {
				t.Errorf("%s as %s: %s", route, role, first)
				continue
			}
			got := f.overtaken(route, p, role, inAddress, v)
			if got.JSON["key"] != "stale" { // its state is another now: once more from the beginning
				v = f.values(role, f.home)
				f.prepare(p, v)
				got = f.overtaken(route, p, role, inAddress, v)
			}
			changed, _ := got.JSON["changed"].(map[string]any)
			if got.Status != 409 || got.JSON["key"] != "stale" || changed["by"] == nil || changed["at"] == nil {
				t.Errorf("%s as %s: %d %.300s", route, role, got.Status, got.Raw)
				continue
			}
			name, err := db.Value[string](t.Context(), w.App.DB, `SELECT name FROM access_account WHERE login = $1`, logins[role])
			if err != nil {
				t.Fatal(err)
			}
			if changed["by"] != name && changed["by"] != "test" { // what is made anew for each call is made by the test itself
				t.Errorf("%s: changed by %v, want %s", route, changed["by"], name)
			}
		}
	})
}
