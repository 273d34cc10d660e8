package exchange

import (
	"os"
	"strings"
	"testing"

	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// keyed words nothing: a sentence is its key.
type keyed struct{}

func (keyed) Sentence(_ text.Lang, key string, _ errs.Args) string { return key }

func checked(t *testing.T, name string) ReportView {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c, running, over, err := ReadFile(f)
	if err != nil || len(over) > 0 {
		t.Fatal(err, over)
	}
	return CheckFile(&c, running, keyed{}, text.Chinese, "2026-11-30")
}

// Whose 34 fields are all held is refused with both citations; of 34 with 20 held, 14 are asked.
func TestWhatIsHeldIsNotCollected(t *testing.T) {
	t.Parallel()
	r := checked(t, "form-all-held.json")
	if r.Verdict != verdictRefused || r.Wanted != 34 || r.Held != 34 || r.Asked != 0 || r.Reuse != 100 || len(r.Refusals) != 1 {
		t.Fatalf("%+v", r)
	}
	cited := ""
	for _, c := range r.Refusals[0].Rules {
		cited += c.Basis + c.Article + " "
	}
	if !strings.Contains(cited, "809号）第十九条") || !strings.Contains(cited, "在线政务服务的若干规定》（国务院令第716号）第七条") {
		t.Errorf("it cites %s", cited)
	}
	r = checked(t, "form-part-held.json")
	if r.Verdict != verdictAccepted || r.Wanted != 34 || r.Held != 20 || r.Asked != 14 || r.Reuse != 58 {
		t.Errorf("%s %d/%d, %d asked, %d%%", r.Verdict, r.Held, r.Wanted, r.Asked, r.Reuse)
	}
}

// A remark and who filled it in do not make a collection of what is held.
func TestRemarksDoNotCount(t *testing.T) {
	t.Parallel()
	m := matcher()
	r := m.Check(&Content{Fields: fields("常住人口数", "总户数", "备注", "填报人", "填报日期")}, nil, most)
	if r.Verdict() != verdictRefused || r.Wanted != 2 || r.Refusals[0].Key != "exchange.form.all_held" {
		t.Errorf("%+v", r)
	}
	r = m.Check(&Content{Fields: fields("备注", "填报人")}, nil, most)
	if r.Verdict() != verdictRefused || r.Refusals[0].Key != "exchange.form.nothing_wanted" {
		t.Errorf("%+v", r)
	}
}

func TestARunningFormIsShownAndRefusedWithoutReason(t *testing.T) {
	t.Parallel()
	r := checked(t, "form-duplicate.json")
	if r.Verdict != verdictRefused || r.Refusals[0].Key != "exchange.form.duplicate" || r.Alike[0].Share != 100 {
		t.Fatalf("%+v", r)
	}
	m := matcher()
	running := []Form{{ID: "a", Content: Content{Fields: fields("充电桩个数", "停车位数", "路灯数")}}}
	f := &Content{Fields: fields("充电桩数量（个）", "辖区停车位总数", "公厕数"), Duplicate: "两张报表统计口径不同"}
	if got := m.Check(f, running, most); len(got.Alike) != 1 || got.Alike[0].Same != 2 || got.Alike[0].Share != 66 {
		t.Errorf("alike: %+v", got.Alike)
	}
	f.Fields = f.Fields[:2]
	if got := m.Check(f, running, most); got.Verdict() != verdictAccepted {
		t.Error("a form that says why is refused")
	}
	f.Duplicate = " "
	if got := m.Check(f, running, most); got.Verdict() != verdictRefused || got.Refusals[0].Form.ID != "a" {
		t.Error("a form that does not say why is accepted")
	}
}

// Who writes may say why a field is not what it is taken for, but not of the very wording of an element or one that it names.
func TestAMatchIsContested(t *testing.T) {
	t.Parallel()
	m := matcher()
	of := func(label, element string) Finding {
		f := field(label)
		f.Element, f.Differs = element, "只统计持居住证的人"
		r := m.Check(&Content{Fields: append(fields("老年活动室面积"), f)}, nil, most)
		return r.Fields[1]
	}
	if got := of("本社区居住总人数", ""); got.Status != statusNew || !got.Contested {
		t.Errorf("%+v", got)
	}
	for _, got := range []Finding{of("居民人数", ""), of("任意", "people.residents")} {
		if got.Status != statusHeld {
			t.Errorf("%+v", got)
		}
	}
}

// What another department has is told, and counts as asked.
func TestWhatAnotherDepartmentHasIsTold(t *testing.T) {
	t.Parallel()
	r := matcher().Check(&Content{Fields: fields("户籍人口数", "党员总数", "常住人口数")}, nil, most)
	for i, want := range []string{"police.hukou", "org.party_members"} {
		if f := r.Fields[i]; f.Status != statusNew || !f.Shared || f.Match.Element.Code != want || !f.NeedReason {
			t.Errorf("%+v", f)
		}
	}
	if r.Verdict() != verdictAccepted || r.Held != 1 || r.Asked != 2 {
		t.Errorf("%+v", r)
	}
}

func TestAFileIsAForm(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{``, `[]`, `{}`, `{"fields":[]}`, `{"fields":[{"kind":"number"}]}`, `{"fields":[""]}`, `{"fields":[7]}`} {
		if _, _, _, err := ReadFile(strings.NewReader(raw)); err == nil {
			t.Errorf("%s is taken as a form", raw)
		}
	}
	c, _, over, err := ReadFile(strings.NewReader(`{"fields":["总户数",{"label":"人口","type":"number","unit":"人","options":["a",{"value":"b","label":"乙"}]}],"sender":"x"}`))
	if err != nil || len(c.Fields) != 2 || c.Fields[1].Kind != "number" || c.Fields[1].Options[1].Value != "b" || len(over) != 1 {
		t.Errorf("%+v %v %v", c, over, err)
	}
}

// What ships is whole: every element valid, each bound one in the register, each of two wordings its own.
func TestElementsThatShip(t *testing.T) {
	t.Parallel()
	seen, codes := map[string]string{}, map[string]bool{}
	for _, e := range Elements() {
		if err := e.Validate(); err != nil {
			t.Errorf("%s: %v", e.Code, errs.Of(err).Fields)
		}
		codes[e.Code] = true
		for _, wording := range e.wordings() {
			r := words().read(wording, "", "")
			if other, taken := seen[r.key()]; taken && other != e.Code {
				t.Errorf("%q says %s, as does a wording of %s", wording, r.key(), other)
			}
			seen[r.key()] = e.Code
		}
	}
	for code := range Bound() {
		if !codes[code] {
			t.Errorf("%s is bound and not in the register", code)
		}
	}
	if n := len(codes); n < 60 || len(Bound()) < 60 {
		t.Errorf("%d elements, %d bound", n, len(Bound()))
	}
	for _, v := range Rules() {
		if v.Certainty == "" {
			t.Errorf("%s has no certainty", v.Key)
		}
	}
	if l := LimitsOn(rule.NewCache(Rules()), "2026-11-30"); l != most {
		t.Errorf("%+v", l)
	}
}
