package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/text"
)

// openAPI is what the walk reads of api/openapi.json.
type openAPI struct {
	Paths      map[string]map[string]inputOperation
	Components struct{ Schemas map[string]*inputSchema }
}

type inputOperation struct {
	Parameters  []inputParameter
	RequestBody struct {
		Content map[string]struct{ Schema *inputSchema }
	}
}

type inputParameter struct {
	Name, In string
	Required bool
	Schema   *inputSchema
}

type inputSchema struct {
	Ref                  string `json:"$ref"`
	Type                 any
	Enum                 []any
	Format, Pattern      string
	MinLength, MaxLength *int
	MinItems, MaxItems   *int
	Minimum, Maximum     *float64
	Items                *inputSchema
	Properties           map[string]*inputSchema
	Required             []string
	AdditionalProperties any
}

func (o *openAPI) resolve(s *inputSchema) *inputSchema {
	for s != nil && s.Ref != "" {
		s = o.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return s
}

func (s *inputSchema) kind() string {
	switch t := s.Type.(type) {
	case string:
		return t
	case []any:
		return fmt.Sprint(t[0])
	}
	return ""
}

// broken lists values of which each breaks one constraint.
func (s *inputSchema) broken() []any {
	wrong := map[string]any{"string": 1, "boolean": "perhaps", "integer": "many", "number": "many", "array": "one", "object": 7}
	out := []any{}
	if v, ok := wrong[s.kind()]; ok {
		out = append(out, v)
	}
	if s.kind() == "integer" {
		out = append(out, 0.5)
	}
	if s.MaxLength != nil && *s.MaxLength < 300_000 {
		out = append(out, strings.Repeat("长", *s.MaxLength+1))
	}
	if s.MinLength != nil && *s.MinLength > 0 {
		out = append(out, "")
	}
	if len(s.Enum) > 0 || s.Pattern != "" || s.Format == "date" || s.Format == "date-time" || s.Format == "uuid" || s.Format == "email" {
		out = append(out, "~ no such ~")
	}
	if s.Minimum != nil {
		out = append(out, *s.Minimum-1)
	}
	if s.Maximum != nil {
		out = append(out, *s.Maximum+1)
	}
	if s.MaxItems != nil {
		out = append(out, make([]any, *s.MaxItems+1))
	}
	if s.MinItems != nil && *s.MinItems > 0 {
		out = append(out, []any{})
	}
	return out
}

// wrongInput is a body with one broken property.
type wrongInput struct {
	location string
	body     any
}

// wrongBodies breaks each property below a schema: wrong values, nothing at all, and a property too much.
func (o *openAPI) wrongBodies(s *inputSchema, at string, wrap func(any) any, depth int) []wrongInput {
	s = o.resolve(s)
	if s == nil || depth > 6 {
		return nil
	}
	var out []wrongInput
	for _, v := range s.broken() {
		out = append(out, wrongInput{at, wrap(v)})
	}
	join := func(name string) string { return strings.TrimPrefix(at+"."+name, ".") }
	if s.kind() == "object" && len(s.Properties) > 0 {
		for _, name := range s.Required {
			out = append(out, wrongInput{join(name), wrap(map[string]any{})})
		}
		if extra, closed := s.AdditionalProperties.(bool); closed && !extra {
			out = append(out, wrongInput{join("surplus"), wrap(map[string]any{"surplus": 1})})
		}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			out = append(out, o.wrongBodies(s.Properties[name], join(name), func(v any) any { return wrap(map[string]any{name: v}) }, depth+1)...)
		}
	}
	if s.kind() == "array" {
		out = append(out, o.wrongBodies(s.Items, at+"[0]", func(v any) any { return wrap([]any{v}) }, depth+1)...)
	}
	return out
}

// sentences matches every refusal that the catalogue can make in a language, save the one for what it does not know.
type sentences []*regexp.Regexp

func sentencesOf(c *text.Catalogue, lang text.Lang) sentences {
	place := regexp.MustCompile(`\\\{[^}]*\\\}`)
	var out sentences
	for key, s := range c.All(lang) {
		if strings.HasPrefix(key, "error.") && key != "error.input.unclear" && key != "error.internal" {
			out = append(out, regexp.MustCompile(`(?s)^`+place.ReplaceAllString(regexp.QuoteMeta(s), `.*`)+`$`))
		}
	}
	return out
}

func (s sentences) has(said string) bool {
	return slices.ContainsFunc(s, func(p *regexp.Regexp) bool { return p.MatchString(said) })
}

// refusal is a problem as a caller reads it.
type refusal struct {
	Title  string
	Status int
	Errors []struct{ Location, Label, Message string }
}

// unlabelled are inputs that no form of a face sends and that have no label: what this test itself adds to a body.
var unlabelled = []string{"surplus"}

// judge says what is wrong with the answer to a wrong input.
func judge(known sentences, location, raw string) string {
	var p refusal
	if json.Unmarshal([]byte(raw), &p) != nil {
		return "no problem document"
	}
	if p.Status < 400 || p.Status >= 500 || !known.has(p.Title) {
		return fmt.Sprintf("%d, title %q", p.Status, p.Title)
	}
	named := location == ""
	for _, e := range p.Errors {
		if !known.has(e.Message) {
			return fmt.Sprintf("%s: %q", e.Location, e.Message)
		}
		if e.Label == "" && e.Location != "body" && !slices.Contains(unlabelled, path.Base(strings.ReplaceAll(e.Location, ".", "/"))) {
			return fmt.Sprintf("%s has no label (input.label.…) in the catalogue", e.Location)
		}
		named = named || strings.EqualFold(e.Location, location)
	}
	if !named {
		return fmt.Sprintf("%s is not named in %v", location, p.Errors)
	}
	return ""
}

// Every input of every operation, broken in each way that its schema knows, is refused in the words of the catalogue, in
// the reader's language, naming the input. The schema is judged before the right to call, so nobody signs in.
func TestWrongInputsAreWordedByTheCatalogue(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc openAPI
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		tried, chinese := 0, regexp.MustCompile(`\p{Han}`)
		for _, lang := range text.Languages {
			known, caller := sentencesOf(w.App.Catalogue, lang), w.Nobody()
			caller.Lang = string(lang)
			try := func(method, path, location, contentType string, body []byte) {
				tried++
				got := caller.Send(method, path, contentType, bytes.NewReader(body))
				if fault := judge(known, location, got.Raw); fault != "" {
					t.Errorf("%s %s %s, %.80s: %s", lang, method, path, body, fault)
				}
				if chinese.MatchString(got.Raw) != (lang == text.Chinese) && !bytes.ContainsRune(body, '长') {
					t.Errorf("%s %s %s: wrong language: %s", lang, method, path, got.Raw)
				}
			}
			doc.each(func(method, path string, op inputOperation) { wrongInputs(&doc, method, path, op, try) })
		}
		if tried < 2000 {
			t.Errorf("only %d inputs were tried", tried)
		}
	})
}

func (o *openAPI) each(do func(method, path string, op inputOperation)) {
	for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
		for method, op := range o.Paths[path] {
			do(strings.ToUpper(method), strings.TrimPrefix(path, "/api/v1"), op)
		}
	}
}

var pathPlace = regexp.MustCompile(`\{[^}]*\}`)

func wrongInputs(doc *openAPI, method, path string, op inputOperation, try func(method, path, location, contentType string, body []byte)) {
	const asJSON = "application/json"
	plain := pathPlace.ReplaceAllString(path, "x")
	for _, p := range op.Parameters {
		s := doc.resolve(p.Schema)
		if p.In != "query" {
			continue
		}
		for _, v := range s.broken() {
			if s.kind() == "array" || s.kind() == "string" && v == any(1) || fmt.Sprint(v) == "" {
				continue // every parameter is a text, and one without a value is not given
			}
			if said := fmt.Sprint(v); len(said) < 20_000 {
				try(method, plain+"?"+p.Name+"="+strings.ReplaceAll(said, " ", "+"), "query."+p.Name, asJSON, nil)
			}
		}
	}
	if form, ok := op.RequestBody.Content["multipart/form-data"]; ok && form.Schema != nil {
		try(method, plain, "", "multipart/form-data", []byte("no form"))
		try(method, plain, "", "multipart/form-data; boundary=x", []byte("--x\r\n\r\nbroken"))
	}
	content, ok := op.RequestBody.Content[asJSON]
	if !ok {
		return
	}
	try(method, plain, "", asJSON, []byte("{"))
	try(method, plain, "", "text/csv", []byte("a,b"))
	for _, wrong := range doc.wrongBodies(content.Schema, "", func(v any) any { return v }, 0) {
		body, _ := json.Marshal(wrong.body)
		if len(body) < 200<<10 {
			try(method, plain, wrong.location, asJSON, body)
		}
	}
}

// What no route takes, or is too large, is refused in the same way.
func TestWrongRequestsAreWordedByTheCatalogue(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		for _, lang := range text.Languages {
			known, caller := sentencesOf(w.App.Catalogue, lang), w.Nobody()
			caller.Lang = string(lang)
			for _, x := range []struct {
				method, path string
				body         []byte
				status       int
			}{
				{"GET", "/no/such/thing", nil, http.StatusNotFound},
				{"PATCH", "/session", nil, http.StatusMethodNotAllowed},
				{"DELETE", "/registry/areas", nil, http.StatusMethodNotAllowed},
				{"POST", "/session", bytes.Repeat([]byte("x"), 1<<20), http.StatusRequestEntityTooLarge},
			} {
				got := caller.Send(x.method, x.path, "application/json", bytes.NewReader(x.body))
				if fault := judge(known, "", got.Raw); got.Status != x.status || fault != "" {
					t.Errorf("%s %s: %d %s, want %d in words of the catalogue: %s", x.method, x.path, got.Status, got.Raw, x.status, fault)
				}
				if x.status == http.StatusMethodNotAllowed && !strings.Contains(got.Header.Get("Allow"), "GET") {
					t.Errorf("%s %s: Allow is %q", x.method, x.path, got.Header.Get("Allow"))
				}
			}
		}
	})
}
