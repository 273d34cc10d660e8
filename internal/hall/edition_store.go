package hall

import (
	"context"
	"encoding/json"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
)

const editionColumns = `code, edition, state, document, from_on, writer_name, written_at, releaser_name, released_at, reason, version`

func scanEdition(r db.Scanner) (e Edition, err error) {
	var raw string
	if err = r.Scan(&e.Code, &e.Number, &e.State, &raw, &e.From, &e.Writer, &e.WrittenAt, &e.Releaser, &e.ReleasedAt, &e.Reason,
		&e.Version); err == nil {
		var item Item
		err = json.Unmarshal([]byte(raw), &item)
		e.Content = item.Content
	}
	return e, err
}

func insertEdition(ctx context.Context, tx revision.Execer, e *Edition) error {
	document, err := e.Content.document()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO hall_edition (`+editionColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,1)`,
		e.Code, e.Number, string(e.State), document, e.From, e.Writer, e.WrittenAt, e.Releaser, e.ReleasedAt, e.Reason)
	return err
}

// appendShipped releases what ships of an item: from the start where there is none yet, else from today.
func appendShipped(ctx context.Context, tx revision.Execer, code string, c Content) error {
	document, err := c.document()
	if err != nil {
		return err
	}
	now := clock.Now(ctx)
	_, err = tx.Exec(ctx, `INSERT INTO hall_edition (`+editionColumns+`)
		SELECT CAST($1 AS TEXT), COALESCE(MAX(edition), 0) + 1, 'released', CAST($2 AS TEXT),
			CASE WHEN MAX(edition) IS NULL THEN '' ELSE CAST($3 AS TEXT) END, '', 0, '', CAST($4 AS BIGINT), '', 1
		FROM hall_edition WHERE code = $1`, code, document, clock.Day(now), clock.Millis(now))
	return err
}

// updateEdition writes an edition by its version. Error: Stale.
func updateEdition(ctx context.Context, tx revision.Execer, e *Edition) error {
	document, err := e.Content.document()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE hall_edition SET state = $1, document = $2, from_on = $3, writer_name = $4, written_at = $5,
		releaser_name = $6, released_at = $7, reason = $8, version = version + 1 WHERE code = $9 AND edition = $10 AND version = $11`,
		string(e.State), document, e.From, e.Writer, e.WrittenAt, e.Releaser, e.ReleasedAt, e.Reason, e.Code, e.Number, e.Version)
	if err == nil && n == 0 {
		err = errs.StaleOf(errs.Record{Subject: subjectEdition, ID: e.Code})
	}
	return err
}

func deleteEdition(ctx context.Context, tx revision.Execer, e *Edition) error {
	n, err := tx.Exec(ctx, `DELETE FROM hall_edition WHERE code = $1 AND edition = $2 AND version = $3`, e.Code, e.Number, e.Version)
	if err == nil && n == 0 {
		err = errs.StaleOf(errs.Record{Subject: subjectEdition, ID: e.Code})
	}
	return err
}

// listEditions are all editions of an item, the newest first.
func listEditions(ctx context.Context, r db.Reader, code string) ([]Edition, error) {
	return db.All(ctx, r, scanEdition, `SELECT `+editionColumns+` FROM hall_edition WHERE code = $1 ORDER BY edition DESC`, code)
}

func listReleased(ctx context.Context, r db.Reader) ([]Edition, error) {
	return db.All(ctx, r, scanEdition, `SELECT `+editionColumns+` FROM hall_edition WHERE state = 'released' ORDER BY code, from_on, edition`)
}

// listPlanned are the drafts and what comes into force after a day.
func listPlanned(ctx context.Context, r db.Reader, day string) ([]Edition, error) {
	return db.All(ctx, r, scanEdition, `SELECT `+editionColumns+` FROM hall_edition
		WHERE state = 'draft' OR state = 'released' AND from_on > $1 ORDER BY code, edition`, day)
}

func scanOffer(r db.Scanner) (o offer, err error) {
	var own, enabled int
	err = r.Scan(&o.code, &own, &enabled, &o.closesOn, &o.version)
	o.own, o.enabled = own == 1, enabled == 1
	return o, err
}

// nextNumber is the number of the next edition of an item.
func nextNumber(ctx context.Context, r db.Reader, code string) (int, error) {
	return db.Value[int](ctx, r, `SELECT CAST(COALESCE(MAX(edition), 0) + 1 AS INTEGER) FROM hall_edition WHERE code = $1`, code)
}
