package hall

import (
	"context"
	"encoding/json"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/revision"
)

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
