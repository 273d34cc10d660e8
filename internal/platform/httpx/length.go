package httpx

import (
	"fmt"
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

// charactersMost is the extension of a schema that bounds a free text in characters as people see them
// (fold.Count). Its maxLength, which counts code points, is the outer bound of such a text.
const charactersMost = "x-maxCharacters"

// longest bounds, in characters, a text that is no file in disguise.
const longest = 10_000

// secrets are texts of a body that are neither folded nor counted in characters.
var secrets = map[string]bool{"password": true, "current": true, "new": true, "clientKey": true}

// countCharacters is called with every operation: the free texts of its body are bounded in characters, which
// its routes declare as maxLength, and the document says so.
func (a *API) countCharacters(_ *huma.OpenAPI, op *huma.Operation) {
	if op.RequestBody == nil {
		return
	}
	if media := op.RequestBody.Content["application/json"]; media != nil {
		a.widen(media.Schema, "", map[*huma.Schema]bool{})
	}
}

func (a *API) widen(s *huma.Schema, name string, seen map[*huma.Schema]bool) {
	if s != nil && s.Ref != "" {
		s = a.Huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	if s.Type == huma.TypeString && s.MaxLength != nil && foldText(s, name) == nil && !secrets[name] &&
		s.Extensions[charactersMost] == nil && *s.MaxLength < longest {
		n := *s.MaxLength
		outer := fold.Outer(n)
		s.MaxLength, s.Extensions = &outer, map[string]any{charactersMost: n}
	}
	a.widen(s.Items, name, seen)
	for member, of := range s.Properties {
		a.widen(of, member, seen)
	}
}

// tooLong lists the texts of a decoded JSON value that have more characters than they may.
func (f *folds) tooLong(v any, at string) (out []errs.Field) {
	switch v := v.(type) {
	case string:
		if f.most > 0 && !fold.Within(v, f.most) {
			out = append(out, errs.Field{Location: at, Key: "input.too_long", Args: errs.Args{"max": fmt.Sprint(f.most)}})
		}
	case []any:
		for i := range v {
			if f.items != nil {
				out = append(out, f.items.tooLong(v[i], fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if m := f.members[name]; m != nil {
				location := name
				if at != "" {
					location = at + "." + name
				}
				out = append(out, m.tooLong(v[name], location)...)
			}
		}
	}
	return out
}
