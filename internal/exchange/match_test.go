package exchange

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"linli/internal/platform/form"
	"linli/internal/platform/text"
)

// most are the limits that ship.
var most = Limits{Held: 80, Same: 80}

func matcher() *Matcher { return NewMatcher(Elements(), Bound()) }

func field(label string) (f Field) {
	f.Label = text.Pair{Zh: label}
	return f
}

func fields(labels ...string) (out []Field) {
	for _, l := range labels {
		out = append(out, field(l))
	}
	return out
}

// heldAs is the element that a lone field is found to be held as, or "".
func heldAs(m *Matcher, f Field) string {
	r := m.Check(&Content{Fields: []Field{f}}, nil, most)
	if r.Fields[0].Status != statusHeld {
		return ""
	}
	return r.Fields[0].Match.Element.Code
}

// Of testdata/wordings.csv the half "tuned" was looked at while the words were written, the half "held_out" never.
func TestWordings(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/wordings.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	m := matcher()
	for half, least := range map[string]struct{ precision, recall float64 }{"tuned": {1, 1}, "held_out": {0.97, 0.92}} {
		right, false_, missed, n := 0.0, 0.0, 0.0, 0
		for _, row := range rows[1:] {
			if row[0] != half {
				continue
			}
			n++
			got, want := heldAs(m, field(row[1])), row[2]
			switch {
			case got != "" && got == want:
				right++
			case got != "":
				false_++
			}
			if want != "" && got != want {
				missed++
			}
			if half == "tuned" && got != want {
				t.Errorf("%s: %q, want %q", row[1], got, want)
			}
		}
		precision, recall := right/(right+false_), right/(right+missed)
		t.Logf("%s: %d wordings, precision %.3f, recall %.3f", half, n, precision, recall)
		if n < 200 || precision < least.precision || recall < least.recall {
			t.Errorf("%s: %d wordings, precision %.3f, recall %.3f", half, n, precision, recall)
		}
	}
}

// What differs by a word that matters is another thing; what differs by one that does not is the same.
func TestWhatMattersInALabel(t *testing.T) {
	t.Parallel()
	m := matcher()
	for label, want := range map[string]string{
		"（一）常住人口数（单位：人）":                                 "people.residents",
		"１、常　住　人　口":                                      "people.residents",
		"低保（户）":                                          "",
		"低保（人）":                                          "people.low_income",
		"党委（党总支、党支部）书记姓名":                                "secretary.name",
		"服务站主任姓名":                                        "",
		"监督委员会主任姓名":                                      "chief_supervisor.name",
		"居民总户数（户）":                                       "people.households",
		"实际居住户数":                                         "people.households",
		"每户人数":                                           "",
		"80岁（含）以上老人":                                     "people.old",
		"享受低保待遇的人数":                                      "people.low_income",
		"换届选举时间":                                         "committee.term_from",
		"How many grid workers does the community have?": "grid.workers",
		"Does the community have a clinic?":              "facility.clinic",
		"综合网格数":                                          "",
		"失独家庭数":                                          "",
		"姓名":                                             "",
		"Number of housholds":                            "people.households",
		"Number of households with disabled people":      "",
		"网格员姓名":                                          "",
		"卫生服务站电话":                                        "",
		"是否有办公用房":                                        "",
		"一站式服务大厅面积":                                      "",
		"人口密度":                                           "",
		"高龄津贴发放人数":                                       "",
	} {
		if got := heldAs(m, field(label)); got != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
}

func TestKindUnitAndOptionsCount(t *testing.T) {
	t.Parallel()
	m := matcher()
	of := func(label string, k form.Kind, unit string, options ...form.Option) Field {
		f := field(label)
		f.Kind, f.Unit.Zh, f.Options = k, unit, options
		return f
	}
	kinds := []form.Option{{Value: "residents", Label: text.Pair{Zh: "居民委员会社区"}}, {Value: "villagers", Label: text.Pair{Zh: "村民委员会（行政村）"}}}
	for want, all := range map[string][]Field{
		"":                       {of("居民委员会成员人数", form.IDNumber, ""), of("一站式服务大厅", form.Number, ""), of("低保", form.Number, "户")},
		"people.low_income":      {of("低保", form.Number, "人")},
		"community.kind":         {of("社区分类", form.Choice, "", kinds...)},
		"community.grids":        {of("网格", form.Number, "个")},
		"committee.term_to":      {of("任期届满日期", form.Date, "")},
		"station.phone":          {of("联系电话", form.Phone, "")},
		"facility.premises":      {of("社区用房", form.Number, "平方米")},
		"people.serious_illness": {of("大病患者", form.Number, "人")},
	} {
		for _, f := range all {
			if got := heldAs(m, f); got != want {
				t.Errorf("%s, %s %s: %q, want %q", f.Label.Zh, f.Kind, f.Unit.Zh, got, want)
			}
		}
	}
}

// A telephone number after a post is that of its holder.
func TestAFieldIsReadAfterTheOneBefore(t *testing.T) {
	t.Parallel()
	r := matcher().Check(&Content{Fields: fields("书记姓名", "联系电话", "联系人", "联系电话", "常住人口", "联系电话")}, nil, most)
	var got []string
	for _, f := range r.Fields {
		code := f.Status
		if f.Status == statusHeld {
			code = f.Match.Element.Code
		}
		got = append(got, code)
	}
	if s := strings.Join(got, " "); s != "secretary.name secretary.phone new new people.residents station.phone" {
		t.Error(s)
	}
}
