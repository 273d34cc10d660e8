package casework

import (
	"context"
	"errors"
	"log/slog"

	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

const redrawMost = 300 // files an hour

// Redraw cleans files that were stored before files of their kind were cleaned on arrival. One that
// is refused today is marked as no picture and left as it is.
func (s *Service) Redraw(ctx context.Context) error {
	type old struct{ shard, caseID, id, digest string }
	rows, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (o old, err error) {
		err = r.Scan(&o.shard, &o.caseID, &o.id, &o.digest)
		return o, err
	}, `SELECT shard, case_id, id, digest FROM casework_file WHERE width = 0 ORDER BY id LIMIT $1`, redrawMost)
	if err != nil {
		return err
	}
	for _, o := range rows {
		k, err := s.redraw(ctx, o.digest)
		var refused *errs.Error
		if errors.As(err, &refused) && refused.Kind != errs.Unavailable {
			slog.WarnContext(ctx, "a stored file cannot be cleaned", "case", o.caseID, "file", o.id, "error", err)
			k = Kept{Width: noPixels}
		} else if err != nil {
			return err
		}
		err = s.Log.DB.Write(ctx, func(tx *db.Tx) error {
			if k.Digest == "" {
				_, err := tx.Exec(ctx, `UPDATE casework_file SET width = $1 WHERE shard = $2 AND case_id = $3 AND id = $4`, k.Width, o.shard, o.caseID, o.id)
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE casework_file SET media_type = $1, size = $2, digest = $3, thumb = $4, width = $5, height = $6 WHERE shard = $7 AND case_id = $8 AND id = $9`,
				k.MediaType, k.Size, k.Digest, k.Thumb, k.Width, k.Height, o.shard, o.caseID, o.id)
			return err
		})
		if err == nil && k.Digest != "" && k.Digest != o.digest {
			err = s.discard(ctx, o.digest)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) redraw(ctx context.Context, digest string) (Kept, error) {
	r, err := s.Shelf.Open(ctx, digest)
	if err != nil {
		return Kept{}, err
	}
	defer r.Close()
	return s.Shelf.Take(ctx, r)
}
