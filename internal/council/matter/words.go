package matter

import (
	"fmt"
	"slices"
	"strings"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

var errNotFound = errs.ErrNotFound

// yuan is a sum of fen in yuan with two digits.
func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

// spent and planned are the sums of the plan, in fen.
func (m *Matter) spent() (sum int64) {
	for _, p := range m.Record.Plan {
		sum += p.Spent
	}
	return sum
}

func (m *Matter) planned() (sum int64) {
	for _, p := range m.Record.Plan {
		sum += p.Planned
	}
	return sum
}

func joined(lists ...[]string) string { return strings.Join(slices.Concat(lists...), "、") }

// publicTitle is the title as everybody reads it: not where the words are withheld.
func (m *Matter) publicTitle(words *text.Catalogue, lang text.Lang) string {
	if m.Withheld != "" {
		return words.T(lang, "council.portal.withheld_title")
	}
	return m.Title
}
