package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/seal"
	"linli/internal/registry"
)

// States of an import.
const (
	Previewed = "preview" // read and checked, nothing changed
	Running   = "running"
	Done      = "done"
)

// Import is a roster file on its way into the roster.
type Import struct {
	ID       string    `json:"id"`
	Area     string    `json:"area"`
	State    string    `json:"state" enum:"preview,running,done"`
	Total    int       `json:"total" doc:"Lines of the file"`
	Ready    int       `json:"ready" doc:"Lines that can be taken"`
	Known    int       `json:"known" doc:"Of these, lines about persons on the roster already"`
	Done     int       `json:"done" doc:"Lines taken so far"`
	Added    int       `json:"added"`
	Changed  int       `json:"changed"`
	At       int64     `json:"at"`
	Columns  []Column  `json:"columns" doc:"Every column of the file, read or not"`
	Findings []Finding `json:"findings" doc:"The first five hundred"`

	account string
	sealed  string
}

const importColumns = `i.id, i.area, i.state, i.total, i.ready, i.done, i.added, i.changed, i.created_at, i.findings, i.account_id, i.sealed`

func scanImport(row db.Scanner) (i Import, err error) {
	var kept string
	if err = row.Scan(&i.ID, &i.Area, &i.State, &i.Total, &i.Ready, &i.Done, &i.Added, &i.Changed, &i.At,
		&kept, &i.account, &i.sealed); err != nil {
		return i, err
	}
	var f foundInRoster
	err = json.Unmarshal([]byte(kept), &f)
	i.Known, i.Columns, i.Findings = f.Known, f.Columns, f.Findings
	if i.Columns == nil {
		i.Columns = []Column{}
	}
	return i, err
}

// foundInRoster is what is kept of the reading of a file.
type foundInRoster struct {
	Known    int       `json:"known"`
	Columns  []Column  `json:"columns"`
	Findings []Finding `json:"findings"`
}

// found is the kept form of the import's findings, the first five hundred.
func (i *Import) found() (string, error) {
	raw, err := json.Marshal(foundInRoster{i.Known, i.Columns, i.Findings[:min(len(i.Findings), mostFindings)]})
	return string(raw), err
}

// Preview reads a roster file for a community and tells what would be taken, line by line. The
// lines wait, sealed, to be taken by Start; after a day they are forgotten.
func (s *Service) Preview(ctx context.Context, area string, raw []byte) (Import, error) {
	if err := authority.Require(ctx, permImport, area); err != nil {
		return Import{}, err
	}
	if a, ok := s.People.Registry.Area(area); !ok || a.Level < registry.LevelCommunity {
		return Import{}, errs.ErrInvalid.At("area", "field.community")
	}
	r, err := s.read(ctx, area, raw)
	if err != nil {
		return Import{}, err
	}
	known := 0
	for i := range r.entries {
		if r.entries[i].Same != "" {
			known++
		}
	}
	findings := r.findings[:min(len(r.findings), mostFindings)]
	if findings == nil {
		findings = []Finding{}
	}
	kept, err := (&Import{Known: known, Columns: r.shown, Findings: findings}).found()
	if err != nil {
		return Import{}, err
	}
	lines, err := json.Marshal(r.entries)
	if err != nil {
		return Import{}, err
	}
	shard := db.Shard(area)
	id := shard + "-" + db.NewID(ctx)
	sealed := s.People.Ring.Seal(lines, id)
	err = s.People.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permImport, area); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO people_import (shard, id, area, account_id, state, sealed, sealed_by, total, ready, done, added,
			changed, findings, created_at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,0,0,0,$10,$11)`, shard, id, area, tx.Actor.ID, Previewed, sealed, seal.KeyOf(sealed),
			r.total, len(r.entries), kept, clock.Millis(tx.Now))
		tx.Record(audit.Entry{Action: permImport, Area: area, Subject: "people.import", SubjectID: id,
			Detail: map[string]any{"verb": "preview", "lines": r.total, "ready": len(r.entries), "known": known}})
		return err
	})
	if err != nil {
		return Import{}, err
	}
	return s.FindImport(ctx, id)
}

// FindImport reads an import; NotFound outside the actor's areas.
func (s *Service) FindImport(ctx context.Context, id string) (Import, error) {
	i, err := db.One(ctx, s.People.Log.DB, scanImport,
		`SELECT `+importColumns+` FROM people_import i WHERE i.shard = $1 AND i.id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) || (err == nil && !authority.From(ctx).Can(permImport, i.Area)) {
		return Import{}, errs.ErrNotFound
	}
	return i, err
}

// Imports lists the latest imports of the actor's areas.
func (s *Service) Imports(ctx context.Context) ([]Import, error) {
	areas, err := people.Scope(ctx, permImport, "")
	if err != nil {
		return nil, err
	}
	var out []Import
	for _, a := range areas {
		some, err := db.All(ctx, s.People.Log.DB, scanImport,
			`SELECT `+importColumns+` FROM people_import i WHERE i.area >= $1 AND i.area < $2 ORDER BY i.area, i.id DESC LIMIT 20`,
			a, authority.PrefixEnd(a))
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// Start takes the lines of a preview into the roster, in the background.
func (s *Service) Start(ctx context.Context, id string) (Import, error) {
	if _, err := s.FindImport(ctx, id); err != nil {
		return Import{}, err
	}
	err := s.People.Log.Do(ctx, func(tx *audit.Tx) error {
		i, err := db.One(ctx, tx, scanImport, `SELECT `+importColumns+` FROM people_import i WHERE i.shard = $1 AND i.id = $2`,
			db.ShardOf(id), id)
		if err != nil {
			return err
		}
		if err := tx.Require(permImport, i.Area); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE people_import SET state = $1 WHERE shard = $2 AND id = $3 AND state = $4`,
			Running, db.ShardOf(id), id, Previewed)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "people.roster.started")
		}
		tx.Record(audit.Entry{Action: permImport, Area: i.Area, Subject: "people.import", SubjectID: id,
			Detail: map[string]any{"verb": "start", "lines": i.Ready}})
		return err
	})
	if err != nil {
		return Import{}, err
	}
	return s.FindImport(ctx, id)
}

// importsWait tells whether a roster is to be taken or forgotten.
func (s *Service) importsWait(ctx context.Context) (bool, error) {
	n, err := db.Value[int](ctx, s.People.Log.DB, `SELECT COUNT(*) FROM people_import WHERE state = $1 OR state = $2 AND created_at < $3`,
		Running, Previewed, clock.Millis(clock.Now(ctx).Add(-24*time.Hour)))
	return n > 0, err
}

// RunImports is the job that takes lines of started imports, and forgets previews that nobody
// started within a day.
func (s *Service) RunImports(ctx context.Context) error {
	running, err := db.All(ctx, s.People.Log.DB, scanImport,
		`SELECT `+importColumns+` FROM people_import i WHERE i.state = $1 ORDER BY i.id`, Running)
	if err != nil {
		return err
	}
	var failed error
	for _, i := range running { // one that fails holds up no other
		if err := s.run(ctx, i); err != nil && !errors.Is(err, errs.ErrStale) {
			failed = errors.Join(failed, fmt.Errorf("import %s: %w", i.ID, err))
		}
	}
	before := clock.Millis(clock.Now(ctx).Add(-24 * time.Hour))
	return errors.Join(failed, s.People.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM people_import WHERE state = $1 AND created_at < $2`, Previewed, before)
		return err
	}))
}

// run takes the lines that are left, some in each write. A process that is killed leaves whole
// writes; the next goes on after the last.
func (s *Service) run(ctx context.Context, i Import) error {
	raw, err := s.People.Ring.Open(i.sealed, i.ID)
	if err != nil {
		return err
	}
	var entries []entry
	if err := json.Unmarshal(raw, &entries); err != nil {
		return err
	}
	const batch = 50
	for i.Done < len(entries) {
		part := entries[i.Done:min(i.Done+batch, len(entries))]
		next := i
		err := s.People.Log.Do(ctx, func(tx *audit.Tx) error {
			next = i
			next.Findings = slices.Clone(i.Findings) // the write may run twice
			tx.Judged()                              // by Start
			for k := range part {
				if err := s.take(ctx, tx, &next, &part[k]); err != nil {
					return err
				}
			}
			next.Done += len(part)
			return s.progress(ctx, tx, &i, &next, len(entries))
		})
		if err != nil {
			return err
		}
		i = next
	}
	if len(entries) == 0 {
		return s.People.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged()
			return s.progress(ctx, tx, &i, &i, 0)
		})
	}
	slog.InfoContext(ctx, "roster imported", "import", i.ID, "added", i.Added, "changed", i.Changed)
	return nil
}

func (s *Service) progress(ctx context.Context, tx *audit.Tx, from, to *Import, all int) error {
	state, sealed := Running, from.sealed
	if to.Done >= all {
		state, sealed = Done, "" // the lines are in the roster: nothing personal is left here
	}
	kept, err := to.found()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE people_import SET state = $1, sealed = CASE WHEN CAST($2 AS TEXT) = '' THEN '' ELSE sealed END, done = $3,
		added = $4, changed = $5, findings = $6
		WHERE shard = $7 AND id = $8 AND done = $9 AND state = $10`,
		state, sealed, to.Done, to.Added, to.Changed, kept, db.ShardOf(from.ID), from.ID, from.Done, Running)
	if err == nil && n == 0 {
		return errs.ErrStale // another process runs it
	}
	tx.Record(audit.Entry{Action: permImport, Area: from.Area, Subject: "people.import", SubjectID: from.ID,
		Detail: map[string]any{"verb": "take", "account": from.account}, Before: map[string]any{"done": from.Done},
		After: map[string]any{"done": to.Done, "added": to.Added, "changed": to.Changed}})
	return err
}

// leave notes that a line changed nothing, first of all: it was promised by the preview.
func (i *Import) leave(e *entry, key string) {
	i.Findings = slices.Insert(i.Findings, 0, Finding{Line: e.Line, Column: "name", Key: key, Skips: true})
}

// take adds or changes one resident. A line whose person was registered, moved or changed since the
// preview changes nothing and is told; one whose person is restricted or deleted changes nothing.
func (s *Service) take(ctx context.Context, tx *audit.Tx, i *Import, e *entry) error {
	if e.Same == "" {
		other, err := s.People.StandsOn(ctx, tx, people.Community(i.Area), &e.P)
		if err != nil {
			return err
		}
		if other {
			i.leave(e, "people.roster.since_added")
			return nil
		}
		n := e.resident(i.Area)
		if _, err := s.People.Enter(ctx, tx, &n, []string{people.Community(i.Area)}); err != nil {
			return err
		}
		i.Added++
		return nil
	}
	p, err := s.People.FindRecord(ctx, tx, e.Same)
	switch {
	case err != nil || p.State != people.Active:
		return err
	case people.Community(p.Area) != people.Community(i.Area):
		i.leave(e, "people.roster.moved")
		return nil
	case e.Seen > 0 && p.Version != e.Seen:
		i.leave(e, "people.roster.changed")
		return nil
	}
	if err := s.People.Complete(ctx, tx, &p, e.resident(i.Area), map[string]any{"verb": "import", "import": i.ID}); err != nil {
		return err
	}
	i.Changed++
	return nil
}
