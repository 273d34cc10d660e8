package design

import (
	"context"

	"linli/internal/hall"
	"linli/internal/platform/db"
)

// listEditions are all editions of an item, the newest first.
func listEditions(ctx context.Context, r db.Reader, code string) ([]hall.Edition, error) {
	return db.All(ctx, r, hall.ScanEdition, `SELECT `+hall.EditionColumns+` FROM hall_edition WHERE code = $1 ORDER BY edition DESC`, code)
}

// listPlanned are the drafts and what comes into force after a day.
func listPlanned(ctx context.Context, r db.Reader, day string) ([]hall.Edition, error) {
	return db.All(ctx, r, hall.ScanEdition, `SELECT `+hall.EditionColumns+` FROM hall_edition
		WHERE state = 'draft' OR state = 'released' AND from_on > $1 ORDER BY code, edition`, day)
}
