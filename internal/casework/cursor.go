package casework

import (
	"encoding/base64"
	"encoding/json"

	"linli/internal/platform/errs"
)

// Cursor stands in the order of a list, at an instant and an id.
type Cursor struct {
	At   int64  `json:"a"`
	ID   string `json:"i"`
	Back bool   `json:"b,omitempty"` // towards the first page
}

// Text is the cursor as addresses carry it.
func (k Cursor) Text() string {
	raw, _ := json.Marshal(k)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ReadCursor reads a cursor. Error: Malformed.
func ReadCursor(s string) (Cursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	var k Cursor
	if err != nil || len(s) > 200 || json.Unmarshal(raw, &k) != nil || k.ID == "" {
		return k, errs.New(errs.Malformed, "cursor")
	}
	return k, nil
}
