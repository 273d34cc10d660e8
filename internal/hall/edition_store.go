package hall

import (
	"context"
	"encoding/json"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
)

// SubjectEdition is how the audit log names an edition.
const SubjectEdition = "hall.edition"

// EditionColumns are the columns that ScanEdition reads.
const EditionColumns = `code, edition, state, document, from_on, writer_name, written_at, releaser_name, released_at, reason, version`

// ScanEdition reads an edition from a row of EditionColumns.
func ScanEdition(r db.Scanner) (e Edition, err error) {
	var raw string
	if err = r.Scan(&e.Code, &e.Number, &e.State, &raw, &e.From, &e.Writer, &e.WrittenAt, &e.Releaser, &e.ReleasedAt, &e.Reason,
		&e.Version); err == nil {
		var item Item
		err = json.Unmarshal([]byte(raw), &item)
		e.Content = item.Content
	}
	return e, err
}

// InsertEdition writes an edition at its first version.
func InsertEdition(ctx context.Context, tx revision.Execer, e *Edition) error {
	document, err := e.Content.Document()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO hall_edition (`+EditionColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,1)`,
		e.Code, e.Number, string(e.State), document, e.From, e.Writer, e.WrittenAt, e.Releaser, e.ReleasedAt, e.Reason)
	return err
}

// UpdateEdition writes an edition by its version. Error: Stale.
func UpdateEdition(ctx context.Context, tx revision.Execer, e *Edition) error {
	document, err := e.Content.Document()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE hall_edition SET state = $1, document = $2, from_on = $3, writer_name = $4, written_at = $5,
		releaser_name = $6, released_at = $7, reason = $8, version = version + 1 WHERE code = $9 AND edition = $10 AND version = $11`,
		string(e.State), document, e.From, e.Writer, e.WrittenAt, e.Releaser, e.ReleasedAt, e.Reason, e.Code, e.Number, e.Version)
	if err == nil && n == 0 {
		err = errs.StaleOf(errs.Record{Subject: SubjectEdition, ID: e.Code})
	}
	return err
}

// DeleteEdition deletes a draft by its version. Error: Stale.
func DeleteEdition(ctx context.Context, tx revision.Execer, e *Edition) error {
	n, err := tx.Exec(ctx, `DELETE FROM hall_edition WHERE code = $1 AND edition = $2 AND version = $3`, e.Code, e.Number, e.Version)
	if err == nil && n == 0 {
		err = errs.StaleOf(errs.Record{Subject: SubjectEdition, ID: e.Code})
	}
	return err
}

// InsertOwn adds an item of the city's own, without an edition yet. Error: Conflict "hall.item.exists".
func InsertOwn(ctx context.Context, tx revision.Execer, code string) error {
	n, err := tx.Exec(ctx, `INSERT INTO hall_item (code, enabled, version, own) VALUES ($1,1,1,1) ON CONFLICT (code) DO NOTHING`, code)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "hall.item.exists").At("code", "hall.item.exists")
	}
	return err
}

// DeleteItem deletes an item that never was published.
func DeleteItem(ctx context.Context, tx revision.Execer, code string) error {
	_, err := tx.Exec(ctx, `DELETE FROM hall_item WHERE code = $1`, code)
	return err
}

// appendShipped releases what ships of an item: from the start where there is none yet, else from today.
func appendShipped(ctx context.Context, tx revision.Execer, code string, c Content) error {
	document, err := c.Document()
	if err != nil {
		return err
	}
	now := clock.Now(ctx)
	_, err = tx.Exec(ctx, `INSERT INTO hall_edition (`+EditionColumns+`)
		SELECT CAST($1 AS TEXT), COALESCE(MAX(edition), 0) + 1, 'released', CAST($2 AS TEXT),
			CASE WHEN MAX(edition) IS NULL THEN '' ELSE CAST($3 AS TEXT) END, '', 0, '', CAST($4 AS BIGINT), '', 1
		FROM hall_edition WHERE code = $1`, code, document, clock.Day(now), clock.Millis(now))
	return err
}

func listReleased(ctx context.Context, r db.Reader) ([]Edition, error) {
	return db.All(ctx, r, ScanEdition, `SELECT `+EditionColumns+` FROM hall_edition WHERE state = 'released' ORDER BY code, from_on, edition`)
}

func scanOffer(r db.Scanner) (o Offer, err error) {
	return o, r.Scan(&o.Code, db.YesNo(&o.Own), db.YesNo(&o.Enabled), &o.ClosesOn, &o.Version)
}

// nextNumber is the number of the next edition of an item.
func nextNumber(ctx context.Context, r db.Reader, code string) (int, error) {
	return db.Value[int](ctx, r, `SELECT CAST(COALESCE(MAX(edition), 0) + 1 AS INTEGER) FROM hall_edition WHERE code = $1`, code)
}
