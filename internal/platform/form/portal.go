package form

import (
	"slices"
	"strings"

	"linli/internal/platform/page"
	"linli/internal/platform/text"
)

// Asker words a form for the portal.
type Asker struct {
	T    func(key string, pairs ...any) string
	Lang text.Lang

	// Areas are the options of a level of areas, or nil where there are too many to choose from: then the name is
	// typed. Name tells the name of the area with a code.
	Areas func(level int) []page.Option
	Name  func(code string) string
}

const mostRadios = 7 // more answers than that are a list to open

// Fields are the inputs of one page of the form. A field that a choice on the same page decides bears its
// condition: with a script it comes and goes at once, without one its hint says when to fill it in.
func (a *Asker) Fields(on []Field) []page.Field {
	out := make([]page.Field, len(on))
	for i := range on {
		out[i] = a.field(&on[i])
		if only := on[i].Only; only != nil {
			if of, here := Find(on, only.Field); here {
				out[i].When = &page.When{Field: only.Field, Is: strings.Join(only.Is, " "), Not: strings.Join(only.Not, " "),
					Said: a.Said(only, &of)}
			}
		}
	}
	return out
}

// Said is a condition in a sentence.
func (a *Asker) Said(c *Condition, of *Field) string {
	key, values := "form.page.only_is", c.Is
	if len(c.Not) > 0 {
		key, values = "form.page.only_not", c.Not
	}
	words := make([]string, len(values)) // of a field whose answer may be one value alone
	for i, v := range values {
		words[i] = of.word(v, a.Lang, nil)
	}
	return a.T(key, "field", of.Label.In(a.Lang), "options", strings.Join(words, separators[a.Lang]))
}

func (a *Asker) field(f *Field) page.Field {
	p := page.Field{Name: f.Key, Label: f.Label.In(a.Lang), Kind: kinds[f.Kind].control, Required: f.Required, Autocomplete: "off"}
	if unit := f.Unit.In(a.Lang); unit != "" {
		p.Label = a.T("form.page.unit", "label", p.Label, "unit", unit)
	}
	hints := []string{f.Hint.In(a.Lang)}
	switch f.Kind {
	case Text, Textarea:
		p.Max = f.Length()
	case IDNumber:
		p.Max = 18
		hints = append(hints, a.T("form.page.number_hint"))
	case Number:
		hints = append(hints, a.number(f, &p))
	case Choices:
		hints = append(hints, a.T("form.page.choices"))
	case Area:
		hints = append(hints, a.area(f, &p))
	}
	for _, o := range f.Options {
		p.Options = append(p.Options, page.Option{Value: o.Value, Label: o.Label.In(a.Lang)})
	}
	if f.Kind == Choice && len(p.Options) > mostRadios {
		p.Kind = page.Select
	}
	p.Hint = strings.Join(slices.DeleteFunc(hints, func(s string) bool { return s == "" }), a.T("form.page.between"))
	return p
}

// number makes the input of a number, and tells its range.
func (a *Asker) number(f *Field, p *page.Field) string {
	key := "form.page.range"
	p.InputMode = "numeric"
	if f.Decimals > 0 {
		key, p.InputMode, p.Step = "form.page.decimals", "decimal", "any"
	}
	return a.T(key, "min", page.Number3(f.Min), "max", page.Number3(f.Max), "digits", f.Decimals)
}

// area makes the input of an area: a list of few, or a name to type.
func (a *Asker) area(f *Field, p *page.Field) string {
	if p.Options = a.Areas(f.Level); len(p.Options) > 0 {
		p.Kind = page.Select
		return ""
	}
	return a.T("form.page.area_name")
}

// Value is an answer as its input shows it.
func (a *Asker) Value(f *Field, answer Answer) string {
	if f.Kind == Area && len(a.Areas(f.Level)) == 0 && answer.One != "" {
		return a.Name(answer.One)
	}
	if f.Kind.Several() {
		return strings.Join(answer.Values(), " ")
	}
	return answer.One
}

// Take reads the answers of one page of the form into answers; a field without one is taken out.
func Take(sent *page.Form, on []Field, answers Answers) {
	for _, f := range on {
		answer := One(sent.Get(f.Key))
		if f.Kind == Choices {
			answer = Many(sent.Codes(f.Key)...)
		}
		if !answer.Empty() {
			answers[f.Key] = answer
		} else {
			delete(answers, f.Key)
		}
	}
}

// Told is an answer as the one who gave it reads it before it is sent.
func (a *Asker) Told(f *Field, answer Answer) string {
	if f.Kind == Date && answer.One != "" {
		return page.Day(a.Lang, answer.One)
	}
	return f.Words(answer, a.Lang, a.Name)
}
