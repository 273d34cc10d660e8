package change

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// forgetImports is how long a list waits that nobody imports.
const forgetImports = 7 * 24 * time.Hour

// importProgress is how far the import is that this process makes.
type importProgress struct {
	id      string
	written atomic.Int64
}

var errImportBusy = errs.New(errs.Conflict, "registry.import.busy")

// PrepareImport reads lists of areas, tells what an import would change, and keeps the rows until
// StartImport. Errors: those of Import's dry run; too many lists waiting is a Conflict.
func (s *Service) PrepareImport(ctx context.Context, sources []Source, o ImportOptions) (AreaImport, error) {
	read, err := readSources(sources)
	if err != nil {
		return AreaImport{}, err
	}
	rows := read.rows
	i := AreaImport{ID: db.NewID(ctx), Area: commonArea(rows), Name: clipName(filepath.Base(sources[0].Name)), State: ImportPreview,
		Effective: o.Effective, Supplement: o.Supplement, Decisions: viewDecisions(o.Decisions), Version: 1}
	if err := s.compare(ctx, &i, rows); err != nil {
		return AreaImport{}, err
	}
	i.Report.Skipped, i.Report.Columns = read.skipped, append([]FileColumn{}, read.columns...)
	if i.rows, err = packRows(rows); err != nil {
		return AreaImport{}, err
	}
	decisions, report, err := i.texts()
	if err != nil {
		return AreaImport{}, err
	}
	err = s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(registry.PermissionImport, i.Area); err != nil {
			return err
		}
		waiting, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM registry_import WHERE state = $1 OR state = $2`, ImportPreview, ImportFailed)
		if err != nil {
			return err
		}
		if waiting >= maxUploadsAtAll {
			return errs.New(errs.Conflict, "registry.import.waiting").With("limit", maxUploadsAtAll)
		}
		_, err = tx.Exec(ctx, `INSERT INTO registry_import (id, area, name, account_id, account_name, state, effective_on, supplement, area_rows,
			decisions, report, refusal, revision, created_at, ended_at, version)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'',$12,$13,0,1)`, i.ID, i.Area, i.Name, tx.Actor.ID, tx.Actor.Name, i.State, i.Effective,
			bit(i.Supplement), i.rows, decisions, report, i.revision, clock.Millis(tx.Now))
		tx.Record(i.entry("preview"))
		return err
	})
	if err != nil {
		return AreaImport{}, err
	}
	return findImport(ctx, s.Register.Log.DB, i.ID)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func clipName(name string) string {
	return fold.FileName(name, 100)
}

func (i *AreaImport) entry(verb string) audit.Entry {
	return audit.Entry{Action: registry.PermissionImport, Area: i.Area, Subject: "registry.import", SubjectID: i.ID, Detail: map[string]any{
		"verb": verb, "file": i.Name, "effective": i.Effective, "areas": i.Report.Rows, "changes": i.Report.Changed,
		"undecided": i.Report.Undecided},
		After: map[string]any{"decisions": len(i.Decisions)}}
}

// compare works out anew what an import would change.
func (s *Service) compare(ctx context.Context, i *AreaImport, rows []areaRow) error {
	decisions, err := decisionsOf(i.Decisions)
	if err != nil {
		return err
	}
	report, err := s.importRows(ctx, rows, i.Name,
		ImportOptions{DryRun: true, Effective: i.Effective, Supplement: i.Supplement, Decisions: decisions})
	if err != nil {
		return err
	}
	skipped, columns := i.Report.Skipped, i.Report.Columns
	i.Report, i.revision, i.Effective = report.view(), report.Revision, report.Effective
	i.Report.Skipped, i.Report.Columns = skipped, append([]FileColumn{}, columns...)
	return nil
}

// Imports lists the latest imports of the actor's areas, without what each would change.
func (s *Service) Imports(ctx context.Context) ([]AreaImport, error) {
	all, err := listImports(ctx, s.Register.Log.DB, "")
	out := []AreaImport{}
	for _, i := range all {
		if authority.From(ctx).Can(registry.PermissionImport, i.Area) {
			i.Report.Groups, i.Report.Questions, i.Decisions = []GroupView{}, []QuestionView{}, []DecisionView{}
			out = append(out, s.told(i))
		}
	}
	return out, err
}

// FindImport reads an import; NotFound outside the actor's areas.
func (s *Service) FindImport(ctx context.Context, id string) (AreaImport, error) {
	i, err := findImport(ctx, s.Register.Log.DB, id)
	if db.IsNone(err) || err == nil && !authority.From(ctx).Can(registry.PermissionImport, i.Area) {
		return AreaImport{}, errs.ErrNotFound
	}
	return s.told(i), err
}

// told adds how far a running import is.
func (s *Service) told(i AreaImport) AreaImport {
	if p := s.importing.Load(); p != nil && p.id == i.ID {
		i.Written = int(p.written.Load())
	}
	return i
}

// DecideImport replaces the decisions of an import and works out anew what it would change, also
// when the register has changed since. Errors: an *ImportError that names a decision by its place;
// Stale; Conflict once it runs.
func (s *Service) DecideImport(ctx context.Context, id string, decisions []DecisionView, version int64) (AreaImport, error) {
	i, err := s.FindImport(ctx, id)
	if err != nil {
		return i, err
	}
	if i.State != ImportPreview && i.State != ImportFailed {
		return i, errs.New(errs.Conflict, "registry.import.started")
	}
	rows, err := importRows(ctx, s.Register.Log.DB, id)
	if err != nil {
		return i, err
	}
	i.Decisions = decisions
	if err := s.compare(ctx, &i, rows); err != nil {
		return i, err
	}
	kept, report, err := i.texts()
	if err != nil {
		return i, err
	}
	err = s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(registry.PermissionImport, i.Area); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE registry_import SET state = $1, decisions = $2, report = $3, refusal = '', revision = $4,
			version = version + 1
			WHERE id = $5 AND version = $6 AND state <> $7 AND state <> $8`,
			ImportPreview, kept, report, i.revision, id, version, ImportRunning, ImportDone)
		if err == nil && n == 0 {
			err = errs.StaleOf(errs.Record{Subject: "registry.import", ID: id})
		}
		tx.Record(i.entry("decide"))
		return err
	})
	if err != nil {
		return i, err
	}
	return s.FindImport(ctx, id)
}

// StartImport lets an import whose questions are all decided be made in the background. One is
// made at a time. Errors: Conflict while another one runs or when this one was started before;
// Stale when the register has changed since it was looked at.
func (s *Service) StartImport(ctx context.Context, id string) (AreaImport, error) {
	i, err := s.FindImport(ctx, id)
	if err != nil {
		return i, err
	}
	err = s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(registry.PermissionImport, i.Area); err != nil {
			return err
		}
		if i, err = findImport(ctx, tx, id); err != nil {
			return err
		}
		if err := i.startable(ctx, tx); err != nil {
			return err
		}
		tx.Record(i.entry("start"))
		_, err := tx.Exec(ctx, `UPDATE registry_import SET state = $1, account_id = $2, account_name = $3, version = version + 1 WHERE id = $4`,
			ImportRunning, tx.Actor.ID, tx.Actor.Name, id)
		return err
	})
	if err != nil {
		return i, err
	}
	return s.FindImport(ctx, id)
}

func (i *AreaImport) startable(ctx context.Context, tx *audit.Tx) error {
	if i.State != ImportPreview {
		return errs.New(errs.Conflict, "registry.import.started")
	}
	if n := i.Report.Undecided; n > 0 {
		first := i.Report.Questions[0].From
		return errs.New(errs.Invalid, "registry.import.undecided").With("count", n, "code", first.Code, "name", first.Name)
	}
	revision, err := registry.ReadRevision(ctx, tx, registry.RevisionArea)
	if err != nil {
		return err
	}
	if revision != i.revision {
		return errs.ErrStale
	}
	running, err := listImports(ctx, tx, ImportRunning)
	if err == nil && len(running) > 0 {
		err = errImportBusy.With("name", running[0].Name, "by", running[0].By)
	}
	return err
}

// DropImport forgets a list that was not imported.
func (s *Service) DropImport(ctx context.Context, id string) error {
	i, err := s.FindImport(ctx, id)
	if err != nil {
		return err
	}
	return s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(registry.PermissionImport, i.Area); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `DELETE FROM registry_import WHERE id = $1 AND state <> $2 AND state <> $3`, id, ImportRunning, ImportDone)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "registry.import.started")
		}
		tx.Record(i.entry("drop"))
		return err
	})
}

// RunImports is the job that makes the import that was started, and forgets lists that nobody
// imports. A process that is killed leaves nothing half made; the next begins anew.
func (s *Service) RunImports(ctx context.Context) error {
	running, err := listImports(ctx, s.Register.Log.DB, ImportRunning)
	if err != nil {
		return err
	}
	for _, i := range running {
		if err := s.runImport(ctx, i); err != nil {
			return err
		}
	}
	before := clock.Millis(clock.Now(ctx).Add(-forgetImports))
	old, err := db.Value[int](ctx, s.Register.Log.DB, `SELECT COUNT(*) FROM registry_import WHERE state <> $1 AND state <> $2 AND created_at < $3`,
		ImportRunning, ImportDone, before)
	if err != nil || old == 0 {
		return err
	}
	return s.Register.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM registry_import WHERE state <> $1 AND state <> $2 AND created_at < $3`,
			ImportRunning, ImportDone, before)
		return err
	})
}

// runImport makes an import in the name of whoever started it. What refuses it is kept beside it.
func (s *Service) runImport(ctx context.Context, i AreaImport) error {
	rows, err := importRows(ctx, s.Register.Log.DB, i.ID)
	if errors.Is(err, errs.ErrStale) {
		return nil // another process has ended it
	}
	if err != nil {
		return err
	}
	decisions, err := decisionsOf(i.Decisions)
	if err != nil {
		return err
	}
	p := &importProgress{id: i.ID}
	s.importing.Store(p)
	defer s.importing.Store(nil)
	actor := authority.SystemActor(i.By) // StartImport has judged whose it is
	actor.ID = i.account
	acting := authority.With(ctx, actor)
	done := false // in the same write as the areas, so that a process that dies leaves both or neither
	_, err = s.importRows(acting, rows, i.Name,
		ImportOptions{Effective: i.Effective, Supplement: i.Supplement, Decisions: decisions, Seen: i.revision,
			Progress: func(done, _ int) { p.written.Store(int64(done)) },
			And:      func(ctx context.Context, tx *audit.Tx) error { done = true; return s.finish(ctx, tx, &i, nil) }})
	switch {
	case err != nil && (ctx.Err() != nil || errors.Is(err, context.Canceled)):
		return err // it begins anew
	case err == nil && done:
		return nil
	case err != nil:
		slog.ErrorContext(ctx, "import of areas failed", "import", i.ID, "error", err)
	}
	failed := err
	err = s.Register.Log.Do(acting, func(tx *audit.Tx) error {
		tx.Judged() // by StartImport
		return s.finish(acting, tx, &i, failed)
	})
	if errors.Is(err, errs.ErrStale) {
		return nil // another process has ended it
	}
	return err
}

// finish writes down what came of an import that runs; the rows stay where it failed. Error: ErrStale when it runs
// no more.
func (s *Service) finish(ctx context.Context, tx *audit.Tx, i *AreaImport, failed error) error {
	state, refusal, kept := ImportDone, "", ""
	if failed != nil {
		raw, err := json.Marshal(RefusalView{errs.Of(failed).Key, errs.Of(failed).Args})
		if err != nil {
			return err
		}
		state, refusal = ImportFailed, string(raw)
		kept, err = db.Value[string](ctx, tx, `SELECT area_rows FROM registry_import WHERE id = $1`, i.ID)
		if err != nil {
			return err
		}
	}
	n, err := tx.Exec(ctx, `UPDATE registry_import SET state = $1, refusal = $2, area_rows = $3, ended_at = $4, version = version + 1
		WHERE id = $5 AND state = $6`,
		state, refusal, kept, clock.Millis(tx.Now), i.ID, ImportRunning)
	if err == nil && n == 0 {
		return errs.ErrStale
	}
	tx.Record(i.entry(state))
	return err
}

// importsWait tells whether a list is to be imported or forgotten.
func (s *Service) importsWait(ctx context.Context) (bool, error) {
	n, err := db.Value[int](ctx, s.Register.Log.DB, `SELECT COUNT(*) FROM registry_import WHERE state = $1 OR state <> $2 AND created_at < $3`,
		ImportRunning, ImportDone, clock.Millis(clock.Now(ctx).Add(-forgetImports)))
	return n > 0, err
}
