package body

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/registry"
)

func bodyValues(b registry.Body) []any {
	return []any{b.ID, b.Area, b.Kind, b.Department, b.Name, b.Phone, b.Address, hoursText(b.Hours), b.Version}
}

func memberValues(m registry.Member) []any {
	return []any{m.ID, m.BodyID, m.Account, m.Name, m.Post, m.Phone, m.TermFrom, m.TermTo, hoursText(m.Duty), m.Version}
}

func hoursText(h []registry.Hours) string {
	if len(h) == 0 {
		return "[]"
	}
	raw, _ := json.Marshal(h) // whole numbers and texts always marshal
	return string(raw)
}

func insertBody(ctx context.Context, tx *audit.Tx, b registry.Body) error {
	_, err := tx.Exec(ctx, `INSERT INTO registry_body (`+registry.BodyColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, bodyValues(b)...)
	return err
}

// updateBody changes what is described of a body; false when its version is no longer this one.
func updateBody(ctx context.Context, tx *audit.Tx, b registry.Body) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE registry_body SET name = $1, phone = $2, address = $3, hours = $4, version = version + 1 WHERE id = $5
		AND version = $6`,
		b.Name, b.Phone, b.Address, hoursText(b.Hours), b.ID, b.Version)
	return n == 1, err
}

func insertMember(ctx context.Context, tx *audit.Tx, m registry.Member) error {
	_, err := tx.Exec(ctx, `INSERT INTO registry_member (`+registry.MemberColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, memberValues(m)...)
	return err
}

func updateMember(ctx context.Context, tx *audit.Tx, m registry.Member) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE registry_member SET account_id = $1, name = $2, post = $3, phone = $4, term_from = $5, term_to = $6,
		duty = $7, version = version + 1
		WHERE id = $8 AND version = $9`, m.Account, m.Name, m.Post, m.Phone, m.TermFrom, m.TermTo, hoursText(m.Duty), m.ID, m.Version)
	return n == 1, err
}

func deleteMember(ctx context.Context, tx *audit.Tx, id string, version int64) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM registry_member WHERE id = $1 AND version = $2`, id, version)
	return n == 1, err
}
