package db

import (
	"fmt"
	"strconv"
	"strings"

	"linli/internal/platform/errs"
)

// Cursor is where a page of a list ends, as addresses carry it: what the list is ordered by, of its last row, as
// numbers and texts apart by "|". Only the last may itself contain one.
func Cursor(keys ...any) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = fmt.Sprint(k)
	}
	return strings.Join(parts, "|")
}

// ReadCursor reads a cursor into *int64, *int and *string. For "", the beginning of the list, they stay as they are.
// Error: Malformed.
func ReadCursor(s string, keys ...any) error {
	if s == "" {
		return nil
	}
	parts := strings.SplitN(s, "|", len(keys))
	if len(parts) != len(keys) {
		return errCursor
	}
	for i, k := range keys {
		var err error
		switch k := k.(type) {
		case *int64:
			*k, err = strconv.ParseInt(parts[i], 10, 64)
		case *int:
			*k, err = strconv.Atoi(parts[i])
		case *string:
			*k = parts[i]
		default:
			return fmt.Errorf("no key of a cursor: %T", k)
		}
		if err != nil {
			return errCursor
		}
	}
	return nil
}

var errCursor = errs.New(errs.Malformed, "cursor")
