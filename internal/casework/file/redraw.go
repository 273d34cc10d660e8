package file

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/storage"
)

const (
	redrawMost  = 300             // files an hour
	redrawTried = 10 * redrawMost // of which it is tried at most, where some cannot be
)

type oldFile struct{ shard, caseID, id, digest string }

// Redraw cleans files that were stored before files of their kind were cleaned on arrival. One that
// is refused today is marked as no picture and left as it is; one that fails is told in the log, tried
// again at the next run and holds up no other. The first such error is returned.
func (s *Service) Redraw(ctx context.Context) error {
	var failed error
	after, done := "", 0
	for tried := 0; tried < redrawTried && done < redrawMost; {
		batch, err := db.All(ctx, s.Cases.Log.DB, func(r db.Scanner) (o oldFile, err error) {
			err = r.Scan(&o.shard, &o.caseID, &o.id, &o.digest)
			return o, err
		}, `SELECT shard, case_id, id, digest FROM casework_file WHERE width = 0 AND id > $1 ORDER BY id LIMIT $2`, after, redrawMost-done)
		if err != nil || len(batch) == 0 || ctx.Err() != nil {
			return cmp.Or(err, failed, ctx.Err())
		}
		for _, o := range batch {
			if err := s.redrawOne(ctx, o); err != nil {
				slog.ErrorContext(ctx, "a stored file is not cleaned", "case", o.caseID, "file", o.id, "error", err)
				failed = cmp.Or(failed, err)
			} else {
				done++
			}
		}
		tried += len(batch)
		after = batch[len(batch)-1].id
	}
	return failed
}

func (s *Service) redrawOne(ctx context.Context, o oldFile) error {
	k, err := s.redraw(ctx, o.digest)
	var refused *errs.Error
	if errors.As(err, &refused) && refused.Kind != errs.Unavailable {
		slog.WarnContext(ctx, "a stored file cannot be cleaned", "case", o.caseID, "file", o.id, "error", err)
		k = storage.Kept{Width: storage.NoPixels}
	} else if err != nil {
		return err
	}
	err = s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permClean, o.shard); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permClean, Area: o.shard, Subject: "casework.case", SubjectID: o.caseID,
			Before: map[string]any{"file": o.id, "digest": o.digest}, After: map[string]any{"digest": k.Digest}})
		if k.Digest == "" {
			_, err := tx.Exec(ctx, `UPDATE casework_file SET width = $1 WHERE shard = $2 AND case_id = $3 AND id = $4`,
				k.Width, o.shard, o.caseID, o.id)
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE casework_file SET media_type = $1, size = $2, digest = $3, thumb = $4, width = $5, height = $6
			WHERE shard = $7 AND case_id = $8 AND id = $9`, k.MediaType, k.Size, k.Digest, k.Thumb, k.Width, k.Height, o.shard, o.caseID, o.id)
		return err
	})
	if err == nil && k.Digest != "" && k.Digest != o.digest {
		err = s.discard(ctx, o.digest)
	}
	return err
}

func (s *Service) redraw(ctx context.Context, digest string) (storage.Kept, error) {
	r, err := s.Store.Open(ctx, digest)
	if err != nil {
		return storage.Kept{}, err
	}
	defer r.Close()
	return s.Store.Take(ctx, r)
}
