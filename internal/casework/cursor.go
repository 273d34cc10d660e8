package casework

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

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

// SeqCursor stands in the order of a list of rows that hang on cases, at a key, a case and the row's number there.
func SeqCursor(key int64, id string, seq int) string { return fmt.Sprintf("%d|%s|%d", key, id, seq) }

// ReadSeqCursor reads it back: before the first row for "". It tells whether it can be read.
func ReadSeqCursor(s string) (key int64, id string, seq int, ok bool) {
	if s == "" {
		return -1, "", 0, true
	}
	parts := strings.Split(s, "|")
	if len(parts) != 3 {
		return 0, "", 0, false
	}
	key, err := strconv.ParseInt(parts[0], 10, 64)
	seq, errSeq := strconv.Atoi(parts[2])
	return key, parts[1], seq, err == nil && errSeq == nil
}
