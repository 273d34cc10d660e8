package form

import (
	"strings"

	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/text"
)

// Words writes an answer for people: the labels of what was chosen, a number with its unit, the name of an area or of
// a file, each row of a table on a line. Name tells a name by the area's code or the file's id; nil leaves these.
func (f *Field) Words(answer Answer, lang text.Lang, name func(code string) string) string {
	return f.write(answer, lang, func(f *Field, value string) string { return f.word(value, lang, name) })
}

// Mask is Words with what is personal masked. Of a table that is personal every cell is.
func (f *Field) Mask(answer Answer, lang text.Lang, name func(code string) string) string {
	whole := f.Personal && kinds[f.Kind].shape != one
	return f.write(answer, lang, func(f *Field, value string) string {
		words := f.word(value, lang, name)
		switch {
		case f.Kind == IDNumber:
			return idcode.MaskID(value)
		case f.Kind == Phone:
			return idcode.MaskPhone(value)
		case f.Personal || whole:
			return maskWords(words)
		}
		return words
	})
}

// write joins the values of an answer, each as word writes it by its field or column.
func (f *Field) write(answer Answer, lang text.Lang, word func(f *Field, value string) string) string {
	switch kinds[f.Kind].shape {
	case many:
		words := []string{}
		for _, v := range answer.Values() {
			words = append(words, word(f, v))
		}
		return strings.Join(words, separators[lang])
	case rows:
		lines := []string{}
		for _, row := range answer.Rows {
			var cells []string
			for i := range f.Columns {
				if c := f.column(i); row[c.Key] != "" {
					cells = append(cells, c.Label.In(lang)+colons[lang]+word(c, row[c.Key]))
				}
			}
			lines = append(lines, strings.Join(cells, semicolons[lang]))
		}
		return strings.Join(lines, "\n")
	}
	if answer.One == "" {
		return ""
	}
	return word(f, answer.One)
}

// word writes one value.
func (f *Field) word(value string, lang text.Lang, name func(code string) string) string {
	switch {
	case f.Kind.Chooses():
		return f.label(value, lang)
	case (f.Kind == Area || f.Kind == File) && name != nil:
		return name(value)
	case f.Unit != text.Pair{}:
		return value + " " + f.Unit.In(lang)
	}
	return value
}

// separators stand between the options that were chosen.
var separators = map[text.Lang]string{text.Chinese: "\u3001", text.English: ", "}

// Between the cells of a row, and between a column's label and its cell.
var (
	semicolons = map[text.Lang]string{text.Chinese: "\uff1b", text.English: "; "}
	colons     = map[text.Lang]string{text.Chinese: "\uff1a", text.English: ": "}
)

// label is an option's, or the value where none has it any more.
func (f *Field) label(value string, lang text.Lang) string {
	for _, o := range f.Options {
		if o.Value == value {
			return o.Label.In(lang)
		}
	}
	return value
}

// maskWords leaves the first and last character of a personal text.
func maskWords(s string) string {
	first, last, n := fold.Ends(s)
	if n <= 2 {
		return strings.Repeat("*", n)
	}
	return first + strings.Repeat("*", min(n-2, 8)) + last
}

// OptionView is one answer of a choice, in the reader's language.
type OptionView struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// View is a field in the reader's language.
type View struct {
	Key      string       `json:"key"`
	Label    string       `json:"label"`
	Kind     Kind         `json:"kind"`
	Options  []OptionView `json:"options"`
	Required bool         `json:"required"`
	Personal bool         `json:"personal"`
	Group    string       `json:"group"`
	Min      int          `json:"min"`
	Max      int          `json:"max"`
	From     string       `json:"from,omitempty" doc:"First day of a date"`
	To       string       `json:"to,omitempty" doc:"Last day of a date"`
	Hint     string       `json:"hint,omitempty"`
	Unit     string       `json:"unit,omitempty" doc:"Of a number"`
	Decimals int          `json:"decimals,omitempty" doc:"Of a number: digits after the point"`
	Level    int          `json:"level,omitempty" doc:"Of an area"`
	Only     *Condition   `json:"only,omitempty" doc:"When it is asked; left out: always"`
	Columns  []View       `json:"columns,omitempty" doc:"Of a table"`
}

// Views shows a form, with the bounds of dates as of today.
func Views(fields []Field, lang text.Lang, today string) []View {
	out := make([]View, len(fields))
	for i, f := range fields {
		v := View{Key: f.Key, Label: f.Label.In(lang), Kind: f.Kind, Required: f.Required, Personal: f.Personal, Group: f.Group.In(lang),
			Min: f.Min, Max: f.Max, Hint: f.Hint.In(lang), Unit: f.Unit.In(lang), Decimals: f.Decimals, Level: f.Level, Only: f.Only,
			Options: []OptionView{}}
		if f.Kind == Date {
			v.From, v.To = f.Days(today)
		}
		if len(f.Columns) > 0 {
			v.Columns = columns(&f, lang, today)
		}
		for _, o := range f.Options {
			v.Options = append(v.Options, OptionView{o.Value, o.Label.In(lang)})
		}
		out[i] = v
	}
	return out
}

func columns(f *Field, lang text.Lang, today string) []View {
	fields := make([]Field, len(f.Columns))
	for i := range fields {
		fields[i] = *f.column(i)
	}
	return Views(fields, lang, today)
}
