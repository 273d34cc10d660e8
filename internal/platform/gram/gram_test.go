package gram_test

import (
	"slices"
	"strings"
	"testing"

	"linli/internal/platform/gram"
)

// answers tells whether a text that is kept by its words answers a query.
func answers(text, query string) bool {
	kept, asked := gram.Of(text), gram.Asked(query)
	return len(asked) > 0 && !slices.ContainsFunc(asked, func(s gram.Stretch) bool {
		return !strings.Contains(gram.Plain(text), s.Exact) ||
			slices.ContainsFunc(s.Words, func(w string) bool { return !slices.Contains(kept, w) })
	})
}

func TestAnyTwoCharactersAreFound(t *testing.T) {
	t.Parallel()
	const text = "院前社区3号楼2单元门口，垃圾堆放无人清理；Lamp A12 is OUT，㐀㐁，ｆｕｌｌ"
	for _, query := range []string{"院前", "前社", "社区", "垃圾", "门口", "清理", "无人清理", "3号", "号楼", "3号楼2单元", "2单", "lamp", "LA", "a12", "A1", "out",
		"full", "㐀㐁", "垃圾 lamp", "楼２", "清", "理", "3 院", "2单元门口"} {
		if !answers(text, query) {
			t.Errorf("%q is not found", query)
		}
	}
	for _, query := range []string{"口垃", "区楼", "amp", "12", "4号", "灯", "", "，", "堆放垃圾", "社区号楼", "口垃圾", "清 灯", "垃圾 灯泡", "b12"} {
		if answers(text, query) {
			t.Errorf("%q is found", query)
		}
	}
	runes := []rune("河边路灯损坏夜间无照明请尽快修复")
	for i := range len(runes) - 1 {
		if query := string(runes[i : i+2]); !answers("前面，"+string(runes)+"！", query) {
			t.Errorf("%q is not found", query)
		}
	}
}

func TestNumbersOfPersonsAreNotKept(t *testing.T) {
	t.Parallel()
	for _, number := range []string{"13912345678", "11010519491231002X", "6222020200012345678"} {
		for _, w := range gram.Of("请联系"+number+"，张先生", "电话："+number) {
			if strings.Trim(w, "0123456789x") == "" {
				t.Errorf("%q of %s is kept", w, number)
			}
		}
	}
	if !answers("楼号1234567890", "1234567890") || !answers("楼号1234567890", "123456") {
		t.Error("ten digits are nobody's number")
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	if n := len(gram.Of(strings.Repeat("灯坏了abc1 ", 100_000))); n > 40 {
		t.Errorf("%d words of a text that repeats itself", n)
	}
	var all strings.Builder
	for r := rune(0x4e00); r < 0x9fa0; r++ {
		all.WriteRune(r)
	}
	if n := len(gram.Of(all.String())); n >= 4000 {
		t.Errorf("%d words", n)
	}
	if asked := gram.Asked(all.String()); len(asked) != 1 || len(asked[0].Words) >= 60 {
		t.Errorf("%d words of a query", len(asked[0].Words))
	}
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"路灯不亮", "路灯不亮", 1}, {"路灯不亮", "小区门口路灯不亮了", 1}, {"路灯不亮", "垃圾堆放", 0}, {"", "路灯", 0}, {"路灯坏了", "路灯不亮", 1.0 / 3}} {
		if got := gram.Overlap(gram.Of(c.a), gram.Of(c.b)); got != c.want {
			t.Errorf("%q and %q: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("院前社区A12号", "社区")
	f.Fuzz(func(t *testing.T, text, query string) {
		all := gram.Of(text)
		for _, s := range gram.Asked(query) {
			all = append(all, s.Words...)
			if s.Exact == "" && len(s.Words) != 1 || strings.Contains(s.Exact, " ") {
				t.Errorf("nothing tells whether a text has %q of %q", s, query)
			}
		}
		for _, w := range all {
			if w == "" || strings.ContainsAny(w, " \"'\\\n\t:&|!()*§") {
				t.Errorf("%q of %q and %q would change what is asked of an index", w, text, query)
			}
		}
	})
}
