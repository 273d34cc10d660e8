package assessment

import (
	"os"
	"strings"
	"testing"

	"linli/internal/platform/rule"
)

// labelled reads testdata: verdict, kind and phrase, separated by tabs.
func labelled(t *testing.T, name string) (out [][3]string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		out = append(out, [3]string{c[0], c[1], c[2]})
	}
	return out
}

// Labelled phrases are judged right. The lexicon was made with tuned.tsv; heldout.tsv was written at the same time
// and kept apart. The others were written afterwards against it and measured once before the lexicon learned from
// them: decision 112 has these shares.
func TestLintJudgesLabelledPhrases(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"tuned.tsv", "heldout.tsv", "adversarial.tsv", "adversarial2.tsv", "adversarial3.tsv",
		"fresh1.tsv", "fresh2.tsv", "fresh3.tsv", "fresh4.tsv", "fresh5.tsv"} {
		right, kinds, refused := 0, 0, 0
		phrases := labelled(t, file)
		for _, p := range phrases {
			got := Lint(p[2])
			if got.Verdict == p[0] {
				right++
			} else if file != "heldout.tsv" {
				t.Logf("%s: %q is %s %s %v, not %s %s", file, p[2], got.Verdict, got.Kind, got.Words, p[0], p[1])
			}
			if p[0] == Refuse && got.Verdict == Refuse {
				refused++
				if got.Kind == p[1] {
					kinds++
				}
			}
		}
		share := float64(right) / float64(len(phrases))
		t.Logf("%s: %d of %d right (%.1f %%), kind of %d of %d", file, right, len(phrases), 100*share, kinds, refused)
		if share < 0.97 {
			t.Errorf("%s: %.1f %% right, less than 97 %%", file, 100*share)
		}
	}
}

// What was put between or in the place of characters does not hide a word, and the words are marked where they stand.
func TestLintMarksWordsThatAreHidden(t *testing.T) {
	t.Parallel()
	for phrase, want := range map[string]string{
		"台 账 完整率":              "台 账",
		"臺-帳完整率":               "臺-帳",
		"电子台，账，数":              "台，账",
		"ＬＥＤＧＥＲ 完整":            "ＬＥＤＧＥＲ",
		"l.e.d.g.e.r complete": "l.e.d.g.e.r",
		"獎牌數量":                 "獎牌",
		"TaiZhang齐全":           "TaiZhang",
	} {
		got := Lint(phrase)
		if got.Verdict != Refuse || len(got.Words) == 0 || got.Words[0] != want {
			t.Errorf("%s: %s %q, want %q marked", phrase, got.Verdict, got.Words, want)
			continue
		}
		span := got.Spans[0]
		if marked := string([]rune(phrase)[span.From:span.To]); marked != want {
			t.Errorf("%s: marked is %q, not %q", phrase, marked, want)
		}
	}
}

// Every kind has its rule with a citation.
func TestEveryKindHasARule(t *testing.T) {
	t.Parallel()
	rules := rule.NewCache(Rules())
	for _, kind := range Kinds() {
		if r, ok := rules.On("assessment.banned."+kind, "2026-06-01"); !ok || r.Basis == "" {
			t.Errorf("%s has no rule", kind)
		}
	}
}
