package file

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
	"linli/internal/platform/sandbox"
	"linli/internal/platform/storage"
)

// A row of casework_upload stands for an upload from when it has arrived until a step names it or it is
// forgotten. One that was refused for what is in it stays without content, so that trying counts. The
// rows are the database's: the quotas hold over all processes.

// Rules of how much may wait for a step that names it.
const (
	ruleVisitorFiles = "casework.upload.visitor.files" // of one visitor or account
	ruleVisitorSize  = "casework.upload.visitor.mb"
	ruleNetworkFiles = "casework.upload.network.files" // of one network address of people without account
	ruleNetworkSize  = "casework.upload.network.mb"
	ruleRefused      = "casework.upload.network.refused" // in an hour
	ruleAllSize      = "casework.upload.all.mb"          // of all people without account
)

var (
	errTooManyUploads = errs.New(errs.TooMany, "file.too_many")
	errUploadsRefused = errs.New(errs.TooMany, "file.too_many_refused")
	errUploadsFull    = errs.New(errs.Unavailable, "file.full")
)

// sender is whom an upload counts against: both are keyed digests, network "" for an account.
type sender struct{ visitor, network string }

// senderOf tells who sends: an account, whoever follows a case, or the visitor of that name, who may
// have none.
func (s *Service) senderOf(ctx context.Context, visitor string) sender {
	a := authority.From(ctx)
	mark := func(kind, name string) string {
		if name == "" {
			return ""
		}
		return hex.EncodeToString(s.Cases.People.Ring.Digest("upload "+kind, name)[:16])
	}
	switch {
	case a.System:
		return sender{}
	case a.SignedIn():
		return sender{visitor: mark("account", a.ID)}
	case a.Case != "":
		visitor = a.Case
	}
	return sender{visitor: mark("visitor", visitor), network: mark("network", limit.Address(ctx))}
}

// waiting is what already waits, of a sender or in all.
type waiting struct {
	files, size, refused int64
}

func (s *Service) waiting(ctx context.Context, r db.Reader, where string, args ...any) (waiting, error) {
	return db.One(ctx, r, func(row db.Scanner) (w waiting, err error) {
		err = row.Scan(&w.files, &w.size, &w.refused)
		return w, err
	}, `SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN refused = 1 AND at > $1 THEN 1 ELSE 0 END),
		0) AS BIGINT)
		FROM casework_upload WHERE `+where, append([]any{clock.Millis(clock.Now(ctx).Add(-time.Hour))}, args...)...)
}

// admit refuses what is over a quota. Errors: TooMany "file.too_many", "file.too_many_refused";
// Unavailable "file.full".
func (s *Service) admit(ctx context.Context, r db.Reader, by sender, size int64) error {
	day := clock.Day(clock.Now(ctx))
	over := func(n int64, rule string, unit int64) bool { return n > int64(s.Cases.Rules.Int(rule, day))*unit }
	if by.visitor != "" {
		w, err := s.waiting(ctx, r, `visitor = $2`, by.visitor)
		if err != nil {
			return err
		}
		if over(w.files+1, ruleVisitorFiles, 1) || over(w.size+size, ruleVisitorSize, 1<<20) {
			return errTooManyUploads.By(ruleVisitorFiles).Later(24 * time.Hour)
		}
	}
	if by.network == "" {
		return nil
	}
	w, err := s.waiting(ctx, r, `network = $2`, by.network)
	switch {
	case err != nil:
		return err
	case over(w.refused+1, ruleRefused, 1):
		return errUploadsRefused.By(ruleRefused).Later(time.Hour)
	case over(w.files+1, ruleNetworkFiles, 1) || over(w.size+size, ruleNetworkSize, 1<<20):
		return errTooManyUploads.By(ruleNetworkFiles).Later(time.Hour)
	}
	all, err := s.waiting(ctx, r, `network <> ''`)
	if err == nil && over(all.size+size, ruleAllSize, 1<<20) {
		err = errUploadsFull.By(ruleAllSize).Later(time.Hour)
	}
	return err
}

// Upload stores a file before the step that will name it. What no step names in time is forgotten.
// Visitor names the browser of somebody without account, or is "". Errors: as admit and storage.Store.Keep.
func (s *Service) Upload(ctx context.Context, visitor, name string, r io.Reader) (File, error) {
	by := s.senderOf(ctx, visitor)
	if err := s.admit(ctx, s.Cases.Log.DB, by, 0); err != nil { // before anything of it is written down
		return File{}, err
	}
	in, err := s.Store.Arrive(r)
	if err != nil {
		return File{}, err
	}
	defer in.Discard()
	return s.keep(ctx, by, name, in)
}

// keep cleans what has arrived and stores it. The row comes before the content: what is stored
// under no name may be swept away.
func (s *Service) keep(ctx context.Context, by sender, name string, in *storage.Incoming) (File, error) {
	f := File{ID: db.NewID(ctx), Name: fold.FileName(name, 100), At: clock.Millis(clock.Now(ctx))}
	err := s.Cases.Log.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.Cases.Log.Alive(ctx, tx); err != nil {
			return err
		}
		if err := s.admit(ctx, tx, by, in.Size); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO casework_upload (id, owner, visitor, network, name, media_type, size, digest, at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,'',$8)`,
			f.ID, authority.From(ctx).ID, by.visitor, by.network, f.Name, in.MediaType, in.Size, f.At)
		return err
	})
	if err != nil {
		return f, err
	}
	_, err = s.Store.Keep(ctx, in, func(k storage.Kept) error {
		f.MediaType, f.Size, f.Digest, f.Thumb = k.MediaType, k.Size, k.Digest, k.Thumb
		f.Width, f.Height, f.Thumbnail = k.Width, k.Height, k.Thumb != ""
		return s.Cases.Log.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE casework_upload SET media_type = $1, size = $2, digest = $3, thumb = $4, width = $5, height = $6
				WHERE id = $7`,
				f.MediaType, f.Size, f.Digest, f.Thumb, f.Width, f.Height, f.ID)
			return err
		})
	})
	f.Width = max(0, f.Width)
	if err == nil {
		return f, nil
	}
	return f, errors.Join(err, s.forget(context.WithoutCancel(ctx), f.ID, wasTried(err)))
}

// UploadKept is Upload of content that is stored already.
func (s *Service) UploadKept(ctx context.Context, name string, k storage.Kept) (File, error) {
	f := File{ID: db.NewID(ctx), Name: fold.FileName(name, 100), MediaType: k.MediaType, Size: k.Size, At: clock.Millis(clock.Now(ctx)),
		Width: max(0, k.Width), Height: k.Height, Thumbnail: k.Thumb != "", Digest: k.Digest, Thumb: k.Thumb}
	return f, s.Cases.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO casework_upload (id, owner, name, media_type, size, digest, thumb, width, height, at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			f.ID, authority.From(ctx).ID, f.Name, f.MediaType, f.Size, f.Digest, f.Thumb, k.Width, f.Height, f.At)
		return err
	})
}

// wasTried tells whether a failed upload has cost what only a whole one should: what cannot be read was
// tried, and whoever leaves before the end may have sent anything. What is refused by its first bytes
// costs nothing.
func wasTried(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	e := errs.Of(err)
	return e.Kind == errs.Invalid && !errors.Is(err, sandbox.ErrBusy)
}

// forget removes the row of an upload that failed, or keeps it without content where that counts.
func (s *Service) forget(ctx context.Context, id string, tried bool) error {
	return s.Cases.Log.DB.Write(ctx, func(tx *db.Tx) error {
		query := `DELETE FROM casework_upload WHERE id = $1`
		if tried {
			query = `UPDATE casework_upload SET refused = 1, size = 0, digest = '', thumb = '' WHERE id = $1`
		}
		_, err := tx.Exec(ctx, query, id)
		return err
	})
}
