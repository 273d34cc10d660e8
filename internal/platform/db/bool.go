package db

import (
	"database/sql/driver"
	"fmt"
)

// Bool is a yes or no as both engines keep it: 1 or 0 in an integer column.
type Bool bool

// Value is 1 or 0.
func (b Bool) Value() (driver.Value, error) {
	if b {
		return int64(1), nil
	}
	return int64(0), nil
}

// Scan reads a column of 1 and 0.
func (b *Bool) Scan(v any) error {
	n, ok := v.(int64)
	if !ok || n != 0 && n != 1 {
		return fmt.Errorf("%v is no yes or no", v)
	}
	*b = n == 1
	return nil
}

// YesNo is where a column of 1 and 0 is scanned to.
func YesNo(b *bool) *Bool { return (*Bool)(b) }
