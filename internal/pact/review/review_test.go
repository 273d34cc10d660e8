package review

import (
	"os"
	"strings"
	"testing"
	"time"
)

var today = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

func timeOf(day string) (time.Time, error) { return time.Parse(time.DateOnly, day) }

// labelled reads testdata: illegal or lawful, and a clause, separated by a tab.
func labelled(t *testing.T, name string) (out [][2]string) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		label, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok {
			t.Fatalf("%s: no label in %q", name, line)
		}
		out = append(out, [2]string{label, text})
	}
	return out
}

// Labelled clauses are judged right: at least nine in ten of the illegal ones are found, and at most one in ten lawful ones is
// taken for illegal. The rules were made with tuned.tsv; heldout.tsv was written before them and kept apart. The fresh lists were
// written afterwards and measured once before the rules learned from them: decision 141 has these shares.
func TestReviewJudgesLabelledClauses(t *testing.T) {
	t.Parallel()
	files, _ := os.ReadDir("testdata")
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".tsv") {
			continue
		}
		found, illegal, wrong, lawful := 0, 0, 0, 0
		for _, c := range labelled(t, file.Name()) {
			r := CheckClauses([]Clause{{Kind: Article, Number: "1", Own: true, Text: c[1]}}, Options{Kind: Villagers, On: today})
			said := r.Illegal() > 0
			if c[0] == Illegal {
				illegal++
			} else {
				lawful++
			}
			switch {
			case c[0] == Illegal && said:
				found++
			case c[0] != Illegal && said:
				wrong++
			}
			if said != (c[0] == Illegal) && (file.Name() != "heldout.tsv" || os.Getenv("LINLI_PACT_HELDOUT") != "") {
				t.Logf("%s: %s is judged otherwise: %s %v", file.Name(), c[0], c[1], r.Findings)
			}
		}
		recall, alarm := float64(found)/float64(illegal), float64(wrong)/float64(lawful)
		t.Logf("%s: %d of %d illegal clauses found (recall %.3f), %d of %d lawful ones taken for illegal (%.3f)",
			file.Name(), found, illegal, recall, wrong, lawful, alarm)
		if recall < 0.9 || alarm > 0.1 {
			t.Errorf("%s: recall %.3f, false alarms %.3f; wanted at least 0.9 and at most 0.1", file.Name(), recall, alarm)
		}
	}
}
