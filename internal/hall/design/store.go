package design

import (
	"context"

	"linli/internal/hall"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
)

// updateEdition writes an edition by its version. Error: Stale.
func updateEdition(ctx context.Context, tx revision.Execer, e *hall.Edition) error {
	document, err := e.Content.Document()
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

func deleteEdition(ctx context.Context, tx revision.Execer, e *hall.Edition) error {
	n, err := tx.Exec(ctx, `DELETE FROM hall_edition WHERE code = $1 AND edition = $2 AND version = $3`, e.Code, e.Number, e.Version)
	if err == nil && n == 0 {
		err = errs.StaleOf(errs.Record{Subject: subjectEdition, ID: e.Code})
	}
	return err
}

// listEditions are all editions of an item, the newest first.
func listEditions(ctx context.Context, r db.Reader, code string) ([]hall.Edition, error) {
	return db.All(ctx, r, hall.ScanEdition, `SELECT `+hall.EditionColumns+` FROM hall_edition WHERE code = $1 ORDER BY edition DESC`, code)
}

// listPlanned are the drafts and what comes into force after a day.
func listPlanned(ctx context.Context, r db.Reader, day string) ([]hall.Edition, error) {
	return db.All(ctx, r, hall.ScanEdition, `SELECT `+hall.EditionColumns+` FROM hall_edition
		WHERE state = 'draft' OR state = 'released' AND from_on > $1 ORDER BY code, edition`, day)
}
