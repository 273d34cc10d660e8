package form

import (
	"context"
	"errors"
	"io"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	fields "linli/internal/platform/form"
	"linli/internal/platform/storage"
)

// File is a file of an answer.
type File struct {
	ID        string `json:"id"`
	Field     string `json:"field" doc:"Key of the question that it answers"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`
	Picture   bool   `json:"picture"`

	digest, thumb string
}

// Attach stores a file with an answer that is being filled in. Its row comes before its content, so that nobody sweeps the
// content away. Errors: those of storage.Store.Keep and of Save; Invalid for a question that takes no files, or no more.
func (s *Service) Attach(ctx context.Context, id, field, name string, content io.Reader) (File, error) {
	a, err := s.answer(ctx, s.Log.DB, id)
	if err != nil {
		return File{}, err
	}
	if !seesAnswer(authority.From(ctx), &a) {
		return File{}, errs.ErrNotFound
	}
	if _, err := answers.Take(&a, verbSave, authority.From(ctx)); err != nil {
		return File{}, err
	}
	q, ok := a.of.question(field)
	if !ok || q.Kind != fields.File {
		return File{}, errs.ErrInvalid.At("field", "field.choice")
	}
	in, err := s.Files.Arrive(content)
	if err != nil {
		return File{}, err
	}
	defer in.Discard()
	f := File{ID: db.NewID(ctx), Field: field, Name: fold.FileName(name, 100)}
	_, err = s.Files.Keep(ctx, in, func(k storage.Kept) error {
		f.MediaType, f.Size, f.digest, f.thumb, f.Picture = k.MediaType, k.Size, k.Digest, k.Thumb, k.Thumb != ""
		return beside(s, ctx, id, "attach", func(tx *audit.Tx, a *Answer) error {
			n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM exchange_file WHERE shard = $1 AND answer_id = $2 AND field = $3`,
				a.Shard, a.ID, field)
			if err == nil && n >= q.Most() {
				err = errs.ErrInvalid.At("file", "form.answer.many", "max", q.Most())
			}
			if err != nil {
				return err
			}
			return tx.Send(ctx, `INSERT INTO exchange_file (shard, answer_id, id, field, name, media_type, size, digest, thumb)
				VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, a.Shard, a.ID, f.ID, field, f.Name, f.MediaType, f.Size, f.digest, f.thumb)
		})
	})
	if err != nil && f.digest != "" { // named, and perhaps not stored
		err = errors.Join(err, s.Detach(context.WithoutCancel(ctx), id, f.ID))
	}
	return f, err
}

// Detach takes a file off an answer that is being filled in. Errors: those of Save; NotFound.
func (s *Service) Detach(ctx context.Context, id, file string) error {
	return beside(s, ctx, id, "detach", func(tx *audit.Tx, a *Answer) error {
		n, err := tx.Exec(ctx, `DELETE FROM exchange_file WHERE shard = $1 AND answer_id = $2 AND id = $3`, a.Shard, a.ID, file)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		return err
	})
}

func listFiles(ctx context.Context, r db.Reader, answer string) ([]File, error) {
	return db.All(ctx, r, func(row db.Scanner) (f File, err error) {
		err = row.Scan(&f.ID, &f.Field, &f.Name, &f.MediaType, &f.Size, &f.digest, &f.thumb)
		f.Picture = f.thumb != ""
		return f, err
	}, `SELECT id, field, name, media_type, size, digest, thumb FROM exchange_file WHERE shard = $1 AND answer_id = $2 ORDER BY id`,
		shardOf(answer), answer)
}

// OpenFile reads a file of an answer for who may read the answer. The caller closes it. Error: NotFound.
func (s *Service) OpenFile(ctx context.Context, id, file string, small bool) (File, io.ReadCloser, error) {
	a, err := s.answer(ctx, s.Log.DB, id)
	if err != nil {
		return File{}, nil, err
	}
	if !seesAnswer(authority.From(ctx), &a) {
		return File{}, nil, errs.ErrNotFound
	}
	files, err := listFiles(ctx, s.Log.DB, id)
	for _, f := range files {
		if f.ID != file {
			continue
		}
		if small && f.thumb != "" {
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

// holds tells which contents answers name.
func (s *Service) holds(ctx context.Context, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, query := range []string{`SELECT DISTINCT digest FROM exchange_file WHERE digest IN `,
		`SELECT DISTINCT thumb FROM exchange_file WHERE thumb IN `} {
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
