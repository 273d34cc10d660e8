// Package form is the one definition of what a form may ask: the kinds of its fields, the conditions under
// which a field is asked, the check of a definition and the check of what was answered. Whoever keeps a form
// (as JSON) adds what it is for; the faces show it by [View] and [Page].
//
// A form is a list of fields in the order in which they are asked. Fields of one group stand together, as one
// page. A field with a condition is asked only where an earlier choice holds one of some options, or none of them.
// A field that is not asked is neither required nor kept.
package form

import (
	"embed"
	"regexp"
	"slices"

	"linli/internal/platform/text"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Option is one answer of a choice.
type Option struct {
	Value string    `json:"value" maxLength:"64"`
	Label text.Pair `json:"label"`
}

// Today stands for the day on which a form is filled in.
const Today = "today"

// Field is one question of a form.
type Field struct {
	Key      string    `json:"key" maxLength:"64" doc:"Names the answer; lower-case words joined by underscores"`
	Label    text.Pair `json:"label"`
	Kind     Kind      `json:"kind"`
	Options  []Option  `json:"options,omitempty" maxItems:"40" doc:"Of a choice"`
	Required bool      `json:"required"`
	Personal bool      `json:"personal" doc:"Sealed where it is kept, masked where it is shown"`
	Group    text.Pair `json:"group" doc:"Heading under which it stands; fields of one group stand together, on one page"`
	Min      int       `json:"min,omitempty" doc:"Least number, or of a table rows"`
	Max      int       `json:"max,omitempty" doc:"Greatest number, length of a text in characters, rows of a table or files; 0: that of its kind"`
	From     string    `json:"from,omitempty" maxLength:"10" doc:"First day of a date, YYYY-MM-DD or today; 1850 when left out"`
	To       string    `json:"to,omitempty" maxLength:"10" doc:"Last day of a date, likewise; 2099 when left out"`

	Hint     text.Pair  `json:"hint,omitzero" doc:"How to answer; both languages or neither"`
	Unit     text.Pair  `json:"unit,omitzero" doc:"Of a number; both languages or neither"`
	Decimals int        `json:"decimals,omitempty" minimum:"0" maximum:"4" doc:"Of a number: digits after the point; 0: it is whole"`
	Level    int        `json:"level,omitempty" minimum:"0" maximum:"6" doc:"Of an area"`
	Only     *Condition `json:"only,omitempty" doc:"When it is asked; left out: always"`
	Columns  []Column   `json:"columns,omitempty" maxItems:"12" doc:"Of a table"`
}

// Column is one column of a table: a [Field] of one value, without group, condition and columns of its own. Only what
// stands in JSON differs, so that one converts to the other.
type Column struct {
	Key      string    `json:"key" maxLength:"64" doc:"Names the cell in its row; lower-case words joined by underscores"`
	Label    text.Pair `json:"label"`
	Kind     Kind      `json:"kind"`
	Options  []Option  `json:"options,omitempty" maxItems:"40" doc:"Of a choice"`
	Required bool      `json:"required"`
	Personal bool      `json:"personal"`
	Group    text.Pair `json:"-"`
	Min      int       `json:"min,omitempty" doc:"Least number"`
	Max      int       `json:"max,omitempty" doc:"Greatest number, or length of a text in characters; 0: that of its kind"`
	From     string    `json:"from,omitempty" maxLength:"10" doc:"First day of a date, YYYY-MM-DD or today"`
	To       string    `json:"to,omitempty" maxLength:"10" doc:"Last day of a date, likewise"`

	Hint     text.Pair  `json:"hint,omitzero"`
	Unit     text.Pair  `json:"unit,omitzero" doc:"Of a number"`
	Decimals int        `json:"decimals,omitempty" minimum:"0" maximum:"4" doc:"Of a number: digits after the point; 0: it is whole"`
	Level    int        `json:"level,omitempty" minimum:"0" maximum:"6" doc:"Of an area"`
	Only     *Condition `json:"-"`
	Columns  []Column   `json:"-"`
}

// column is the field that a column is.
func (f *Field) column(n int) *Field { return (*Field)(&f.Columns[n]) }

// Condition holds when the answer of an earlier choice is one of some options (Is), or none of them (Not).
// Exactly one of both is given. A choice without an answer, e.g. because it was itself not asked, fulfils none.
type Condition struct {
	Field string   `json:"field" maxLength:"64" doc:"Key of an earlier choice"`
	Is    []string `json:"is,omitempty" maxItems:"40" doc:"It holds when one of these is chosen"`
	Not   []string `json:"not,omitempty" maxItems:"40" doc:"It holds when something is chosen, and none of these"`
}

// Holds tells whether an answer to the condition's field fulfils it.
func (c *Condition) Holds(answer Answer) bool {
	chosen := answer.Values()
	if len(chosen) == 0 {
		return false
	}
	in := func(list []string) bool {
		return slices.ContainsFunc(chosen, func(v string) bool { return slices.Contains(list, v) })
	}
	if len(c.Not) > 0 {
		return !in(c.Not)
	}
	return in(c.Is)
}

// Asked tells of each field, by its key, whether these answers let it be asked.
func Asked(fields []Field, answers Answers) map[string]bool {
	asked := make(map[string]bool, len(fields))
	for _, f := range fields {
		asked[f.Key] = f.Only == nil || asked[f.Only.Field] && f.Only.Holds(answers[f.Only.Field])
	}
	return asked
}

// Find is the field of a key, and whether the form has it.
func Find(fields []Field, key string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

// Group is the fields under one heading.
type Group struct {
	Number int // from 1, of the whole form: it stays when groups before it are not asked
	Fields []Field
}

// Groups lists the groups in order.
func Groups(fields []Field) []Group {
	var out []Group
	for _, f := range fields {
		i := slices.IndexFunc(out, func(g Group) bool { return g.Fields[0].Group == f.Group })
		if i < 0 {
			out, i = append(out, Group{Number: len(out) + 1}), len(out)
		}
		out[i].Fields = append(out[i].Fields, f)
	}
	return out
}

// Pages lists the groups that these answers leave to ask, each with the fields that its page must be able to
// show: those that are asked, and those that a choice on the same page decides.
func Pages(fields []Field, answers Answers) []Group {
	asked := Asked(fields, answers)
	var out []Group
	for _, g := range Groups(fields) {
		here := map[string]bool{}
		page := Group{Number: g.Number}
		for _, f := range g.Fields {
			if asked[f.Key] || f.Only != nil && here[f.Only.Field] {
				page.Fields, here[f.Key] = append(page.Fields, f), true
			}
		}
		if len(page.Fields) > 0 {
			out = append(out, page)
		}
	}
	return out
}

// Identifier is the form of a key and of an option's value.
var Identifier = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
