package file

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// File is something attached to a case.
type File struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`
	Seq       int    `json:"seq" doc:"Timeline step that brought it"`
	At        int64  `json:"at"`
	Width     int    `json:"width,omitempty" doc:"Of a picture, in pixels"`
	Height    int    `json:"height,omitempty" doc:"Of a picture, in pixels"`
	Thumbnail bool   `json:"thumbnail" doc:"There is a small picture of it"`

	Digest string `json:"-"`
	Thumb  string `json:"-"` // digest of the small picture
}

const maxFiles = 9 // of one step

// attachNamed attaches what a step or the opening of a case names.
func attachNamed(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	if ch.Event == nil {
		return nil
	}
	return attach(ctx, tx, ch.Case, ch.Event.Seq, ch.Event.Data.Files)
}

// attach turns staged uploads into files of a case.
func attach(ctx context.Context, tx *audit.Tx, c *casework.Case, seq int, uploads []string) error {
	if len(uploads) > maxFiles {
		return errs.ErrInvalid.At("files", "field.too_long", "max", maxFiles)
	}
	for _, id := range uploads {
		f, err := db.One(ctx, tx, scanUpload, `SELECT id, name, media_type, size, digest, thumb, width, height FROM casework_upload WHERE id = $1
			AND owner = $2 AND digest <> ''`, id, tx.Actor.ID)
		if db.IsNone(err) {
			return errs.ErrInvalid.At("files", "file.gone")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO casework_file (shard, case_id, id, seq, name, media_type, size, digest, thumb, width, height, at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
			c.Shard, c.ID, f.ID, seq, f.Name, f.MediaType, f.Size, f.Digest, f.Thumb, f.Width, f.Height, clock.Millis(tx.Now)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM casework_upload WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

func scanUpload(s db.Scanner) (f File, err error) {
	err = s.Scan(&f.ID, &f.Name, &f.MediaType, &f.Size, &f.Digest, &f.Thumb, &f.Width, &f.Height)
	return f, err
}

func listFiles(ctx context.Context, r db.Reader, c *casework.Case) ([]File, error) {
	return db.All(ctx, r, func(s db.Scanner) (f File, err error) {
		err = s.Scan(&f.ID, &f.Name, &f.MediaType, &f.Size, &f.Seq, &f.At, &f.Digest, &f.Thumb, &f.Width, &f.Height)
		f.Thumbnail = f.Thumb != ""
		f.Width = max(0, f.Width)
		return f, err
	}, `SELECT id, name, media_type, size, seq, at, digest, thumb, width, height FROM casework_file WHERE shard = $1 AND case_id = $2
		ORDER BY seq, id`, c.Shard, c.ID)
}
