package httpx

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

// Folded inputs of the API, by what the document says of them. They are folded before their bounds are
// judged, so a full-width digit or a mark that is not seen never makes a right value a wrong one:
//
//   - what stands in the address: every parameter of the path and the query, numbers and choices too;
//   - in a body a text with a pattern or a list of choices, which is a code;
//   - a text of at most ten characters, which is a day;
//   - and those of these names. Secrets, names and free texts are left as they are.
var foldedNames = map[string]func(string) string{
	"q": fold.Code, "phone": fold.Code, "to": fold.Code, "idNumber": fold.Compact, "login": fold.Compact, "code": fold.Code,
	"case": fold.Compact, "main": fold.Compact, "number": fold.Compact, "household": fold.Code, "email": fold.Compact,
	"subject": fold.Compact, "handler": fold.Compact, "unit": fold.Compact, "actor": fold.Code, "category": fold.Compact, "item": fold.Compact,
	"account": fold.Compact, "body": fold.Compact, "bodyId": fold.Compact, "certainty": fold.Compact,
	"channel": fold.Compact, "choice": fold.Compact,
	"department": fold.Compact, "files": fold.Compact, "grids": fold.Compact, "id": fold.Compact, "parent": fold.Compact,
	"hourFrom": fold.Compact, "hourTo": fold.Compact, "ids": fold.Compact, "kind": fold.Compact,
	"personId": fold.Compact, "role": fold.Compact, "state": fold.Compact, "tag": fold.Compact, "token": fold.Compact,
	"key": fold.Compact, "field": fold.Compact, "form": fold.Compact, "is": fold.Compact, "not": fold.Compact, // of a form and its papers
	"official": fold.Compact, "type": fold.Compact, "value": fold.Compact, // of an item and its options
	"verb": fold.Compact, "work": fold.KeepDay,
	"admission": fold.Compact, "duty": fold.Compact, "entry": fold.Compact, "streetEntry": fold.Compact, // what a request rests on
	"element": fold.Compact, "survey": fold.Compact, "digest": fold.Compact,
}

const dayLength = len("2006-01-02")

// folds says how the texts of a value are folded: itself, its members by name, its elements.
type folds struct {
	self    func(string) string
	most    int // characters of a free text; 0 where it has no bound
	members map[string]*folds
	items   *folds
}

// foldOf is how a schema's texts are folded; nil when none is.
func (a *API) foldOf(s *huma.Schema, name string, depth int) *folds {
	const deepest = 8
	if s != nil && s.Ref != "" {
		s = a.Huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil || depth > deepest {
		return nil
	}
	f := &folds{}
	switch s.Type {
	case huma.TypeString:
		f.self = foldText(s, name)
		f.most, _ = s.Extensions[charactersMost].(int)
	case huma.TypeArray:
		f.items = a.foldOf(s.Items, name, depth+1)
	case huma.TypeObject:
		for member, of := range s.Properties {
			if m := a.foldOf(of, member, depth+1); m != nil {
				if f.members == nil {
					f.members = map[string]*folds{}
				}
				f.members[member] = m
			}
		}
	}
	if f.self == nil && f.most == 0 && f.items == nil && f.members == nil {
		return nil
	}
	return f
}

func foldText(s *huma.Schema, name string) func(string) string {
	switch {
	case s.Pattern != "" || len(s.Enum) > 0:
		return fold.Compact
	case s.MaxLength != nil && *s.MaxLength == dayLength:
		return fold.KeepDay
	}
	return foldedNames[name]
}

// foldParameter is how a parameter of the query is folded: a number or choice as a code, whatever its type.
func foldParameter(s *huma.Schema, name string) func(string) string {
	if s.Type == huma.TypeString {
		if by := foldText(s, name); by != nil {
			return by
		}
	}
	return fold.Code
}

// apply folds a decoded JSON value in place and tells whether anything changed.
func (f *folds) apply(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		if f.self != nil {
			folded := f.self(v)
			return folded, folded != v
		}
	case []any:
		changed := false
		for i := range v {
			if f.items != nil {
				var c bool
				v[i], c = f.items.apply(v[i])
				changed = changed || c
			}
		}
		return v, changed
	case map[string]any:
		changed := false
		for name, m := range f.members {
			if old, there := v[name]; there {
				var c bool
				v[name], c = m.apply(old)
				changed = changed || c
			}
		}
		return v, changed
	}
	return v, false
}

// operationFolds is how an operation's parameters and JSON body are folded.
type operationFolds struct {
	path, query map[string]func(string) string
	body        *folds
}

func (a *API) foldsOf(op *huma.Operation) *operationFolds {
	if known, ok := a.folds.Load(op.OperationID); ok {
		return known.(*operationFolds)
	}
	f := &operationFolds{path: map[string]func(string) string{}, query: map[string]func(string) string{}}
	for _, p := range op.Parameters {
		switch p.In {
		case "path":
			f.path[p.Name] = fold.Compact
		case "query":
			f.query[p.Name] = foldParameter(p.Schema, p.Name)
		}
	}
	if op.RequestBody != nil {
		if media := op.RequestBody.Content["application/json"]; media != nil {
			f.body = a.foldOf(media.Schema, "", 0)
		}
	}
	a.folds.Store(op.OperationID, f)
	return f
}

// fold is the middleware that folds what an operation declares. A body that is no JSON is left to the
// operation, which refuses it.
func (a *API) fold(c huma.Context, next func(huma.Context)) {
	f := a.foldsOf(c.Operation())
	r, _ := humago.Unwrap(c)
	for name, to := range f.path {
		r.SetPathValue(name, to(r.PathValue(name)))
	}
	if len(f.query) > 0 && r.URL.RawQuery != "" {
		r.URL.RawQuery = foldQuery(r.URL.RawQuery, f.query)
	}
	if kind, _, _ := mime.ParseMediaType(c.Header("Content-Type")); f.body != nil && r.Body != nil &&
		(kind == "" || strings.HasSuffix(kind, "json")) {
		raw, err := io.ReadAll(r.Body) // WellFormed has bounded and read it
		if err == nil {
			var wrong []errs.Field
			if most := c.Operation().MaxBodyBytes; most <= 0 || int64(len(raw)) <= most { // else the operation says that it is too large
				raw, wrong = foldBody(raw, f.body)
			}
			if len(wrong) > 0 {
				_, w := humago.Unwrap(c)
				refusal := *errs.ErrInvalid
				refusal.Fields = wrong
				a.speak.Refuse(w, r, &refusal)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(raw))
		}
	}
	next(c)
}

func foldQuery(raw string, by map[string]func(string) string) string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return raw
	}
	changed := false
	for name, to := range by {
		for i, v := range values[name] {
			if folded := to(v); folded != v {
				values[name][i], changed = folded, true
			}
		}
	}
	if !changed {
		return raw
	}
	return values.Encode()
}

// foldBody is a body folded, and which of its texts are too long.
func foldBody(raw []byte, by *folds) ([]byte, []errs.Field) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return raw, nil
	}
	folded, changed := by.apply(v)
	wrong := by.tooLong(folded, "")
	if !changed || len(wrong) > 0 {
		return raw, wrong
	}
	out, err := json.Marshal(folded)
	if err != nil {
		return raw, nil
	}
	return out, nil
}
