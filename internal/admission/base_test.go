package admission

import (
	"slices"
	"testing"
	"unicode"

	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// Every row that ships is whole in both languages and within the bounds of what a city writes.
func TestTheShippedEntriesAreWhole(t *testing.T) {
	t.Parallel()
	codes := map[string]bool{}
	for kind, entries := range Base() {
		if !kind.Known() {
			t.Errorf("unknown kind %q", kind)
		}
		for i := range entries {
			e := entries[i]
			refused := e.check(errs.ErrInvalid, e.Code)
			for _, f := range refused.Fields {
				t.Errorf("%s: %s", f.Location, f.Key)
			}
			if codes[e.Code] {
				t.Errorf("the code %s stands twice", e.Code)
			}
			codes[e.Code] = true
			for _, p := range []Text{e.Text, e.Law, e.Article, e.Note, e.DepartmentName} {
				if (p.Zh == "") != (p.En == "") || slices.ContainsFunc([]rune(p.En), func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
					t.Errorf("%s: %q has no English: %q", e.Code, p.Zh, p.En)
				}
			}
			if e.Department != "" && !slices.Contains(registry.Departments, e.Department) {
				t.Errorf("%s: the register has no department %q", e.Code, e.Department)
			}
		}
	}
	if n := len(Base()[Certificate]); n != 20 {
		t.Errorf("%d certificates, want 20", n)
	}
	if n := len(Base()[Own]) + len(Base()[Assist]) + len(Base()[Report]); n != 54 {
		t.Errorf("%d duties, want the 47 of the statutes and 7 of the organic law", n)
	}
}

// A text is found to speak of what is barred however it is dressed, and one that is let in is not.
func TestATextSpeaksOfABarredEntry(t *testing.T) {
	t.Parallel()
	barred := slices.Concat(Base()[Street], Base()[Negative], Base()[Certificate])
	for text, want := range map[string]string{
		"请各社区协助完成2026年招商引资任务，每社区引进项目一个": "N02",
		"组织社区开展联合执法，检查沿街商户":             "N01",
		"社区出具无犯罪记录证明用于入职":               "C05",
		"居民申请贷款需社区盖章的收 入证明":             "C17",
		"社区代为受理低保申请并完成低保审核":             "T01",
		"与社区签订安全生产责任书":                  "N06",
		"动员居民关注公众号，每户安装率达到九成":           "N07",
		"开展居民亲属关系证明专项工作":                "C01",
		"协助开展森林防火宣传":                    "",
		"请社区组织一次消防演练":                   "",
		"协助做好人口普查宣传，组织志愿者参加":            "",
		"为老年人提供助餐服务，社区提供场地":             "",
		"请社区协助发放居住证，逐户通知领取":             "",
		"邻里矛盾调解：协助司法所做好调解回访":            "",
		"重阳节走访慰问高龄老人":                   "",
		"组织居民参加垃圾分类培训，街道办事处指导居民委员会开展":   "T04",
	} {
		got := ""
		if found := Alike(barred, text, 0.6); len(found) > 0 {
			got = found[0].Entry.Code
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
