package admission

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed base.csv
var baseCSV []byte

// baseColumns are the columns of base.csv.
var baseColumns = []string{"kind", "code", "zh", "en", "terms", "department", "department_zh", "department_en", "law_zh", "law_en",
	"article_zh", "article_en", "valid_from", "certainty", "note_zh", "note_en"}

// Base are the entries that ship, by kind in the order of the file. They change with a release alone; a row that ends
// gets a last day and stays.
var Base = sync.OnceValue(func() map[Kind][]Entry {
	rows, err := csv.NewReader(bytes.NewReader(baseCSV)).ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], baseColumns) {
		panic(fmt.Sprintf("admission: base.csv: %v", err))
	}
	out := map[Kind][]Entry{}
	for _, c := range rows[1:] {
		e := Entry{Kind: Kind(c[0]), Code: c[1], Text: Text{Zh: c[2], En: c[3]}, Terms: strings.Fields(c[4]), Department: c[5],
			DepartmentName: Text{Zh: c[6], En: c[7]}, Law: Text{Zh: c[8], En: c[9]}, Article: Text{Zh: c[10], En: c[11]},
			From: c[12], Certainty: c[13], Note: Text{Zh: c[14], En: c[15]}}
		out[e.Kind] = append(out[e.Kind], e)
	}
	return out
})
