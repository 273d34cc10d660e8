package disclosure

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
	Picture   bool   `json:"picture"`

	digest, thumb string
}

// Attach stores a file with a draft, or with what was returned. Its row comes before its content, so that
// nobody sweeps the content away. Errors: those of storage.Store.Keep and of Change; Invalid "field.too_long"
// beyond twenty.
func (s faces) Attach(ctx context.Context, id, name string, content io.Reader) (File, error) {
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
		f.Picture = k.Thumb != ""
		_, err := s.edit(ctx, id, 0, func(tx *audit.Tx, e *Entry) error {
			n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM disclosure_file WHERE shard = $1 AND entry_id = $2 AND edition = $3`,
				e.Shard, e.ID, e.Edition)
			if err == nil && n >= maxFiles {
				err = errs.ErrInvalid.At("file", "field.too_long", "max", maxFiles)
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO disclosure_file (shard, entry_id, edition, id, name, media_type, size, digest, thumb)
				VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
				e.Shard, e.ID, e.Edition, f.ID, f.Name, f.MediaType, f.Size, f.digest, f.thumb)
			return err
		})
		return err
	})
	if err != nil && f.digest != "" { // named, and perhaps not stored
		err = errors.Join(err, s.Detach(context.WithoutCancel(ctx), id, f.ID))
	}
	return f, err
}

// Detach takes a file off a draft. Its content is swept away once nothing names it. Errors: those of Attach;
// NotFound.
func (s faces) Detach(ctx context.Context, id, file string) error {
	_, err := s.edit(ctx, id, 0, func(tx *audit.Tx, e *Entry) error {
		n, err := tx.Exec(ctx, `DELETE FROM disclosure_file WHERE shard = $1 AND entry_id = $2 AND edition = $3 AND id = $4`, e.Shard, e.ID, e.Edition, file)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		return err
	})
	return err
}

// mayEdit refuses whoever may not change the edition now.
func mayEdit(ctx context.Context, e *Entry) error {
	actor := authority.From(ctx)
	if !actor.Can(permRead, e.Area) {
		return errs.ErrNotFound
	}
	_, err := lifecycle.Take(e, verbChange, actor)
	return err
}

func copyFiles(ctx context.Context, tx *audit.Tx, e *Entry, to int) error {
	_, err := tx.Exec(ctx, `INSERT INTO disclosure_file (shard, entry_id, edition, id, name, media_type, size, digest, thumb)
		SELECT shard, entry_id, CAST($4 AS INTEGER), id, name, media_type, size, digest, thumb FROM disclosure_file WHERE shard = $1
		AND entry_id = $2 AND edition = $3`,
		e.Shard, e.ID, e.Edition, to)
	return err
}

// ListFiles are the files of an edition.
func ListFiles(ctx context.Context, r db.Reader, e *Entry) ([]File, error) {
	return db.All(ctx, r, func(row db.Scanner) (f File, err error) {
		err = row.Scan(&f.ID, &f.Name, &f.MediaType, &f.Size, &f.digest, &f.thumb)
		f.Picture = f.thumb != ""
		return f, err
	}, `SELECT id, name, media_type, size, digest, thumb FROM disclosure_file WHERE shard = $1 AND entry_id = $2 AND edition = $3
		ORDER BY id`, e.Shard, e.ID, e.Edition)
}

// OpenFile reads a file of an edition, or with small its thumbnail, which is a JPEG. The caller closes it, and
// has judged who may. Error: NotFound.
func (s *Service) OpenFile(ctx context.Context, e *Entry, id string, small bool) (File, io.ReadCloser, error) {
	files, err := ListFiles(ctx, s.Log.DB, e)
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

// holds tells which contents an entry names.
func (s faces) holds(ctx context.Context, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, query := range []string{`SELECT DISTINCT digest FROM disclosure_file WHERE digest IN `,
		`SELECT DISTINCT thumb FROM disclosure_file WHERE thumb IN `} {
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
