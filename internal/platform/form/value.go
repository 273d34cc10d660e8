package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Greatest size of an answer of several values.
const (
	MaxFiles   = 9
	MaxColumns = 12
	MaxRows    = 200
)

// Answers are what a form was answered with, by the key of the field.
type Answers map[string]Answer

// Answer is what one field was answered with. In JSON it is a text (one value), a list of texts (what is chosen of
// choices; the ids of files) or a list of objects (the rows of a table). At most one of the three is set; the zero
// value is no answer. Before an answer is checked, choices may also stand in one text, apart by blanks.
type Answer struct {
	One  string
	Many []string
	Rows []Row
}

// Row is one row of a table, by the key of the column.
type Row map[string]string

// One is an answer of one value.
func One(value string) Answer { return Answer{One: value} }

// Many is an answer of several values.
func Many(values ...string) Answer { return Answer{Many: values} }

// Empty tells whether nothing was answered; blanks and rows of blanks are nothing.
func (a Answer) Empty() bool {
	return strings.TrimSpace(a.One) == "" && len(a.values()) == 0 && !slices.ContainsFunc(a.Rows, Row.filled)
}

// Equal tells whether two answers say the same.
func (a Answer) Equal(b Answer) bool {
	return a.One == b.One && slices.Equal(a.Many, b.Many) &&
		slices.EqualFunc(a.Rows, b.Rows, func(x, y Row) bool { return maps.Equal(x, y) })
}

// Values are the values of choices or files, whether they stand in a list or in one text.
func (a Answer) Values() []string {
	if len(a.Many) > 0 {
		return a.values()
	}
	return strings.Fields(a.One)
}

func (a Answer) values() []string {
	return slices.DeleteFunc(slices.Clone(a.Many), func(v string) bool { return strings.TrimSpace(v) == "" })
}

// filled tells whether a row says anything.
func (r Row) filled() bool {
	for _, cell := range r {
		if strings.TrimSpace(cell) != "" {
			return true
		}
	}
	return false
}

// String writes an answer whose field is not known any more: values apart by blanks, each row on a line.
func (a Answer) String() string {
	if len(a.Rows) == 0 {
		return a.One + strings.Join(a.Many, " ")
	}
	lines := make([]string, len(a.Rows))
	for n, row := range a.Rows {
		for i, key := range slices.Sorted(maps.Keys(row)) {
			if i > 0 {
				lines[n] += "; "
			}
			lines[n] += key + ": " + row[key]
		}
	}
	return strings.Join(lines, "\n")
}

// MarshalJSON writes the shape that the answer has.
func (a Answer) MarshalJSON() ([]byte, error) {
	switch {
	case a.Rows != nil:
		return json.Marshal(a.Rows)
	case a.Many != nil:
		return json.Marshal(a.Many)
	}
	return json.Marshal(a.One)
}

var errShape = errors.New("an answer is a text, a list of texts or a list of rows")

// UnmarshalJSON reads any of the three shapes; null is no answer.
func (a *Answer) UnmarshalJSON(raw []byte) error {
	*a = Answer{}
	switch raw = bytes.TrimSpace(raw); {
	case string(raw) == "null":
		return nil
	case len(raw) > 0 && raw[0] == '"':
		return json.Unmarshal(raw, &a.One)
	case len(raw) > 0 && raw[0] == '[':
		if json.Unmarshal(raw, &a.Many) == nil {
			return nil
		}
		a.Many = nil
		return json.Unmarshal(raw, &a.Rows)
	}
	return errShape
}

// Schema is an answer in the API's document. The bounds are those of the widest kind: a field has its own.
func (Answer) Schema(huma.Registry) *huma.Schema {
	most := func(n int) *int { return &n }
	value := func(length int) *huma.Schema { // a character may be written as many
		return &huma.Schema{Type: huma.TypeString, MaxLength: most(length * 32)}
	}
	cell := value(MaxText)
	return &huma.Schema{
		Description: "A text; of choices and files a list of texts; of a table a list of rows, each by the keys of its columns",
		AnyOf: []*huma.Schema{value(MaxTextarea),
			{Type: huma.TypeArray, Items: value(MaxText), MaxItems: most(MaxOptions)},
			{Type: huma.TypeArray, MaxItems: most(MaxRows),
				Items: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: cell, MaxProperties: most(MaxColumns)}}},
	}
}
