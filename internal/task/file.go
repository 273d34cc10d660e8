package task

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

// File is a picture or a PDF that comes with a task.
type File struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`
	Picture   bool   `json:"picture"`

	digest, thumb string
}

// Attach stores a file with a draft, or with what was returned. Its row comes before its content, so that nobody sweeps the content away.
// Errors: those of storage.Store.Keep and of Change; Invalid "field.too_long" beyond nine.
func (s *Service) Attach(ctx context.Context, id, name string, content io.Reader) (File, error) {
	if t, err := s.find(ctx, id); err != nil { // before anything of it is read
		return File{}, err
	} else if _, err := lifecycle.Take(&t, verbChange, authority.From(ctx)); err != nil {
		return File{}, err
	}
	in, err := s.Files.Arrive(content)
	if err != nil {
		return File{}, err
	}
	defer in.Discard()
	f := File{ID: db.NewID(ctx), Name: fold.FileName(name, 100)}
	_, err = s.Files.Keep(ctx, in, func(k storage.Kept) error {
		f.MediaType, f.Size, f.digest, f.thumb, f.Picture = k.MediaType, k.Size, k.Digest, k.Thumb, k.Thumb != ""
		return s.edit(ctx, id, "attach", f.Name, func(tx *audit.Tx, t *Task) error {
			n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM task_file WHERE shard = $1 AND task_id = $2`, t.Shard, t.ID)
			if err == nil && n >= maxFiles {
				err = errs.ErrInvalid.At("file", "field.too_long", "max", maxFiles)
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO task_file (shard, task_id, id, name, media_type, size, digest, thumb)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
				t.Shard, t.ID, f.ID, f.Name, f.MediaType, f.Size, f.digest, f.thumb)
			return err
		})
	})
	if err != nil && f.digest != "" { // named, and perhaps not stored
		err = errors.Join(err, s.Detach(context.WithoutCancel(ctx), id, f.ID))
	}
	return f, err
}

// Detach takes a file off a draft. Its content is swept away once nothing names it. Errors: those of Attach; NotFound.
func (s *Service) Detach(ctx context.Context, id, file string) error {
	return s.edit(ctx, id, "detach", file, func(tx *audit.Tx, t *Task) error {
		n, err := tx.Exec(ctx, `DELETE FROM task_file WHERE shard = $1 AND task_id = $2 AND id = $3`, t.Shard, t.ID, file)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		return err
	})
}

// edit changes what hangs on a draft.
func (s *Service) edit(ctx context.Context, id, what, name string, do func(*audit.Tx, *Task) error) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		t, err := s.judged(ctx, tx, id, verbChange, 0)
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permWrite, Area: t.Area, Subject: subject, SubjectID: t.ID,
			Detail: map[string]any{"verb": what, "file": name}})
		if err := do(tx, &t); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &t, verbChange, "")
	})
}

func listFiles(ctx context.Context, r db.Reader, id string) ([]File, error) {
	all, err := db.All(ctx, r, func(row db.Scanner) (f File, err error) {
		err = row.Scan(&f.ID, &f.Name, &f.MediaType, &f.Size, &f.digest, &f.thumb)
		f.Picture = f.thumb != ""
		return f, err
	}, `SELECT id, name, media_type, size, digest, thumb FROM task_file WHERE shard = $1 AND task_id = $2 ORDER BY id`, db.ShardOf(id), id)
	if all == nil {
		all = []File{}
	}
	return all, err
}

// OpenFile reads a file of a task, for who may read the task and for the communities that it asks. The caller closes it. Error: NotFound.
func (s *Service) OpenFile(ctx context.Context, id, file string) (File, io.ReadCloser, error) {
	t, err := findTask(ctx, s.Log.DB, id)
	if err != nil {
		return File{}, nil, err
	}
	may, err := s.mayRead(ctx, s.Log.DB, authority.From(ctx), &t)
	if err == nil && !may {
		may, err = s.isAsked(ctx, &t)
	}
	if err != nil || !may {
		return File{}, nil, errors.Join(err, errs.ErrNotFound)
	}
	all, err := listFiles(ctx, s.Log.DB, t.ID)
	for _, f := range all {
		if f.ID == file {
			content, err := s.Files.Open(ctx, f.digest)
			return f, content, err
		}
	}
	return File{}, nil, errors.Join(err, errs.ErrNotFound)
}

// isAsked tells whether the actor answers for a community that a task asks.
func (s *Service) isAsked(ctx context.Context, t *Task) (bool, error) {
	for _, scope := range authority.From(ctx).Scope(permAnswer) {
		n, err := db.Value[int](ctx, s.Log.DB,
			`SELECT COUNT(*) FROM task_share WHERE task_id = $1 AND area >= $2 AND area < $3 AND case_id <> ''`,
			t.ID, scope, authority.PrefixEnd(scope))
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// holds tells which contents a task names.
func (s *Service) holds(ctx context.Context, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, query := range []string{`SELECT DISTINCT digest FROM task_file WHERE digest IN `,
		`SELECT DISTINCT thumb FROM task_file WHERE thumb IN `} {
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
