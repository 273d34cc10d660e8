package form

import (
	"fmt"
	"slices"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/text"
)

// Faults lists what is wrong with the definition of a form, in its order, each at "<at>[<index>]" or, where one
// input of the field is wrong, at "<at>[<index>].<input>". The keys are form.field.many, .text, .key, .twice, .kind, .group,
// .options, .range, .length, .days, .level, .personal, .count (max), .columns (max), .surplus, and of a condition
// .only_later (field: it looks at a later field or itself), .only_unknown, .only_kind, .only_values and .only_never.
// Columns of a table are judged likewise, at "<at>[<index>].columns[<index>]". Offered are the kinds that whoever keeps
// the form can ask; none stands for all.
func Faults(fields []Field, at string, offered ...Kind) []errs.Field {
	if len(offered) == 0 {
		offered = Kinds
	}
	refused := errs.ErrInvalid
	if len(fields) > MaxFields {
		refused = refused.At(fmt.Sprintf("%s[%d]", at, MaxFields), "form.field.many", "max", MaxFields)
	}
	seen, groups := map[string]int{}, map[text.Pair]bool{}
	for n := range fields {
		f, here := &fields[n], fmt.Sprintf("%s[%d]", at, n)
		wrong := func(input, key string, args ...any) { refused = refused.At(here+input, "form.field."+key, args...) }
		switch first, twice := seen[f.Key]; {
		case !Identifier.MatchString(f.Key) || len(f.Key) > 64:
			wrong(".key", "key")
		case twice:
			wrong(".key", "twice", "n", first+1)
		default:
			seen[f.Key] = n
		}
		f.textFaults(wrong)
		if !f.Group.Complete() {
			wrong(".group", "text")
		}
		if groups[f.Group] && fields[n-1].Group != f.Group { // a group is one page of the form
			wrong(".group", "group")
		}
		groups[f.Group] = true
		f.kindFaults(offered, wrong)
		if f.Only != nil {
			f.onlyFaults(fields, n, wrong)
		}
	}
	return refused.Fields
}

type wrong func(input, key string, args ...any)

// given tells whether a text that may be left out is empty or in both languages.
func given(t text.Pair) bool { return t == text.Pair{} || t.Complete() }

func (f *Field) textFaults(wrong wrong) {
	for _, t := range []struct {
		input string
		ok    bool
	}{{".label", f.Label.Complete()}, {".hint", given(f.Hint)}, {".unit", given(f.Unit)}} {
		if !t.ok {
			wrong(t.input, "text")
		}
	}
}

// kindFaults compares bounds and options with the kind.
func (f *Field) kindFaults(offered []Kind, wrong wrong) {
	k, known := kinds[f.Kind]
	if !known || !slices.Contains(offered, f.Kind) {
		wrong(".kind", "kind")
		return
	}
	switch bounded := f.Min != 0 || f.Max != 0; {
	case k.ranged && f.Min >= f.Max:
		wrong(".min", "range")
	case k.worded && (f.Min != 0 || f.Max < 0 || f.Max > k.length):
		wrong(".max", "length", "max", k.length)
	case k.most > 0 && (f.Min < 0 || f.Max < 0 || f.Max > k.most || f.Max > 0 && f.Min > f.Max || k.shape == many && f.Min > 0):
		wrong(".max", "count", "max", k.most)
	case !k.ranged && !k.worded && k.most == 0 && bounded:
		wrong(".max", "surplus")
	}
	f.columnFaults(k.shape == rows, wrong)
	switch {
	case k.options && !distinct(f.Options):
		wrong(".options", "options", "max", MaxOptions)
	case !k.options && len(f.Options) > 0:
		wrong(".options", "surplus")
	}
	if k.masked && !f.Personal {
		wrong(".personal", "personal")
	}
	if !k.ranged && (f.Unit != text.Pair{} || f.Decimals != 0) {
		wrong(".unit", "surplus")
	}
	if f.Decimals < 0 || f.Decimals > 4 {
		wrong(".decimals", "range")
	}
	if f.Kind != Area && f.Level != 0 {
		wrong(".level", "surplus")
	}
	if f.Kind != Date && f.From+f.To != "" {
		wrong(".from", "surplus")
	}
	if k.sound != nil {
		if key := k.sound(f); key != "" {
			wrong("."+key, key)
		}
	}
}

// columnFaults judges the columns of a table; other kinds have none.
func (f *Field) columnFaults(table bool, wrong wrong) {
	if !table {
		if len(f.Columns) > 0 {
			wrong(".columns", "surplus")
		}
		return
	}
	if len(f.Columns) == 0 || len(f.Columns) > MaxColumns {
		wrong(".columns", "columns", "max", MaxColumns)
		return
	}
	simple := slices.DeleteFunc(slices.Clone(Kinds), func(k Kind) bool { return !kinds[k].column })
	seen := map[string]bool{}
	for n := range f.Columns {
		c := f.column(n)
		here := func(input, key string, args ...any) { wrong(fmt.Sprintf(".columns[%d]%s", n, input), key, args...) }
		if !Identifier.MatchString(c.Key) || len(c.Key) > 64 {
			here(".key", "key")
		} else if seen[c.Key] {
			here(".key", "twice", "n", slices.IndexFunc(f.Columns, func(g Column) bool { return g.Key == c.Key })+1)
		}
		seen[c.Key] = true
		c.textFaults(here)
		c.kindFaults(simple, here)
	}
}

func distinct(options []Option) bool {
	seen := map[string]bool{}
	for _, o := range options {
		if seen[o.Value] || !Identifier.MatchString(o.Value) || len(o.Value) > 64 || !o.Label.Complete() {
			return false
		}
		seen[o.Value] = true
	}
	return len(options) > 0 && len(options) <= MaxOptions
}

// soundDays tells whether the bounds of a date are days or [Today], in order.
func soundDays(f *Field) string {
	for _, bound := range []string{f.From, f.To} {
		if day, ok := fold.Day(bound); bound != "" && bound != Today && (!ok || day != bound) {
			return "days"
		}
	}
	if f.From == "" || f.To == "" || f.From == Today || f.To == Today || f.From <= f.To {
		return ""
	}
	return "days"
}

// Levels are those of which an area may be asked.
var Levels = []int{3, 4, 5}

func soundLevel(f *Field) string {
	if !slices.Contains(Levels, f.Level) {
		return "level"
	}
	return ""
}

// onlyFaults judges the condition of the field at n: it looks at an earlier choice, names options of it, and can hold.
// As conditions only look back, none goes round in a circle.
func (f *Field) onlyFaults(fields []Field, n int, wrong wrong) {
	c := f.Only
	at := slices.IndexFunc(fields, func(g Field) bool { return g.Key == c.Field })
	switch {
	case at < 0:
		wrong(".only", "only_unknown")
		return
	case at >= n:
		wrong(".only", "only_later")
		return
	case !fields[at].Kind.Chooses():
		wrong(".only", "only_kind")
		return
	case (len(c.Is) > 0) == (len(c.Not) > 0):
		wrong(".only", "only_values")
		return
	}
	for _, v := range slices.Concat(c.Is, c.Not) {
		if !fields[at].Has(v) {
			wrong(".only", "only_values")
			return
		}
	}
	if !slices.ContainsFunc(fields[at].Options, func(o Option) bool { return c.Holds(One(o.Value)) }) {
		wrong(".only", "only_never")
	}
}
