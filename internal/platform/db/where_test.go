package db_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
)

func TestWhereNumbersItsArguments(t *testing.T) {
	t.Parallel()
	w := db.Where{}
	if w.String() != "" {
		t.Errorf("without a condition it says %q", w.String())
	}
	w.And("a = %s", 1)
	w.Any(w.Term("b >= %s AND b < %s", "x", "y"), w.Term("c = %s", true))
	w.And("d IS NULL")
	w.Any()
	got := w.String() + " LIMIT " + w.Arg(20)
	if want := " WHERE a = $1 AND (b >= $2 AND b < $3 OR c = $4) AND d IS NULL AND (1 = 0) LIMIT $5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []any{1, "x", "y", true, 20}; !reflect.DeepEqual(w.List, want) {
		t.Errorf("arguments %v, want %v", w.List, want)
	}
}

// What a cursor was made of is read from it; anything else is refused, never read as the beginning.
func TestCursorsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at, seq := rapid.Int64().Draw(t, "at"), rapid.Int().Draw(t, "seq")
		first, last := rapid.StringMatching(`[a-z0-9~-]*`).Draw(t, "first"), rapid.String().Draw(t, "last")
		var (
			gotAt           int64
			gotSeq          int
			gotFirst, gotLa string
		)
		err := db.ReadCursor(db.Cursor(at, first, seq, last), &gotAt, &gotFirst, &gotSeq, &gotLa)
		if err != nil || gotAt != at || gotSeq != seq || gotFirst != first || gotLa != last {
			t.Fatalf("%v: %d %q %d %q", err, gotAt, gotFirst, gotSeq, gotLa)
		}
	})
	for _, s := range []string{"|", "x|y", "1", "9223372036854775808|y", "１|y", " 1|y"} {
		at, id := int64(-1), ""
		var refused *errs.Error
		if err := db.ReadCursor(s, &at, &id); !errors.As(err, &refused) || refused.Kind != errs.Malformed {
			t.Errorf("%q: %v", s, err)
		}
	}
	at, id := int64(7), "kept"
	if err := db.ReadCursor("", &at, &id); err != nil || at != 7 || id != "kept" {
		t.Errorf("the beginning: %v, %d %q", err, at, id)
	}
}

func TestBoolIsKeptByBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, want := range []bool{true, false} {
			var got bool
			var n int
			if err := d.QueryRow(t.Context(), `SELECT CAST($1 AS SMALLINT), CAST($1 AS SMALLINT)`,
				db.Bool(want)).Scan(db.YesNo(&got), &n); err != nil {
				t.Fatal(err)
			}
			if got != want || (n == 1) != want {
				t.Errorf("%v is kept as %d and read as %v", want, n, got)
			}
		}
		for _, wrong := range []any{2, -1, "1", nil} {
			var got bool
			if err := db.YesNo(&got).Scan(wrong); err == nil {
				t.Errorf("%v is read as %v", fmt.Sprint(wrong), got)
			}
		}
	})
}
