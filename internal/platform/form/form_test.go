package form

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
)

func both(s string) text.Pair { return text.Pair{Zh: s, En: s} }

func options(values ...string) []Option {
	var out []Option
	for _, v := range values {
		out = append(out, Option{v, both(v)})
	}
	return out
}

// home asks of a home, and of what only those who rent or let it know.
func home() []Field {
	f := func(key string, kind Kind) Field {
		return Field{Key: key, Kind: kind, Label: both(key), Group: both("home"), Required: true}
	}
	tenure, rent, from := f("tenure", Choice), f("rent", Number), f("rents_from", Choice)
	lets, floor := f("lets", Choices), f("floor_area", Number)
	tenure.Options = options("own", "rent", "other")
	rent.Max, rent.Unit, rent.Only = 99999, both("yuan"), &Condition{Field: "tenure", Is: []string{"rent"}}
	from.Options, from.Only = options("person", "firm"), &Condition{Field: "tenure", Not: []string{"own"}}
	lets.Options, lets.Required = options("room", "car", "bed"), false
	lets.Only = &Condition{Field: "rents_from", Is: []string{"person", "firm"}}
	floor.Max, floor.Decimals, floor.Group = 1000, 2, both("size")
	return []Field{tenure, rent, from, lets, floor}
}

func TestAskedFieldsAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		give map[string]string
		want string // refusals, or "" when taken
		keep string // keys that are kept
	}{
		"owner": {map[string]string{"tenure": "own"}, "", "floor_area tenure"},
		"owner who answers more": {map[string]string{"tenure": "own", "rent": "x", "rents_from": "firm", "lets": "bed"}, "",
			"floor_area tenure"},
		"tenant": {map[string]string{"tenure": "rent"}, "answers.rent required, answers.rents_from required", ""},
		"tenant of a firm": {map[string]string{"tenure": "rent", "rent": "900", "rents_from": "firm"}, "",
			"floor_area rent rents_from tenure"},
		"other": {map[string]string{"tenure": "other", "rent": "9", "rents_from": "person", "lets": "bed, room"}, "",
			"floor_area lets rents_from tenure"},
		"no choice holds nothing":   {map[string]string{"rent": "9"}, "answers.tenure required", ""},
		"no such option":            {map[string]string{"tenure": "rent", "rent": "1", "rents_from": "moon"}, "answers.rents_from choice", ""},
		"no such option of many":    {map[string]string{"tenure": "other", "rents_from": "firm", "lets": "bed moon"}, "answers.lets choices", ""},
		"too fine a number":         {map[string]string{"tenure": "own", "floor_area": "70.125"}, "answers.floor_area decimal", ""},
		"a number in full width":    {map[string]string{"tenure": "own", "floor_area": "７０．１２"}, "", "floor_area tenure"},
		"a number in other writing": {map[string]string{"tenure": "own", "floor_area": "1e2"}, "answers.floor_area decimal", ""},
		"above the range":           {map[string]string{"tenure": "own", "floor_area": "1000.01"}, "answers.floor_area decimal", ""},
	} {
		t.Run(name, func(t *testing.T) {
			answers := ones(c.give)
			if _, given := answers["floor_area"]; !given {
				answers["floor_area"] = One("70.12")
			}
			err := Check(home(), answers, Context{Today: "2026-03-02"})
			var got []string
			if err != nil {
				for _, f := range errs.Of(err).Fields {
					got = append(got, f.Location+" "+strings.TrimPrefix(f.Key, "form.answer."))
				}
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("refused %v, want %s", got, c.want)
			}
			if kept := strings.Join(slices.Sorted(maps.Keys(answers)), " "); c.want == "" && kept != c.keep {
				t.Errorf("kept %s, want %s", kept, c.keep)
			}
		})
	}
}

// A page holds what is asked and what a choice on it decides; one without a question is left out.
func TestPages(t *testing.T) {
	t.Parallel()
	fields := home()
	late := fields[1]
	late.Key, late.Group = "deposit", both("money")
	fields = append(fields, late)
	got := func(answers map[string]string) (out []string) {
		for _, g := range Pages(fields, ones(answers)) {
			keys := ""
			for _, f := range g.Fields {
				keys += " " + f.Key
			}
			out = append(out, string(rune('0'+g.Number))+keys)
		}
		return out
	}
	all := "1 tenure rent rents_from lets"
	if pages := got(map[string]string{"tenure": "own"}); !slices.Equal(pages, []string{all, "2 floor_area"}) {
		t.Errorf("of an owner: %q", pages)
	}
	if pages := got(map[string]string{"tenure": "rent"}); !slices.Equal(pages, []string{all, "2 floor_area", "3 deposit"}) {
		t.Errorf("of a tenant: %q", pages)
	}
}

type towns map[string][]string // codes by name

func (t towns) AreaLevel(code string) int {
	if strings.HasPrefix(code, "3207") && len(code) == 6 {
		return 3
	}
	return 0
}
func (t towns) NamedAreas(name string, _ int) []string { return t[name] }

func TestAreas(t *testing.T) {
	t.Parallel()
	fields := []Field{{Key: "county", Kind: Area, Level: 3, Label: both("c"), Group: both("g")}}
	for given, want := range map[string][2]string{"320703": {"320703"}, "海州": {"320706"}, "两处": {"两处", "area_several"},
		"32070": {"32070", "area"}, "": {""}, "３２０７０３": {"320703"}} {
		answers := Answers{"county": One(given)}
		err := Check(fields, answers, Context{Areas: towns{"海州": {"320706"}, "两处": {"320701", "320702"}}})
		key := ""
		if err != nil {
			key = strings.TrimPrefix(errs.Of(err).Fields[0].Key, "form.answer.")
		}
		if answers["county"].One != want[0] || key != want[1] {
			t.Errorf("%s became %s, refused as %q, want %v", given, answers["county"].One, key, want)
		}
	}
}

func TestFaultsOfADefinition(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(f []Field) []Field
		want  string
	}{
		"sound":           {func(f []Field) []Field { return f }, ""},
		"looks at itself": {func(f []Field) []Field { f[2].Only.Field = "rents_from"; return f }, "form[2].only only_later"},
		"circle": {func(f []Field) []Field { f[0].Only = &Condition{Field: "rents_from", Is: []string{"firm"}}; return f },
			"form[0].only only_later"},
		"looks ahead": {func(f []Field) []Field { f[1].Only.Field = "rents_from"; f[1].Only.Is = []string{"firm"}; return f },
			"form[1].only only_later"},
		"looks at nothing":  {func(f []Field) []Field { f[1].Only.Field = "moon"; return f }, "form[1].only only_unknown"},
		"looks at a number": {func(f []Field) []Field { f[2].Only.Field = "rent"; return f }, "form[2].only only_kind"},
		"no such option":    {func(f []Field) []Field { f[1].Only.Is = []string{"moon"}; return f }, "form[1].only only_values"},
		"no option at all":  {func(f []Field) []Field { f[1].Only.Is = nil; return f }, "form[1].only only_values"},
		"both is and not":   {func(f []Field) []Field { f[1].Only.Not = []string{"own"}; return f }, "form[1].only only_values"},
		"none of all": {func(f []Field) []Field { f[2].Only.Not = []string{"own", "rent", "other"}; return f },
			"form[2].only only_never"},
		"same code twice":     {func(f []Field) []Field { f[4].Key = "rent"; return f }, "form[4].key twice"},
		"code in Chinese":     {func(f []Field) []Field { f[4].Key = "面积"; return f }, "form[4].key key"},
		"choice of nothing":   {func(f []Field) []Field { f[3].Options = nil; return f }, "form[3].options options"},
		"same option twice":   {func(f []Field) []Field { f[3].Options = options("bed", "bed"); return f }, "form[3].options options"},
		"options of a number": {func(f []Field) []Field { f[4].Options = options("a"); return f }, "form[4].options surplus"},
		"range upside down":   {func(f []Field) []Field { f[4].Min = 2000; return f }, "form[4].min range"},
		"group torn":          {func(f []Field) []Field { f[1].Group = both("size"); return f[:3] }, "form[2].group group"},
		"one language":        {func(f []Field) []Field { f[4].Hint.Zh = "只有中文"; return f }, "form[4].hint text"},
		"unknown kind":        {func(f []Field) []Field { f[4].Kind = "moon"; return f }, "form[4].kind kind"},
		"identity not sealed": {func(f []Field) []Field {
			return append(f, Field{Key: "id", Kind: IDNumber, Label: both("a"), Group: both("b")})
		}, "form[5].personal personal"},
		"area of no level": {func(f []Field) []Field {
			return append(f, Field{Key: "at", Kind: Area, Label: both("a"), Group: both("b")})
		}, "form[5].level level"},
		"days out of order": {func(f []Field) []Field {
			return append(f, Field{Key: "on", Kind: Date, Label: both("a"), Group: both("b"), From: "2026-02-01", To: "2026-01-01"})
		}, "form[5].days days"},
		"unit of a choice": {func(f []Field) []Field { f[0].Unit = both("kg"); return f }, "form[0].unit surplus"},
		"every fault is named": {func(f []Field) []Field { f[0].Options = nil; f[4].Kind = "moon"; return f },
			"form[0].options options, form[1].only only_values, form[2].only only_values, form[4].kind kind"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range Faults(c.spoil(home()), "form") {
				got = append(got, f.Location+" "+strings.TrimPrefix(f.Key, "form.field."))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

// drawn is a sound form of some fields, most of them with a condition.
func drawn(t *rapid.T) []Field {
	var out []Field
	var choices []Field
	for n := range rapid.IntRange(1, 8).Draw(t, "fields") {
		key := "f" + string(rune('a'+n))
		f := Field{Key: key, Label: both(key), Group: both("g"), Kind: rapid.SampledFrom([]Kind{Text, Number, Choice, Choices}).Draw(t, "kind"),
			Required: rapid.Bool().Draw(t, "required")}
		switch {
		case f.Kind == Number:
			f.Max = 9
		case f.Kind.Chooses():
			f.Options = options("a", "b", "c")
		}
		if len(choices) > 0 && rapid.Bool().Draw(t, "conditional") {
			of, some := rapid.SampledFrom(choices).Draw(t, "of"), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "option")
			f.Only = &Condition{Field: of.Key, Is: []string{some}}
			if rapid.Bool().Draw(t, "not") {
				f.Only = &Condition{Field: of.Key, Not: []string{some}}
			}
		}
		if f.Kind.Chooses() {
			choices = append(choices, f)
		}
		out = append(out, f)
	}
	return out
}

// Whatever is answered: a field that is not asked is never required and never kept, what is asked depends on
// earlier fields alone, and a form survives being written and read.
func TestHiddenFieldsAreNeitherRequiredNorKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		fields := drawn(t)
		if faults := Faults(fields, "form"); len(faults) > 0 {
			t.Fatalf("a drawn form is not sound: %v", faults)
		}
		answers := Answers{}
		for _, f := range fields {
			if v := rapid.SampledFrom([]string{"", "a", "b", "a c", "1", "moon"}).Draw(t, f.Key); v != "" {
				answers[f.Key] = One(v)
			}
		}
		given := maps.Clone(answers)
		err := Check(fields, answers, Context{Today: "2026-03-02"})
		asked := Asked(fields, answers)
		for n, f := range fields {
			if earlier := Asked(fields[:n+1], given); earlier[f.Key] != asked[f.Key] {
				t.Fatalf("whether %s is asked depends on what comes after it", f.Key)
			}
			if asked[f.Key] {
				continue
			}
			if _, kept := answers[f.Key]; kept {
				t.Fatalf("%s is kept and not asked", f.Key)
			}
			if err != nil && slices.ContainsFunc(errs.Of(err).Fields, func(e errs.Field) bool { return e.Location == "answers."+f.Key }) {
				t.Fatalf("%s is refused and not asked", f.Key)
			}
		}
		raw, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		var back []Field
		if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(back, fields) {
			t.Fatalf("%s came back as %+v: %v", raw, back, err)
		}
	})
}

// FuzzFaults reads any JSON as a form: it is refused or it works.
func FuzzFaults(f *testing.F) {
	raw, err := json.Marshal(home())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw), "own")
	f.Add(`[{"key":"a","only":{"field":"a"}}]`, "")
	f.Fuzz(func(t *testing.T, raw, answer string) {
		var fields []Field
		if json.Unmarshal([]byte(raw), &fields) != nil || len(Faults(fields, "form")) > 0 {
			return
		}
		answers := Answers{}
		for _, field := range fields {
			answers[field.Key] = One(answer)
		}
		_ = Check(fields, answers, Context{Today: "2026-03-02"})
		for _, g := range Pages(fields, answers) {
			asker := &Asker{T: func(key string, _ ...any) string { return key }, Lang: text.English,
				Areas: func(int) []page.Option { return nil }, Name: func(s string) string { return s }}
			if len(asker.Fields(g.Fields)) != len(g.Fields) {
				t.Fatal("a field is not shown")
			}
		}
		for _, field := range fields {
			field.Mask(answers[field.Key], text.Chinese, nil)
		}
	})
}

// Every kind has its control, and every refusal its sentence.
func TestKinds(t *testing.T) {
	t.Parallel()
	if len(Kinds) != len(kinds) {
		t.Errorf("%d kinds are offered, and %d defined", len(Kinds), len(kinds))
	}
	catalogue, err := text.New(Texts)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Kinds {
		if slices.Contains(Plain, k) != (kinds[k].control != "") || kinds[k].length == 0 {
			t.Errorf("%s has no control or bound", k)
		}
	}
	for _, key := range []string{"answer.required", "answer.too_long", "answer.characters", "answer.idnumber", "answer.phone", "answer.date",
		"answer.day_range", "answer.number", "answer.decimal", "answer.choice", "answer.choices", "answer.area", "answer.area_several",
		"answer.file", "answer.many", "answer.rows", "answer.column", "answer.shape", "answer.unknown",
		"field.many", "field.text", "field.key", "field.twice", "field.kind", "field.group", "field.options",
		"field.range", "field.length", "field.days", "field.level", "field.personal", "field.count", "field.columns",
		"field.surplus", "field.only_later",
		"field.only_unknown", "field.only_kind", "field.only_values", "field.only_never"} {
		if !catalogue.Has("error.form." + key) {
			t.Errorf("no sentence of %s", key)
		}
	}
}
