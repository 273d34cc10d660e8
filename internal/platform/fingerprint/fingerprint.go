// Package fingerprint lets a database know the key file that belongs to it. The fingerprint is a keyed
// digest under the root key, which stays when keys are rotated; it tells nothing of the keys.
package fingerprint

import (
	"context"
	"encoding/hex"
	"fmt"

	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/seal"
	"linli/internal/platform/setting"
)

// settingName is the setting under which a database keeps it.
const settingName = "seal.fingerprint"

// sampled is how many sealed texts of a table are tried at most, where a database has no fingerprint.
const sampled = 20

// Refusals of a key file that is not the database's own.
var (
	ErrOther  = errs.New(errs.Conflict, "seal.other_keys")    // its fingerprint is another
	ErrOpens  = errs.New(errs.Conflict, "seal.opens_nothing") // there is no fingerprint, and no sealed text opens
	ErrCopyOf = errs.New(errs.Conflict, "seal.copy_of_others")
)

// Sealed is a table whose column sealed holds sealed texts, each bound to the row's id.
type Sealed struct {
	Table string
	ID    string // column of the id
}

// Of is the fingerprint of a ring, 16 hexadecimal digits.
func Of(ring *seal.Ring) string {
	return hex.EncodeToString(ring.Digest("fingerprint", "linli key file")[:8])
}

// Check tells whether the database knows a fingerprint, and refuses a ring that is not its own. One
// without fingerprint takes a ring that opens something sealed in the tables, or any when nothing is
// sealed there. Errors: ErrOther, ErrOpens.
func Check(ctx context.Context, r db.Reader, ring *seal.Ring, tables []Sealed) (known bool, err error) {
	expected, known, err := setting.Read(ctx, r, settingName)
	switch {
	case err != nil:
		return false, err
	case known && expected != Of(ring):
		return true, ErrOther.With("expected", expected, "found", Of(ring), "file", ring.Path())
	case known:
		return true, nil
	}
	tried := 0
	for _, t := range tables {
		opened, n, err := opens(ctx, r, ring, t)
		if err != nil || opened {
			return false, err
		}
		tried += n
	}
	if tried > 0 {
		return false, ErrOpens.With("found", Of(ring), "file", ring.Path())
	}
	return false, nil
}

// Adopt is Check, and lets a database that has no fingerprint keep the ring's.
func Adopt(ctx context.Context, d *db.DB, ring *seal.Ring, tables []Sealed) error {
	known, err := Check(ctx, d, ring, tables)
	if err != nil || known {
		return err
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { return setting.WriteOnce(ctx, tx, settingName, Of(ring)) }); err != nil {
		return err
	}
	_, err = Check(ctx, d, ring, nil) // another process may have been faster, with other keys
	return err
}

// opens tells whether a sealed text of a table opens, and how many were tried.
func opens(ctx context.Context, r db.Reader, ring *seal.Ring, t Sealed) (bool, int, error) {
	type row struct{ id, sealed string }
	rows, err := db.All(ctx, r, func(s db.Scanner) (v row, err error) { return v, s.Scan(&v.id, &v.sealed) },
		fmt.Sprintf(`SELECT %s, sealed FROM %s WHERE sealed <> '' LIMIT %d`, t.ID, t.Table, sampled))
	if err != nil {
		return false, 0, fmt.Errorf("sealed texts of %s: %w", t.Table, err)
	}
	for _, v := range rows {
		if _, err := ring.Open(v.sealed, v.id); err == nil {
			return true, len(rows), nil
		}
	}
	return false, len(rows), nil
}
