package file

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/storage"
)

// What is uploaded is stored before a step names it, and what nobody has named in time is
// forgotten: first its row, then, when nothing else names the same content, the content.

// ruleUpload is after how many days an upload that no step has named is forgotten.
const ruleUpload = "casework.upload.days"

func (s *Service) uploadsBefore(ctx context.Context) time.Time {
	now := clock.Now(ctx)
	return now.AddDate(0, 0, -max(1, s.Cases.Rules.Int(ruleUpload, clock.Day(now))))
}

// ForgetUploads is the job that drops uploads that no step has named in time, and their content.
func (s *Service) ForgetUploads(ctx context.Context) error {
	before := clock.Millis(s.uploadsBefore(ctx))
	for {
		old, err := db.All(ctx, s.Cases.Log.DB, func(r db.Scanner) (f File, err error) {
			err = r.Scan(&f.ID, &f.Digest, &f.Thumb)
			return f, err
		}, `SELECT id, digest, thumb FROM casework_upload WHERE at < $1 ORDER BY at LIMIT $2`, before, forgottenAt)
		if err != nil || len(old) == 0 {
			return err
		}
		err = s.Cases.Log.DB.Write(ctx, func(tx *db.Tx) error {
			for _, f := range old {
				if _, err := tx.Exec(ctx, `DELETE FROM casework_upload WHERE id = $1`, f.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, f := range old {
			if err := s.discard(ctx, f.Digest, f.Thumb); err != nil {
				return err
			}
		}
	}
}

const (
	forgottenAt = 100    // uploads that are forgotten in one write
	sweptAt     = 100    // contents that are asked for at once
	sweptMost   = 10_000 // that one run removes
)

// SweepFiles is the job that removes content that is older than the rule says and that neither a
// case nor an upload names, and tells how much it removed. What it read of the storage may be out of
// date: see drop.
func (s *Service) SweepFiles(ctx context.Context) (int, error) {
	before := clock.Machine(s.uploadsBefore(ctx)) // files are dated by the machine
	var forgotten, batch []string
	look := func() error {
		named, err := s.named(ctx, batch)
		for _, digest := range batch {
			if !named[digest] {
				forgotten = append(forgotten, digest)
			}
		}
		batch = batch[:0]
		return err
	}
	errEnough := errors.New("enough for one run")
	err := s.Store.EachBefore(ctx, before, func(digest string) error {
		if batch = append(batch, digest); len(batch) < sweptAt {
			return nil
		}
		if err := look(); err != nil || len(forgotten) < sweptMost {
			return err
		}
		return errEnough
	})
	if err == nil {
		err = look()
	}
	if err != nil && !errors.Is(err, errEnough) {
		return 0, err
	}
	removed := 0
	for _, digest := range forgotten {
		gone, err := s.drop(ctx, digest)
		if err != nil {
			return removed, err
		}
		if gone {
			removed++
		}
	}
	if removed > 0 {
		slog.InfoContext(ctx, "forgotten uploads removed", "contents", removed)
	}
	return removed, s.Store.SweepSpool(before)
}

// Queries for the contents that cases have, and for those that wait for a step.
var (
	attachedQueries = []string{
		`SELECT DISTINCT digest FROM casework_file WHERE digest IN `,
		`SELECT DISTINCT thumb FROM casework_file WHERE thumb <> '' AND thumb IN `,
	}
	stagedQueries = []string{
		`SELECT DISTINCT digest FROM casework_upload WHERE digest IN `,
		`SELECT DISTINCT thumb FROM casework_upload WHERE thumb IN `,
	}
)

// named tells which contents a case or an upload names.
func (s *Service) named(ctx context.Context, digests []string) (map[string]bool, error) {
	return namedBy(ctx, s.Cases.Log.DB, append(slices.Clone(attachedQueries), stagedQueries...), digests)
}

func namedBy(ctx context.Context, r db.Reader, queries, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(digests) == 0 {
		return out, nil
	}
	args := make([]any, sweptAt)
	for i := range args { // as many every time: one statement is prepared, not one for each number
		args[i] = digests[min(i, len(digests)-1)]
	}
	for _, query := range queries {
		found, err := db.All(ctx, r, func(r db.Scanner) (d string, err error) { err = r.Scan(&d); return d, err },
			query+db.List(1, sweptAt), args...)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			out[d] = true
		}
	}
	return out, nil
}

// Attached are the contents that cases have: what a backup copies. What waits for a step is no part of
// it, nor is its table (Unsaved).
type Attached struct {
	*storage.Store
	DB *db.DB
}

// Unsaved are the tables whose rows are no part of a backup: without its content an upload is nothing.
var Unsaved = []string{"casework_upload"}

// Each tells the digest and the size in bytes of all of them.
func (a Attached) Each(ctx context.Context, tell func(digest string, size int64) error) error {
	sizes, batch := map[string]int64{}, []string(nil)
	flush := func() error {
		named, err := namedBy(ctx, a.DB, attachedQueries, batch)
		if err != nil {
			return err
		}
		for _, digest := range batch {
			if named[digest] {
				if err := tell(digest, sizes[digest]); err != nil {
					return err
				}
			}
		}
		batch = batch[:0]
		clear(sizes)
		return nil
	}
	err := a.Store.Each(ctx, func(digest string, size int64) error {
		sizes[digest] = size
		if batch = append(batch, digest); len(batch) < sweptAt {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// drop removes content that nothing names, and tells whether it did. Somebody may upload the same
// content at this moment: an upload is named before its content is stored (see Upload), so either it
// is stored after the removal, or its name is seen here after the removal and the content put back.
func (s *Service) drop(ctx context.Context, digest string) (bool, error) {
	r, err := s.Store.Open(ctx, digest)
	if err != nil {
		if errs.Of(err).Kind == errs.NotFound {
			err = nil
		}
		return false, err
	}
	content, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return false, err
	}
	if err := s.Store.Remove(ctx, digest); err != nil {
		return false, err
	}
	named, err := s.named(ctx, []string{digest})
	if err != nil || named[digest] {
		return false, errors.Join(err, s.Store.Put(context.WithoutCancel(ctx), digest, bytes.NewReader(content)))
	}
	return true, nil
}

// discard removes content that no file names any more.
func (s *Service) discard(ctx context.Context, digests ...string) error {
	named, err := s.named(ctx, digests)
	if err != nil {
		return err
	}
	for _, digest := range slices.DeleteFunc(digests, func(d string) bool { return d == "" || named[d] }) {
		if _, err := s.drop(ctx, digest); err != nil {
			return err
		}
	}
	return nil
}

// Discard removes the content of files that nothing names any more. What it cannot remove now, the
// sweep does.
func (s *Service) Discard(ctx context.Context, digests []string) error {
	for chunk := range slices.Chunk(digests, sweptAt) {
		if err := s.discard(ctx, slices.Clone(chunk)...); err != nil {
			return err
		}
	}
	return nil
}
