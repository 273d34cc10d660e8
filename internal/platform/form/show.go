package form

import (
	"strings"

	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/text"
)

// Words writes an answer for people: the labels of what was chosen, a number with its unit, the name of an area.
// Name tells that name by the area's code; nil leaves the code.
func (f *Field) Words(answer string, lang text.Lang, name func(code string) string) string {
	switch {
	case answer == "":
		return ""
	case f.Kind.Chooses():
		return f.chosen(answer, lang)
	case f.Kind == Area && name != nil:
		return name(answer)
	case f.Unit != text.Pair{}:
		return answer + " " + f.Unit.In(lang)
	}
	return answer
}

// separators stand between the options that were chosen.
var separators = map[text.Lang]string{text.Chinese: "\u3001", text.English: ", "}

func (f *Field) chosen(answer string, lang text.Lang) string {
	labels := []string{}
	for _, v := range strings.Fields(answer) {
		label := v
		for _, o := range f.Options {
			if o.Value == v {
				label = o.Label.In(lang)
			}
		}
		labels = append(labels, label)
	}
	return strings.Join(labels, separators[lang])
}

// Mask is Words with what is personal masked.
func (f *Field) Mask(answer string, lang text.Lang, name func(code string) string) string {
	switch {
	case f.Kind == IDNumber:
		return idcode.MaskID(answer)
	case f.Kind == Phone:
		return idcode.MaskPhone(answer)
	case f.Personal:
		return maskWords(f.Words(answer, lang, name))
	}
	return f.Words(answer, lang, name)
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
		for _, o := range f.Options {
			v.Options = append(v.Options, OptionView{o.Value, o.Label.In(lang)})
		}
		out[i] = v
	}
	return out
}
