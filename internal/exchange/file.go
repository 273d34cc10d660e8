package exchange

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"linli/internal/platform/fold"
	"linli/internal/platform/form"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// A form file is JSON that `linli form check` reads, without a database. Its members:
//
//	title, purpose   a text
//	fields           a list; each is a text (its label), or an object with
//	                   label (or name), kind (or type; text when left out), unit, options (texts or {value, label}),
//	                   element (code it is bound to), reason (why it is new), differs (why it is not what it is taken for)
//	running          forms that run already, each with title and fields
//	duplicate        why it is needed beside one of them
//
// A text is a string in either language, or {"zh": …, "en": …}. Other members are read over and listed. See
// testdata/form-*.json.

// mostFile bounds a form file, in bytes; mostFileFields its fields.
const (
	mostFile       = 4 << 20
	mostFileFields = 500
)

type looseText text.Pair

func (t *looseText) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = looseText{Zh: fold.Line(s)}
		return nil
	}
	return json.Unmarshal(raw, (*text.Pair)(t))
}

type looseOption form.Option

func (o *looseOption) UnmarshalJSON(raw []byte) error {
	var t looseText
	if json.Unmarshal(raw, &t) == nil && t != (looseText{}) {
		*o = looseOption{Label: text.Pair(t)}
		return nil
	}
	var v struct {
		Value string    `json:"value"`
		Label looseText `json:"label"`
	}
	err := json.Unmarshal(raw, &v)
	*o = looseOption{Value: v.Value, Label: text.Pair(v.Label)}
	return err
}

type looseField Field

func (f *looseField) UnmarshalJSON(raw []byte) error {
	var label looseText
	if json.Unmarshal(raw, &label) == nil && label != (looseText{}) {
		f.Label = text.Pair(label)
		return nil
	}
	var v struct {
		Key                      string `json:"key"`
		Label, Name              looseText
		Kind, Type               form.Kind
		Unit                     looseText
		Options                  []looseOption
		Element, Reason, Differs string
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	f.Key, f.Label, f.Kind, f.Unit = v.Key, text.Pair(v.Label), v.Kind, text.Pair(v.Unit)
	f.Element, f.Reason, f.Differs = v.Element, v.Reason, v.Differs
	if f.Label == (text.Pair{}) {
		f.Label = text.Pair(v.Name)
	}
	if f.Kind == "" {
		f.Kind = v.Type
	}
	for _, o := range v.Options {
		f.Options = append(f.Options, form.Option(o))
	}
	return nil
}

type fileForm struct {
	Title, Purpose looseText
	Fields         []looseField
	Duplicate      string
	Running        []fileForm
}

func (f *fileForm) content() Content {
	c := Content{Title: text.Pair(f.Title), Purpose: text.Pair(f.Purpose), Duplicate: f.Duplicate}
	for i := range f.Fields {
		c.Fields = append(c.Fields, Field(f.Fields[i]))
	}
	return c
}

// fileMembers are those that a form file may have; others are listed.
var fileMembers = []string{"title", "purpose", "fields", "duplicate", "running"}

// ReadFile reads a form file: the form, those that run beside it, and the members that were read over.
func ReadFile(r io.Reader) (c Content, running []Form, over []string, err error) {
	raw, err := io.ReadAll(io.LimitReader(r, mostFile+1))
	if err != nil {
		return c, nil, nil, err
	}
	if len(raw) > mostFile {
		return c, nil, nil, fmt.Errorf("the file is larger than %d bytes", mostFile)
	}
	var f fileForm
	if err := json.Unmarshal(raw, &f); err != nil {
		return c, nil, nil, fmt.Errorf("the file is no form: %w", err)
	}
	if len(f.Fields) == 0 || len(f.Fields) > mostFileFields {
		return c, nil, nil, fmt.Errorf(`the form has %d fields; "fields" must hold 1 to %d`, len(f.Fields), mostFileFields)
	}
	for i := range f.Fields {
		if f.Fields[i].Label == (text.Pair{}) {
			return c, nil, nil, fmt.Errorf("fields[%d] has no label", i)
		}
	}
	members := map[string]json.RawMessage{}
	_ = json.Unmarshal(raw, &members) // it was read as an object above
	for name := range members {
		if !slices.Contains(fileMembers, name) {
			over = append(over, name)
		}
	}
	slices.Sort(over)
	for i := range f.Running {
		running = append(running, Form{Content: f.Running[i].content()})
	}
	return f.content(), running, over, nil
}

// CheckFile judges a form by the elements and rules that ship with the program.
func CheckFile(c *Content, running []Form, words Words, lang text.Lang, day string) ReportView {
	book := rule.NewCache(Rules())
	report := NewMatcher(Elements(), Bound()).Check(c, running, LimitsOn(book, day))
	return report.View(c, words, book, lang, day)
}
