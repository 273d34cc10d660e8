package gate

import (
	"context"

	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// FactQuery asks for what is known of a community in a period.
type FactQuery struct {
	Area     string // code of the community
	From, To string // first and last day, YYYY-MM-DD
}

// FactTable are facts as rows, ready to be shown to everybody: without names of residents, numbers or addresses.
type FactTable struct {
	Columns []text.Pair
	Rows    [][]string // in Chinese; as many cells as columns
}

// Facts are what a module knows of communities that they must disclose. Modules add theirs when they start; disclosure fills
// entries from them, which a person then confirms.
type Facts interface {
	// FactCode names the source; its name is the text disclosure.source.<code>.
	FactCode() string
	// Facts are those of a community in a period, at most 2000 rows, the earliest first.
	Facts(ctx context.Context, r db.Reader, q FactQuery) (FactTable, error)
}

// Columns are headings by the keys of their texts.
func Columns(words interface {
	T(lang text.Lang, key string, pairs ...any) string
}, keys ...string) []text.Pair {
	out := make([]text.Pair, len(keys))
	for i, key := range keys {
		out[i] = text.Pair{Zh: words.T(text.Chinese, key), En: words.T(text.English, key)}
	}
	return out
}

// MostFacts bounds the rows of a FactTable.
const MostFacts = 2000
