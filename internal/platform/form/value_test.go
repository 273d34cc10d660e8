package form

import (
	"encoding/json"
	"strings"
	"testing"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// register asks for rows of works, of what kinds they are, and for their pictures.
func register() []Field {
	f := func(key string, kind Kind) Field {
		return Field{Key: key, Kind: kind, Label: both(key), Group: both("works")}
	}
	name, cost, state, phone := f("name", Text), f("cost", Number), f("state", Choice), f("phone", Phone)
	name.Required, name.Max = true, 5
	cost.Max, cost.Decimals, cost.Unit = 1000, 1, both("yuan")
	state.Options = options("open", "done")
	phone.Personal = true
	works, kinds, pictures := f("works", Table), f("kinds", Choices), f("pictures", File)
	works.Max = 3
	for _, f := range []Field{name, cost, state, phone} {
		f.Group = text.Pair{}
		works.Columns = append(works.Columns, Column(f))
	}
	kinds.Options = options("road", "light", "drain")
	pictures.Max = 2
	return []Field{works, kinds, pictures}
}

func TestSeveralValues(t *testing.T) {
	t.Parallel()
	rows := func(n int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(`{"name":"路灯"},`, n), ",") + "]"
	}
	for name, c := range map[string]struct {
		require     string // key of a field that is required
		give, keep  string // JSON; keep is "" when it is refused
		wantRefused string
	}{
		"nothing": {"", `{}`, `{}`, ""},
		"rows": {"works", `{"works":[{"name":" 路灯 ","cost":"１２.5","state":"open"},{"name":"","cost":" "}]}`,
			`{"works":[{"cost":"12.5","name":"路灯","state":"open"}]}`, ""},
		"cells that do not fit": {"", `{"works":[{"name":"路灯"},{"name":"六个汉字多了","cost":"1001"},{"cost":"1","state":"lost","phone":"12"}]}`, "",
			"answers.works[1].name too_long, answers.works[1].cost decimal, answers.works[2].name required, " +
				"answers.works[2].state choice, answers.works[2].phone phone"},
		"no such column":        {"", `{"works":[{"name":"路灯","owner":"x"}]}`, "", "answers.works column"},
		"too many rows":         {"", `{"works":` + rows(4) + `}`, "", "answers.works rows"},
		"rows of blanks":        {"works", `{"works":[{"name":" "},{}]}`, "", "answers.works required"},
		"a text for a table":    {"", `{"works":"路灯"}`, "", "answers.works shape"},
		"a list for a table":    {"", `{"works":["路灯"]}`, "", "answers.works shape"},
		"rows for choices":      {"", `{"kinds":` + rows(1) + `}`, "", "answers.kinds shape"},
		"choices in a list":     {"", `{"kinds":["drain","road","drain",""]}`, `{"kinds":["road","drain"]}`, ""},
		"choices in a text":     {"", `{"kinds":"drain, road"}`, `{"kinds":["road","drain"]}`, ""},
		"no such option":        {"", `{"kinds":["road","moon"]}`, "", "answers.kinds choices"},
		"nothing chosen":        {"kinds", `{"kinds":[]}`, "", "answers.kinds required"},
		"files":                 {"pictures", `{"pictures":["f1","f2","f1"]}`, `{"pictures":["f1","f2"]}`, ""},
		"a file of others":      {"", `{"pictures":["f1","x1"]}`, "", "answers.pictures file"},
		"one file too many":     {"", `{"pictures":["f1","f2","f3"]}`, "", "answers.pictures many"},
		"a file that is needed": {"pictures", `{}`, "", "answers.pictures required"},
	} {
		t.Run(name, func(t *testing.T) {
			fields := register()
			for i := range fields {
				fields[i].Required = fields[i].Key == c.require
			}
			var answers Answers
			if err := json.Unmarshal([]byte(c.give), &answers); err != nil {
				t.Fatal(err)
			}
			var got []string
			err := Check(fields, answers, Context{Today: "2026-03-02", File: func(id string) bool { return id[0] == 'f' }})
			if err != nil {
				for _, f := range errs.Of(err).Fields {
					got = append(got, f.Location+" "+strings.TrimPrefix(f.Key, "form.answer."))
				}
			}
			if strings.Join(got, ", ") != c.wantRefused {
				t.Errorf("refused %v, want %s", got, c.wantRefused)
			}
			if kept, _ := json.Marshal(answers); c.keep != "" && string(kept) != c.keep {
				t.Errorf("kept %s, want %s", kept, c.keep)
			}
		})
	}
}

// An answer is read in any of its shapes and written in the one that it has.
func TestAnswersInJSON(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{`"a b"`: `"a b"`, `null`: `""`, `["a","b"]`: `["a","b"]`, `[]`: `[]`,
		`[{"a":"1"}]`: `[{"a":"1"}]`, ` "x"`: `"x"`, `1`: "", `{"a":"1"}`: "", `[1]`: "", `[["a"]]`: "", `[{"a":1}]`: ""} {
		var a Answer
		err := json.Unmarshal([]byte(raw), &a)
		if (err != nil) != (want == "") {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if back, _ := json.Marshal(a); want != "" && string(back) != want {
			t.Errorf("%s came back as %s", raw, back)
		}
	}
}

func TestFaultsOfSeveralValues(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(f []Field)
		want  string
	}{
		"sound":                  {func([]Field) {}, ""},
		"no column":              {func(f []Field) { f[0].Columns = nil }, "form[0].columns columns"},
		"columns of choices":     {func(f []Field) { f[1].Columns = f[0].Columns }, "form[1].columns surplus"},
		"a table in a table":     {func(f []Field) { f[0].Columns[1] = Column(f[0]) }, "form[0].columns[1].kind kind"},
		"a text of many lines":   {func(f []Field) { f[0].Columns[0].Kind = Textarea }, "form[0].columns[0].kind kind"},
		"same column twice":      {func(f []Field) { f[0].Columns[1].Key = "name" }, "form[0].columns[1].key twice"},
		"telephones in the open": {func(f []Field) { f[0].Columns[3].Personal = false }, "form[0].columns[3].personal personal"},
		"rows upside down":       {func(f []Field) { f[0].Min = 4 }, "form[0].max count"},
		"rows without end":       {func(f []Field) { f[0].Max = MaxRows + 1 }, "form[0].max count"},
		"least of files":         {func(f []Field) { f[2].Min = 1 }, "form[2].max count"},
	} {
		t.Run(name, func(t *testing.T) {
			fields := register()
			c.spoil(fields)
			var got []string
			for _, f := range Faults(fields, "form") {
				got = append(got, f.Location+" "+strings.TrimPrefix(f.Key, "form.field."))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
	if got := Faults(register(), "form", Plain...); len(got) != 2 || got[0].Key != "form.field.kind" || got[1].Location != "form[2].kind" {
		t.Errorf("kinds that are not offered: %v", got)
	}
}

func TestWordsOfSeveralValues(t *testing.T) {
	t.Parallel()
	fields := register()
	answer := Answer{Rows: []Row{{"name": "路灯", "cost": "3", "phone": "19900001234"}, {"name": "井盖", "state": "done"}}}
	if got := fields[0].Words(answer, text.English, nil); got != "name: 路灯; cost: 3 yuan; phone: 19900001234\nname: 井盖; state: done" {
		t.Errorf("words: %q", got)
	}
	if got := fields[0].Mask(answer, text.Chinese, nil); strings.Contains(got, "19900001234") || !strings.Contains(got, "name：路灯；") {
		t.Errorf("a column that is personal: %q", got)
	}
	fields[0].Personal = true
	if got := fields[0].Mask(answer, text.English, nil); strings.Contains(got, "路灯") || !fields[0].Masked() {
		t.Errorf("a table that is personal: %q", got)
	}
	named := fields[2].Words(Many("f1", "f2"), text.English, func(id string) string { return id + ".jpg" })
	if named != "f1.jpg, f2.jpg" {
		t.Errorf("files: %q", named)
	}
	if got := fields[1].Words(One("road drain"), text.Chinese, nil); got != "road、drain" {
		t.Errorf("choices as they were stored: %q", got)
	}
}
