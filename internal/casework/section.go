package casework

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/httpx"
)

// Section declares what a room or a matter adds to a page of a case, under a name of its own in the answer.
type Section struct {
	Name string
	Doc  string
	// Empty is what stands there where nothing is described: its type is that of the section, and a nil slice or pointer is left out.
	Empty any
	// Texts are the free texts in a section, masked for who does not work on the case; nil for none.
	Texts func(value any) []*string
}

// always tells whether the section stands on every page.
func (x *Section) always() bool {
	v := reflect.ValueOf(x.Empty)
	return v.Kind() == reflect.Struct || !v.IsNil()
}

// SectionOf is a section of a page; the zero T where the page has none.
func SectionOf[T any](d *Detail, name string) T {
	v, _ := d.Sections[name].(T)
	return v
}

// newSections are the sections of a page on which nothing is described yet.
func (s *Service) newSections() map[string]any {
	out := map[string]any{}
	for i := range s.sections {
		if x := &s.sections[i]; x.always() {
			out[x.Name] = x.Empty
		}
	}
	return out
}

// MarshalJSON writes the sections beside the fields.
func (d Detail) MarshalJSON() ([]byte, error) {
	type fields Detail
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(fields(d)); err != nil || len(d.Sections) == 0 {
		return out.Bytes(), err
	}
	out.Truncate(bytes.LastIndexByte(out.Bytes(), '}'))
	out.WriteByte(',')
	open := out.Len()
	if err := enc.Encode(d.Sections); err != nil {
		return nil, err
	}
	return slices.Delete(out.Bytes(), open, open+1), nil
}

// describeSections adds the sections to what the API says of a page.
func (s *Service) describeSections(api *httpx.API) {
	schemas := api.Huma.OpenAPI().Components.Schemas
	page := schemas.Schema(reflect.TypeFor[Detail](), false, "")
	for i := range s.sections {
		x := &s.sections[i]
		api.ServedUnder(reflect.TypeOf(x.Empty), "casework")
		f := reflect.StructField{Name: "Section", Type: reflect.TypeOf(x.Empty),
			Tag: reflect.StructTag(fmt.Sprintf("json:%q doc:%q", x.Name, x.Doc))}
		page.Properties[x.Name] = huma.SchemaFromField(schemas, f, "")
		if x.always() {
			page.Required = append(page.Required, x.Name)
		}
	}
}
