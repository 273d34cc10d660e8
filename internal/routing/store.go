package routing

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

func listRoutes(ctx context.Context, r db.Reader) ([]Route, error) {
	return db.All(ctx, r, func(row db.Scanner) (o Route, err error) {
		err = row.Scan(&o.ID, &o.Kind, &o.Subject, &o.Area, &o.ValidFrom, &o.ValidTo, &o.Days, &o.HourFrom, &o.HourTo,
			&o.Body, &o.Department, &o.Level, &o.Note, db.YesNo(&o.Enabled), &o.ChangedAt, &o.ChangedBy, &o.Version)
		return o, err
	}, `SELECT id, kind, subject, area, valid_from, valid_to, days, hour_from, hour_to, body_id, department, level, note,
		enabled, changed_at, changed_by, version FROM casework_route ORDER BY id`)
}

// storeRoute adds a route that has no id yet, or writes the one of its version.
func storeRoute(ctx context.Context, tx *audit.Tx, r *Route) error {
	if r.ID == "" {
		r.ID, r.Version = db.NewID(ctx), 1
		_, err := tx.Exec(ctx, `INSERT INTO casework_route (id, kind, subject, area, valid_from, valid_to, days, hour_from, hour_to,
			body_id, department, level, note, enabled, changed_at, changed_by, version)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,1)`, r.ID, r.Kind, r.Subject, r.Area, r.ValidFrom, r.ValidTo,
			r.Days, r.HourFrom, r.HourTo, r.Body, r.Department, r.Level, r.Note, db.Bool(r.Enabled), r.ChangedAt, r.ChangedBy)
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE casework_route SET kind = $1, subject = $2, area = $3, valid_from = $4, valid_to = $5, days = $6,
		hour_from = $7, hour_to = $8, body_id = $9, department = $10, level = $11, note = $12, enabled = $13, changed_at = $14,
		changed_by = $15, version = version + 1 WHERE id = $16 AND version = $17`, r.Kind, r.Subject, r.Area, r.ValidFrom, r.ValidTo,
		r.Days, r.HourFrom, r.HourTo, r.Body, r.Department, r.Level, r.Note, db.Bool(r.Enabled), r.ChangedAt, r.ChangedBy, r.ID, r.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: "casework.route", ID: r.ID})
	}
	r.Version++
	return err
}
