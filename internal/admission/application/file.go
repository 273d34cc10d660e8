package application

import (
	"context"
	"errors"
	"io"

	"linli/internal/admission/proposal"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/storage"
)

// AdmissionFile is a picture or a PDF of an application.
type AdmissionFile struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`

	digest, thumb string
}

// Attach stores a file with a draft, or with what was returned. Its row comes before its content, so that nobody sweeps the
// content away. Errors: those of storage.Store.Keep and of Change; Invalid "field.too_long" beyond nine.
func (s *Service) Attach(ctx context.Context, id, name string, content io.Reader) (AdmissionFile, error) {
	if err := s.mayEdit(ctx, id); err != nil { // before anything of it is read
		return AdmissionFile{}, err
	}
	in, err := s.Files.Arrive(content)
	if err != nil {
		return AdmissionFile{}, err
	}
	defer in.Discard()
	f := AdmissionFile{ID: db.NewID(ctx), Name: fold.FileName(name, 100)}
	_, err = s.Files.Keep(ctx, in, func(k storage.Kept) error {
		f.MediaType, f.Size, f.digest, f.thumb = k.MediaType, k.Size, k.Digest, k.Thumb
		return s.edit(ctx, id, "attach", f.Name, func(tx *audit.Tx, e *Application) error {
			n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM admission_application_file WHERE shard = $1 AND application_id = $2`,
				e.Shard, e.ID)
			if err == nil && n >= proposal.MaxFiles {
				err = errs.ErrInvalid.At("file", "field.too_long", "max", proposal.MaxFiles)
			}
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO admission_application_file (shard, application_id, id, name, media_type, size, digest, thumb)
				VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, e.Shard, e.ID, f.ID, f.Name, f.MediaType, f.Size, f.digest, f.thumb)
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
	return s.edit(ctx, id, "detach", file, func(tx *audit.Tx, e *Application) error {
		n, err := tx.Exec(ctx, `DELETE FROM admission_application_file WHERE shard = $1 AND application_id = $2 AND id = $3`,
			e.Shard, e.ID, file)
		if err == nil && n == 0 {
			err = errs.ErrNotFound
		}
		return err
	})
}

// mayEdit refuses whoever may not change the application now.
func (s *Service) mayEdit(ctx context.Context, id string) error {
	e, err := s.find(ctx, s.Log.DB, id)
	actor := authority.From(ctx)
	if err == nil && !visible(actor, &e) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return err
	}
	_, err = lifecycle.Take(&e, verbChange, actor)
	return err
}

// edit changes what hangs on a draft.
func (s *Service) edit(ctx context.Context, id, what, name string, do func(*audit.Tx, *Application) error) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		e, err := s.find(ctx, tx, id)
		if err == nil && !visible(tx.Actor, &e) {
			err = errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		if _, err := lifecycle.Take(&e, verbChange, tx.Actor); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subject, SubjectID: e.ID,
			Detail: map[string]any{"verb": what, "file": name}})
		return do(tx, &e)
	})
}

func listFiles(ctx context.Context, r db.Reader, e *Application) ([]AdmissionFile, error) {
	return db.All(ctx, r, func(row db.Scanner) (f AdmissionFile, err error) {
		err = row.Scan(&f.ID, &f.Name, &f.MediaType, &f.Size, &f.digest, &f.thumb)
		return f, err
	}, `SELECT id, name, media_type, size, digest, thumb FROM admission_application_file WHERE shard = $1 AND application_id = $2 ORDER BY id`,
		e.Shard, e.ID)
}

// OpenFile is a file of an application that the actor may read. Error: NotFound.
func (s *Service) OpenFile(ctx context.Context, id, file string) (AdmissionFile, io.ReadCloser, error) {
	e, err := s.find(ctx, s.Log.DB, id)
	if err == nil && !visible(authority.From(ctx), &e) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return AdmissionFile{}, nil, err
	}
	all, err := listFiles(ctx, s.Log.DB, &e)
	for _, f := range all {
		if f.ID == file {
			content, err := s.Files.Open(ctx, f.digest)
			return f, content, err
		}
	}
	if err == nil {
		err = errs.ErrNotFound
	}
	return AdmissionFile{}, nil, err
}

// holds tells which contents applications name.
func (s *Service) holds(ctx context.Context, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, query := range []string{`SELECT DISTINCT digest FROM admission_application_file WHERE digest IN `,
		`SELECT DISTINCT thumb FROM admission_application_file WHERE thumb IN `} {
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
