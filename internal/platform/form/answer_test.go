package form

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"linli/internal/platform/errs"
)

func sheet() []Field {
	q := func(key string, kind Kind, required bool) Field {
		return Field{Key: key, Kind: kind, Required: required}
	}
	size := Field{Key: "size", Kind: Number, Required: true, Min: 1, Max: 20}
	reason := Field{Key: "reason", Kind: Choice, Required: true, Options: []Option{{Value: "illness"}, {Value: "old_age"}}}
	birth := Field{Key: "birth", Kind: Date, To: Today}
	short := Field{Key: "short", Kind: Text, Max: 5}
	return []Field{
		q("name", Text, true), q("number", IDNumber, false), q("phone", Phone, false), q("since", Date, false), birth,
		size, reason, short, q("story", Textarea, false),
	}
}

// right answers all that the form requires.
var right = map[string]string{"name": "王芳", "size": "3", "reason": "illness"}

// ones are answers of one value each.
func ones(given map[string]string) Answers {
	out := Answers{}
	for key, value := range given {
		out[key] = One(value)
	}
	return out
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		give map[string]string // over the right answers
		want string            // "location key", sorted as the form is; "" when taken
	}{
		"enough": {nil, ""},
		"everything": {map[string]string{"number": "11010519491231002x", "phone": "138 1234 5678", "since": "2024-02-29",
			"short": "五个汉字呢", "story": "第一行\n第二行"}, ""},
		"landline":                  {map[string]string{"phone": "0518-85412345"}, ""},
		"blanks around":             {map[string]string{"size": " 3 ", "reason": " old_age ", "since": " 2024-03-05 "}, ""},
		"optional left empty":       {map[string]string{"number": "", "phone": "  "}, ""},
		"blank is no answer":        {map[string]string{"name": " 　 "}, "answers.name required"},
		"check digit":               {map[string]string{"number": "110105194912310021"}, "answers.number idnumber"},
		"number of 15":              {map[string]string{"number": "110105491231002"}, "answers.number idnumber"},
		"phone":                     {map[string]string{"phone": "12345"}, "answers.phone phone"},
		"day that does not exist":   {map[string]string{"since": "2023-02-29"}, "answers.since date"},
		"day in another form":       {map[string]string{"since": "2024/3/5"}, ""},
		"day in full width":         {map[string]string{"since": "２０２４年３月５日"}, ""},
		"month first":               {map[string]string{"since": "3/5/2024"}, "answers.since date"},
		"before anybody was born":   {map[string]string{"since": "1849-12-31"}, "answers.since day_range"},
		"born tomorrow":             {map[string]string{"birth": "2026-03-03"}, "answers.birth day_range"},
		"born today":                {map[string]string{"birth": "2026-03-02"}, ""},
		"number of one born later":  {map[string]string{"number": "110105209912310020"}, "answers.number idnumber"},
		"full width and marks":      {map[string]string{"phone": "\u202d１３８ １２３４ ５６７８\u202c", "size": "３", "number": "１１０１０５１９４９１２３１００２ｘ"}, ""},
		"as many families":          {map[string]string{"short": strings.Repeat("👨‍👩‍👧‍👦", 5)}, ""},
		"below the range":           {map[string]string{"size": "0"}, "answers.size number"},
		"top of the range":          {map[string]string{"size": "20"}, ""},
		"above the range":           {map[string]string{"size": "21"}, "answers.size number"},
		"not whole":                 {map[string]string{"size": "2.5"}, "answers.size number"},
		"beyond an int":             {map[string]string{"size": "99999999999999999999"}, "answers.size number"},
		"no such option":            {map[string]string{"reason": "greed"}, "answers.reason choice"},
		"too long by one character": {map[string]string{"short": "六个汉字多了"}, "answers.short too_long"},
		"longest story":             {map[string]string{"story": strings.Repeat("长", MaxTextarea)}, ""},
		"story too long":            {map[string]string{"story": strings.Repeat("长", MaxTextarea+1)}, "answers.story too_long"},
		"huge choice":               {map[string]string{"reason": strings.Repeat("a", 1<<20)}, "answers.reason too_long"},
		"zero character":            {map[string]string{"story": "a\x00b"}, "answers.story characters"},
		"line break in a line":      {map[string]string{"name": "王\n芳"}, "answers.name characters"},
		"not UTF-8":                 {map[string]string{"name": "\xff\xfe"}, "answers.name characters"},
		"unknown question":          {map[string]string{"admin": "true"}, "answers unknown"},
		"every wrong one at once": {map[string]string{"name": "", "number": "1", "size": "x", "reason": "", "<script>": "1", "more": "2"},
			"answers.name required, answers.number idnumber, answers.size number, answers.reason required, answers unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			given := maps.Clone(right)
			maps.Copy(given, c.give)
			answers := ones(given)
			err := Check(sheet(), answers, Context{Today: "2026-03-02"})
			if err == nil {
				if c.want != "" {
					t.Errorf("taken, want %s", c.want)
				}
				return
			}
			if !errors.Is(err, errs.ErrInvalid) {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, f := range errs.Of(err).Fields {
				got = append(got, f.Location+" "+strings.TrimPrefix(f.Key, "form.answer."))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %s, want %s", strings.Join(got, ", "), c.want)
			}
		})
	}
}

func TestCheckNamesBounds(t *testing.T) {
	t.Parallel()
	err := Check(sheet(), ones(map[string]string{"name": "王芳", "size": "21", "reason": "illness", "short": "六个汉字多了"}),
		Context{Today: "2026-03-02"})
	fields := errs.Of(err).Fields
	if len(fields) != 2 || fields[0].Args["min"] != 1 || fields[0].Args["max"] != 20 || fields[1].Args["max"] != 5 {
		t.Errorf("got %+v", fields)
	}
}
