package fold

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"１３８００００００００": "13800000000", "\u202d13800000006\u202c": "13800000006", " 138\u00a00000\u30000000 ": "138 0000 0000",
		"3207\u200b03": "320703", "0518－85412345": "0518-85412345", "０５１８—８５４１２３４５": "0518-85412345", "a\u00adb": "ab", "٣٢٠٧": "3207",
		"༣༢༠༧": "3207", "𝟏𝟐": "12", "Ａｂ＠ｘ．ｃｎ": "Ab@x.cn", "1\ufe0f2": "12", "": "", "\ufeff\u200e": "", "−0.3": "-0.3", "a \t b": "a b", "①": "1",
	} {
		if got := Code(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"　王　芳 ": "王 芳", "王\u202e芳": "王芳", "王\u200b芳\ufeff": "王芳", "院前路\u00a03号": "院前路 3号", "👨\u200d👩\u200d👧": "👨\u200d👩\u200d👧",
		"ＡＢ１": "ＡＢ１", "買い物": "買い物", "a\nb\x01": "a b", "🏴\U000E0067\U000E0062\U000E007F": "🏴\U000E0067\U000E0062\U000E007F",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026-03-02": "2026-03-02", "2026-3-2": "2026-03-02", "2026/3/2": "2026-03-02", "2026.03.02": "2026-03-02", "20260302": "2026-03-02",
		"2026年3月2日": "2026-03-02", "２０２６年３月２日": "2026-03-02", "2026 年 3 月 2 日": "", "二〇二六年三月二日": "2026-03-02", "二〇二六年十二月三十一日": "2026-12-31",
		"二零二六年十月二十号": "2026-10-20", "1949-12-31 00:00:00": "1949-12-31", "2026-03-02T08:00:00Z": "2026-03-02", "2024-02-29": "2024-02-29",
		"2023-02-29": "", "2026-13-01": "", "3/2/2026": "", "2026": "", "": "", "二〇二六年三十月二日": "", "45000": "", "\u200e2026-03-02": "2026-03-02",
		"0000-01-01": "", "2026-03-02x": "",
	} {
		if got, ok := Day(in); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", in, got, ok, want)
		}
	}
}

func TestLengthsAreOfCharactersAsPeopleSeeThem(t *testing.T) {
	t.Parallel()
	family, flag, marked := "👨‍👩‍👧‍👦", "🇨🇳", "e\u0301"
	for s, n := range map[string]int{"": 0, "王芳": 2, family: 1, flag + flag: 2, marked + "x": 2, "葛\U000E0100城": 2} {
		if got := Count(s); got != n {
			t.Errorf("%q: %d, want %d", s, got, n)
		}
	}
	if got := Cut(family+flag+"王", 2); got != family+flag {
		t.Errorf("cut to %q", got)
	}
	if got := Clip("一二三四"+family, 4); got != "一二三…" {
		t.Errorf("clipped to %q", got)
	}
	if Within("e"+strings.Repeat("\u0301", 1000), 10) {
		t.Error("marks without end are one character")
	}
	for in, want := range map[string]string{
		strings.Repeat("长", 200) + ".docx":    strings.Repeat("长", 95) + ".docx",
		"身份证.png":                             "身份证.png",
		`C:\photos\a.jpg`:                     "a.jpg",
		"../../etc/passwd":                    "passwd",
		"gpj.\u202eexe":                       "gpj.exe",
		`a<b>:"c|?*.pdf`:                      "abc.pdf",
		"":                                    "file",
		"a/..":                                "file",
		"\u202e":                              "file",
		strings.Repeat(family, 120) + ".heic": strings.Repeat(family, 95) + ".heic",
		strings.Repeat("a", 120):              strings.Repeat("a", 100),
		"x." + strings.Repeat("e", 200):       "x." + strings.Repeat("e", 98),
	} {
		if got := FileName(in, 100); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// marked are letters beside marks, with what folding takes away or changes between them.
var marked = rapid.StringOfN(rapid.SampledFrom([]rune("Aaİ가ᅡᆨ한K１¨\u0301\u0308\u0323\u0338 \u200b\u00a0-－\u00ad\u2028/=<≠")), 0, 8, -1)

// Folding twice is folding once, cutting never breaks a character, and what is cut fits.
func TestFoldingIsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), marked).Draw(t, "s")
		for name, f := range map[string]func(string) string{"Code": Code, "Compact": Compact, "Digits": Digits,
			"Line": Line, "Words": Words, "KeepDay": KeepDay} {
			if once := f(s); f(once) != once {
				t.Fatalf("%s: %q becomes %q and then %q", name, s, once, f(once))
			}
		}
		n := rapid.IntRange(0, 20).Draw(t, "n")
		cut := Cut(s, n)
		if !strings.HasPrefix(s, cut) || Count(cut) > n || !utf8.ValidString(cut) {
			t.Fatalf("%q cut to %d: %q", s, n, cut)
		}
		if name := FileName(s, 30); Count(name) > 30 {
			t.Fatalf("%q named %q", s, name)
		}
	})
}
