package notice

import (
	"context"
	"errors"
	"io"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/storage"
)

// File is a picture or a PDF of an edition.
type File struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`
	Width     int    `json:"width,omitempty" doc:"Of a picture, in pixels"`
	Height    int    `json:"height,omitempty" doc:"Of a picture, in pixels"`
	Picture   bool   `json:"picture"`

	seq           int
	digest, thumb string
}

// Attach stores a file with a draft, or with what was returned. Its row comes before its content, so that
// nobody sweeps the content away. Errors: those of storage.Store.Keep and of Change; Invalid "field.too_long"
// beyond nine.
func (s *Service) Attach(ctx context.Context, id, name string, content io.Reader) (File, error) {
	if e, err := s.latest(ctx, s.Log.DB, id); err != nil { // before anything of it is read
		return File{}, err
	} else if err := mayEdit(ctx, &e); err != nil {
		return File{}, err
	}
	in, err := s.Files.Arrive(content)
	if err != nil {
		return File{}, err
	}
	defer in.Discard()
	f := File{ID: db.NewID(ctx), Name: fold.FileName(name, 100)}
	_, err = s.Files.Keep(ctx, in, func(k storage.Kept) error {
		f.MediaType, f.Size, f.digest, f.thumb = k.MediaType, k.Size, k.Digest, k.Thumb
		f.Width, f.Height, f.Picture = max(0, k.Width), k.Height, k.Thumb != ""
		return s.edit(ctx, id, "attach", f.Name, func(tx *audit.Tx, e *Edition) error {
			n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM notice_file WHERE shard = $1 AND notice_id = $2 AND seq = $3`,
				e.Shard, e.ID, e.Seq)
			if err == nil && n >= maxFiles {
				err = errs.ErrInvalid.At("file", "field.too_long", "max", maxFiles)
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO notice_file (shard, notice_id, seq, id, name, media_type, size, digest, thumb, width, height)
				VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
				e.Shard, e.ID, e.Seq, f.ID, f.Name, f.MediaType, f.Size, f.digest, f.thumb, f.Width, f.Height)
			return err
		})
	})
	if err != nil && f.digest != "" { // named, and perhaps not stored
		err = errors.Join(err, s.Detach(context.WithoutCancel(ctx), id, f.ID))
	}
	return f, err
}

// Detach takes a file off a draft. Its content is swept away once nothing names it. Errors: those of Attach;
// NotFound.
func (s *Service) Detach(ctx context.Context, id, file string) error {
	return s.edit(ctx, id, "detach", file, func(tx *audit.Tx, e *Edition) error {
		n, err := tx.Exec(ctx, `DELETE FROM notice_file WHERE shard = $1 AND notice_id = $2 AND seq = $3 AND id = $4`, e.Shard, e.ID, e.Seq, file)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		return err
	})
}

// mayEdit refuses whoever may not change the edition now.
func mayEdit(ctx context.Context, e *Edition) error {
	actor := authority.From(ctx)
	if !actor.Can(permRead, e.Area) {
		return errs.ErrNotFound
	}
	_, err := lifecycle.Take(e, verbChange, actor)
	return err
}

// edit changes what hangs on a draft.
func (s *Service) edit(ctx context.Context, id, what, name string, do func(*audit.Tx, *Edition) error) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		e, err := s.latest(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.judge(tx, &e, verbChange, e.Version); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subject, SubjectID: e.ID,
			Detail: map[string]any{"verb": what, "file": name}})
		if err := do(tx, &e); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &e, verbChange, "")
	})
}

func copyFiles(ctx context.Context, tx *audit.Tx, e *Edition, to int) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_file (shard, notice_id, seq, id, name, media_type, size, digest, thumb, width, height)
		SELECT shard, notice_id, CAST($4 AS INTEGER), id, name, media_type, size, digest, thumb, width, height FROM notice_file WHERE shard = $1
		AND notice_id = $2 AND seq = $3`,
		e.Shard, e.ID, e.Seq, to)
	return err
}

func listFiles(ctx context.Context, r db.Reader, e *Edition) ([]File, error) {
	return db.All(ctx, r, func(row db.Scanner) (f File, err error) {
		err = row.Scan(&f.ID, &f.Name, &f.MediaType, &f.Size, &f.digest, &f.thumb, &f.Width, &f.Height)
		f.seq, f.Picture = e.Seq, f.thumb != ""
		return f, err
	}, `SELECT id, name, media_type, size, digest, thumb, width, height FROM notice_file WHERE shard = $1 AND notice_id = $2 AND seq = $3
		ORDER BY id`, e.Shard, e.ID, e.Seq)
}

// OpenFile reads a file of an edition, or with small its thumbnail, which is a JPEG. The caller closes it, and
// has judged who may. Error: NotFound.
func (s *Service) OpenFile(ctx context.Context, e *Edition, id string, small bool) (File, io.ReadCloser, error) {
	files, err := listFiles(ctx, s.Log.DB, e)
	for _, f := range files {
		if f.ID != id {
			continue
		}
		if small {
			f.digest, f.MediaType = f.thumb, storage.MediaJPEG
		}
		content, err := s.Files.Open(ctx, f.digest)
		return f, content, err
	}
	if err == nil {
		err = errs.ErrNotFound
	}
	return File{}, nil, err
}

// holds tells which contents a notice names.
func (s *Service) holds(ctx context.Context, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, query := range []string{`SELECT DISTINCT digest FROM notice_file WHERE digest IN `,
		`SELECT DISTINCT thumb FROM notice_file WHERE thumb IN `} {
		list, args := db.In(nil, digests)
		named, err := db.All(ctx, s.Log.DB, func(row db.Scanner) (d string, err error) { return d, row.Scan(&d) }, query+list, args...)
		if err != nil {
			return nil, err
		}
		for _, d := range named {
			out[d] = true
		}
	}
	return out, nil
}
