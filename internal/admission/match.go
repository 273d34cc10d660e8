package admission

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"linli/internal/platform/db"
	"linli/internal/platform/gram"
)

// Likeness is an entry of which a text seems to speak.
type Likeness struct {
	Entry Entry   `json:"entry"`
	Words string  `json:"words" doc:"Words of the entry that are found in the text"`
	Share float64 `json:"share" doc:"Share of these words that the text has, rare ones counting more; 1 where they stand in it"`
}

const ruleLikeness = "admission.likeness"

// Match finds of which barred entries in force for an area on a day a text in Chinese speaks: duties of the street first,
// then the negative list and the certificates, the likest first within each. What counts as speaking of an entry is the
// rule admission.likeness: the least share in percent.
func (s *Service) Match(ctx context.Context, r db.Reader, area, day, text string) ([]Likeness, error) {
	entries, err := s.Entries(ctx, r, area, day, Barred...)
	if err != nil {
		return nil, err
	}
	return Alike(entries, text, float64(s.Rules.Int(ruleLikeness, day))/100), nil
}

// Alike are the entries of which a text speaks by at least a share (0…1).
func Alike(entries []Entry, text string, least float64) []Likeness {
	plain, held := strings.ReplaceAll(gram.Plain(text), " ", ""), map[string]bool{}
	for _, g := range gram.Of(text) {
		held[g] = true
	}
	weigh := rarity(entries)
	var out []Likeness
	for _, e := range entries {
		if l := e.likeness(plain, held, weigh); l.Share >= least {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(a, b Likeness) int {
		rank := func(l Likeness) int { return slices.Index(Barred, l.Entry.Kind) }
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Share, a.Share))
	})
	return out
}

// shortest is of how many pairs of characters a term has to be for a part of it to count: shorter ones must stand whole.
const shortest = 4

// likeness is that of the entry's best term, or of its whole text.
func (e *Entry) likeness(plain string, held map[string]bool, weigh func(string) float64) Likeness {
	best := Likeness{Entry: *e}
	for _, term := range append([]string{e.Text.Zh}, e.Terms...) {
		folded := strings.ReplaceAll(gram.Plain(term), " ", "")
		share := 0.0
		if grams := gram.Of(term); folded != "" && strings.Contains(plain, folded) {
			share = 1
		} else if len(grams) >= shortest {
			var all, found float64
			for _, g := range grams {
				all += weigh(g)
				if held[g] {
					found += weigh(g)
				}
			}
			share = found / all
		}
		if share > best.Share {
			best.Share, best.Words = share, term
		}
	}
	return best
}

// rarity weighs a pair of characters by how few entries have it: 证明 and 社区 stand in many and say little.
func rarity(entries []Entry) func(string) float64 {
	in := map[string]int{}
	for _, e := range entries {
		for _, g := range gram.Of(append([]string{e.Text.Zh}, e.Terms...)...) {
			in[g]++
		}
	}
	n := float64(len(entries) + 1)
	return func(g string) float64 { return math.Log(n/float64(in[g]+1)) + 0.05 }
}
