package registry

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
)

func bodyValues(b Body) []any {
	return []any{b.ID, b.Area, b.Kind, b.Department, b.Name, b.Phone, b.Address, hoursText(b.Hours), b.Version}
}

func memberValues(m Member) []any {
	return []any{m.ID, m.BodyID, m.Account, m.Name, m.Post, m.Phone, m.TermFrom, m.TermTo, hoursText(m.Duty), m.Version}
}

func hoursText(h []Hours) string {
	if len(h) == 0 {
		return "[]"
	}
	raw, _ := json.Marshal(h) // whole numbers and texts always marshal
	return string(raw)
}

// InsertBody keeps a new body, without members.
func InsertBody(ctx context.Context, tx *audit.Tx, b Body) error {
	_, err := tx.Exec(ctx, `INSERT INTO registry_body (`+bodyColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, bodyValues(b)...)
	return err
}

// UpdateBody changes what is described of a body; false when its version is no longer this one.
func UpdateBody(ctx context.Context, tx *audit.Tx, b Body) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE registry_body SET name = $1, phone = $2, address = $3, hours = $4, version = version + 1 WHERE id = $5
		AND version = $6`,
		b.Name, b.Phone, b.Address, hoursText(b.Hours), b.ID, b.Version)
	return n == 1, err
}

// InsertMember keeps a new member.
func InsertMember(ctx context.Context, tx *audit.Tx, m Member) error {
	_, err := tx.Exec(ctx, `INSERT INTO registry_member (`+memberColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, memberValues(m)...)
	return err
}

// UpdateMember changes a member; false when its version is no longer this one.
func UpdateMember(ctx context.Context, tx *audit.Tx, m Member) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE registry_member SET account_id = $1, name = $2, post = $3, phone = $4, term_from = $5, term_to = $6,
		duty = $7, version = version + 1
		WHERE id = $8 AND version = $9`, m.Account, m.Name, m.Post, m.Phone, m.TermFrom, m.TermTo, hoursText(m.Duty), m.ID, m.Version)
	return n == 1, err
}

// DeleteMember removes a member who was entered by mistake; false when there is none of this version.
func DeleteMember(ctx context.Context, tx *audit.Tx, id string, version int64) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM registry_member WHERE id = $1 AND version = $2`, id, version)
	return n == 1, err
}

// InsertBodies keeps many new bodies at once, and these members of theirs.
func InsertBodies(ctx context.Context, tx *audit.Tx, bodies []Body, members []Member) error {
	none := func(int) {}
	err := InsertMany(ctx, tx, "registry_body", bodyColumns, len(bodies), func(i int) []any { return bodyValues(bodies[i]) }, none)
	if err != nil {
		return err
	}
	return InsertMany(ctx, tx, "registry_member", memberColumns, len(members), func(i int) []any { return memberValues(members[i]) }, none)
}

// CloseBody puts a body of an area among those of the past from a day on, with the id of the body that takes over, or "".
// Terms of its members end the day before.
func CloseBody(ctx context.Context, tx *audit.Tx, b Body, areaID, on, into string) error {
	_, err := tx.Exec(ctx, `INSERT INTO registry_body_closed (id, area_id, kind, department, name, closed_on, into_id)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		b.ID, areaID, b.Kind, b.Department, b.Name, on, into)
	if err != nil {
		return err
	}
	last := DayBefore(on)
	if _, err = tx.Exec(ctx, `UPDATE registry_member SET term_to = $1, version = version + 1 WHERE body_id = $2 AND (term_to = ''
		OR term_to > $3)`,
		last, b.ID, last); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM registry_body WHERE id = $1`, b.ID)
	return err
}

// MoveBodies lets bodies follow their areas.
func MoveBodies(ctx context.Context, tx *audit.Tx, m *Moves) error {
	return m.Areas.Rewrite(ctx, tx, "registry_body", "area")
}
