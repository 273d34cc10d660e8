// Package setting keeps the few facts that a database must remember of itself, such as that its
// people are invented. Table (reference): setting_value.
package setting

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// Read gives a setting; false when it was never written.
func Read(ctx context.Context, r db.Reader, name string) (string, bool, error) {
	value, err := db.Value[string](ctx, r, `SELECT value FROM setting_value WHERE name = $1`, name)
	if db.IsNone(err) {
		return "", false, nil
	}
	return value, err == nil, err
}

// Write sets a setting inside an audited write.
func Write(ctx context.Context, tx *audit.Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting_value (name, value) VALUES ($1,$2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// WriteOnce sets a setting that was never written; one that was stays as it is.
func WriteOnce(ctx context.Context, tx *db.Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting_value (name, value) VALUES ($1,$2) ON CONFLICT (name) DO NOTHING`, name, value)
	return err
}
