package duplicate

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// Several people report one thing. A case that tells what another, its main case, tells already is
// merged into it: it waits with it and ends with it. Its reporter keeps their code, their photos
// and their rating, and sees how the main case stands; both are counted as received.

// MergeRows are the rows of a lifecycle whose cases can be merged from some states, and go back to
// one; closed and dismissed are where they end with their main case, ended where they stand when it
// may be opened again.
func MergeRows(permission string, back, closed, dismissed flow.State, ended []flow.State,
	from ...flow.State) []flow.Transition[*casework.Case] {
	main := flow.Field{Name: "case", Kind: flow.CaseNumber, Required: true, Max: 30}
	reason := flow.Field{Name: "note", Kind: flow.Text, Required: true, Max: 2000}
	merged := []flow.State{casework.StateMerged}
	return []flow.Transition[*casework.Case]{
		{From: from, Verb: casework.VerbMerge, Aside: true, To: casework.StateMerged, Permissions: []string{permission},
			Fields: []flow.Field{main, reason}, Tells: true},
		{From: []flow.State{back}, Verb: casework.VerbMergeOwn, Aside: true, To: casework.StateMerged,
			Permissions: []string{flow.Reporter}, Fields: []flow.Field{main}},
		{From: merged, Verb: casework.VerbUnmerge, Aside: true, To: back, Permissions: []string{permission},
			Fields: []flow.Field{reason}, Tells: true},
		{From: merged, Verb: casework.VerbCloseWith, To: closed, Permissions: []string{flow.System},
			Tells: true, Outcome: string(casework.Completed)},
		{From: merged, Verb: casework.VerbDismissWith, To: dismissed, Permissions: []string{flow.System},
			Tells: true, Outcome: string(casework.Dismissed)},
		{From: ended, Verb: casework.VerbReopenWith, To: casework.StateMerged, Permissions: []string{flow.System}, Tells: true},
	}
}

// merge does what merging asks beyond the table. It runs inside the step of the case.
func (s *Service) merge(ctx context.Context, tx *audit.Tx, c *casework.Case, number string) error {
	main, err := s.mainFor(ctx, tx, c, number)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE casework_merge SET main_id = $1 WHERE main_id = $2`, main.ID, c.ID); err != nil {
		return err
	}
	own := db.Bool(!tx.Actor.SignedIn()) // the reporter's own wish, which nobody has judged
	if _, err := tx.Exec(ctx, `INSERT INTO casework_merge (shard, case_id, main_id, at, own) VALUES ($1,$2,$3,$4,$5)`,
		c.Shard, c.ID, main.ID, clock.Millis(tx.Now), own); err != nil {
		return err
	}
	c.Unit, c.Worker = "", ""
	c.Stop(tx.Now)
	return s.noteMerge(ctx, tx, &main, casework.EventTook, c)
}

// mainFor is the case into which another may be merged. Errors, by field: casework.merge.unknown,
// itself, kind, merged, closed, far.
func (s *Service) mainFor(ctx context.Context, tx *audit.Tx, c *casework.Case, number string) (casework.Case, error) {
	refuse := func(key string) error {
		return errs.New(errs.Conflict, "casework.merge."+key).By("casework.merge.same")
	}
	main, err := casework.FindNumber(ctx, tx, number)
	reporter := tx.Actor.Case != "" || !tx.Actor.SignedIn() // has been judged by CheckJoin
	switch {
	case db.IsNone(err), err == nil && !reporter && !s.Cases.MayRead(tx.Actor, &main):
		return main, errs.ErrInvalid.At("case", "casework.merge.unknown")
	case err != nil:
		return main, err
	case reporter && (main.ID == c.ID || main.Kind != c.Kind || main.State == casework.StateMerged || !main.Open): // since it was offered
		return main, errs.ErrInvalid.At("case", "casework.merge.unknown")
	case main.ID == c.ID:
		return main, refuse("itself")
	case main.Kind != c.Kind:
		return main, refuse("kind")
	case main.State == casework.StateMerged:
		return main, refuse("merged")
	case !main.Open:
		return main, refuse("closed")
	case !s.nearEnough(ctx, c, &main):
		return main, errs.New(errs.Conflict, "casework.merge.far").With("metres",
			s.Cases.Rules.Int("casework.merge.metres", clock.Day(tx.Now))).By("casework.merge.metres")
	}
	return main, nil
}

// nearEnough tells whether two cases can be about one thing: they are of one community, or their
// points lie close together.
func (s *Service) nearEnough(ctx context.Context, a, b *casework.Case) bool {
	if a.Area[:min(casework.CommunityDigits, len(a.Area))] == b.Area[:min(casework.CommunityDigits, len(b.Area))] {
		return true
	}
	metres, known := casework.Distance(&a.Place, &b.Place)
	return known && metres <= float64(s.Cases.Rules.Int("casework.merge.metres", clock.Day(clock.Now(ctx))))
}

// unmerge takes a case out of its main case.
func (s *Service) unmerge(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	main, err := MainOf(ctx, tx, c)
	if err != nil || main.ID == "" {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM casework_merge WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID); err != nil {
		return err
	}
	return s.noteMerge(ctx, tx, &main, casework.EventGave, c)
}

// noteMerge tells on the main case's timeline, to staff, what was merged into it or taken out.
func (s *Service) noteMerge(ctx context.Context, tx *audit.Tx, main *casework.Case, verb flow.Verb, c *casework.Case) error {
	before := *main
	e := &casework.Event{Verb: verb, From: main.State, To: main.State, Data: casework.EventData{Unit: main.Unit, Case: c.Number}}
	s.Cases.Sign(tx, main, e, casework.PermReadOwn, main.Unit)
	return s.Cases.Amend(ctx, tx, casework.Change{Before: &before, Case: main, Event: e},
		audit.Entry{Action: "casework.case." + string(verb), Detail: map[string]any{"case": c.Number}})
}

// endMerged ends the cases that were merged into one that has ended just now, as it did. What is
// told to its reporter is told to theirs.
func (s *Service) endMerged(ctx context.Context, tx *audit.Tx, m *casework.Matter, main *casework.Case, told *casework.Event) error {
	merged, err := mergedInto(ctx, tx, main)
	if err != nil {
		return err
	}
	for i := range merged {
		c := &merged[i]
		t := endRow(m.Flow, main.State)
		if c.State != casework.StateMerged || t == nil {
			continue
		}
		before := *c
		e, err := follows(ctx, tx, c, t, main, told)
		if err != nil {
			return err
		}
		c.Decide(t)
		c.Open, c.Late = false, c.Late || main.Late
		c.Close(tx.Now)
		if err := s.tellFollowing(ctx, tx, m, &before, c, e); err != nil {
			return err
		}
	}
	return nil
}

// follows takes a merged case along with its main case, and is the step that its reporter reads of it:
// by whom the main case was moved, and what is told, where staff have found both to be about one thing.
// Who followed a case by themselves reads nothing that was written to another.
func follows(ctx context.Context, tx *audit.Tx, c *casework.Case, t *flow.Transition[*casework.Case], main *casework.Case,
	told *casework.Event) (*casework.Event, error) {
	own, err := db.Value[int](ctx, tx, `SELECT own FROM casework_merge WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
	if err != nil {
		return nil, err
	}
	e := &casework.Event{Verb: t.Verb, From: c.State, To: t.To, Tells: true, ActorName: told.ActorName,
		ActorID: told.ActorID, ActorRole: told.ActorRole,
		Data: casework.EventData{Unit: told.Data.Unit, By: told.Data.By, ByName: told.Data.ByName, Case: main.Number}}
	if told.Tells && own == 0 {
		e.Note = told.Note
	}
	c.State = t.To
	return e, nil
}

// tellFollowing writes the step of a case that follows its main case, and saves the case.
func (s *Service) tellFollowing(ctx context.Context, tx *audit.Tx, m *casework.Matter, before, c *casework.Case, e *casework.Event) error {
	return s.Cases.Amend(ctx, tx, casework.Change{Before: before, Case: c, Event: e},
		audit.Entry{Action: m.Flow.Name + "." + string(e.Verb),
			Before: map[string]any{"state": e.From}, After: map[string]any{"state": e.To, "main": e.Data.Case}})
}

// reopenMerged takes the cases along that ended with one that has just been opened again: each waits
// with it as before, and its reporter is told. What they rated stays; the next end is rated anew.
func (s *Service) reopenMerged(ctx context.Context, tx *audit.Tx, m *casework.Matter, main *casework.Case, told *casework.Event) error {
	merged, err := mergedInto(ctx, tx, main)
	if err != nil {
		return err
	}
	for i := range merged {
		c := &merged[i]
		t, ok := m.Flow.Find(c.State, casework.VerbReopenWith)
		if !ok {
			continue
		}
		before := *c
		e, err := follows(ctx, tx, c, t, main, told)
		if err != nil {
			return err
		}
		c.Open = true
		c.Reopen()
		if err := s.tellFollowing(ctx, tx, m, &before, c, e); err != nil {
			return err
		}
	}
	return nil
}

// endRow is the row by which a merged case ends when its main case does in a state.
func endRow(f *flow.Flow[*casework.Case], state flow.State) *flow.Transition[*casework.Case] {
	for _, verb := range []flow.Verb{casework.VerbCloseWith, casework.VerbDismissWith} {
		if t, ok := f.Find(casework.StateMerged, verb); ok && t.To == state {
			return t
		}
	}
	return nil
}

// MainOf is the case into which a case is merged; the zero Case for none.
func MainOf(ctx context.Context, r db.Reader, c *casework.Case) (casework.Case, error) {
	id, err := db.Value[string](ctx, r, `SELECT main_id FROM casework_merge WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
	if db.IsNone(err) {
		return casework.Case{}, nil
	}
	if err != nil {
		return casework.Case{}, err
	}
	return casework.FindCase(ctx, r, id)
}

// mergedInto lists the cases that are merged into one, the first of them first.
func mergedInto(ctx context.Context, r db.Reader, main *casework.Case) ([]casework.Case, error) {
	ids, err := db.All(ctx, r, func(s db.Scanner) (id string, err error) { err = s.Scan(&id); return id, err },
		`SELECT case_id FROM casework_merge WHERE main_id = $1 ORDER BY case_id`, main.ID)
	if err != nil {
		return nil, err
	}
	out := make([]casework.Case, len(ids))
	for i, id := range ids {
		if out[i], err = casework.FindCase(ctx, r, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// mergedSteps reads the steps that accounts took on what is merged into some cases.
func mergedSteps(ctx context.Context, r db.Reader, mains []*casework.Case) (map[string][]casework.HandStep, error) {
	ids := make([]string, len(mains))
	for i, c := range mains {
		ids[i] = c.ID
	}
	type row struct {
		main string
		step casework.HandStep
	}
	in, args := db.In(nil, ids)
	rows, err := db.All(ctx, r, func(s db.Scanner) (o row, err error) {
		return o, s.Scan(&o.main, &o.step.At, &o.step.Verb, &o.step.Account)
	}, `SELECT g.main_id, e.at, e.verb, e.actor_id FROM casework_merge g JOIN casework_event e ON e.shard = g.shard AND e.case_id = g.case_id
		WHERE g.main_id IN `+in+` AND e.actor_id <> '' ORDER BY g.main_id, e.at, e.seq`, args...)
	out := map[string][]casework.HandStep{}
	for _, o := range rows {
		out[o.main] = append(out[o.main], o.step)
	}
	return out, err
}

// joined opens a case into its main case at once, as its reporter asked.
func (s *Service) joined(ctx context.Context, tx *audit.Tx, m *casework.Matter, c *casework.Case, n *casework.NewCase) error {
	number := n.Main
	if number == "" {
		return nil
	}
	t, ok := m.Flow.Find(c.State, casework.VerbMergeOwn)
	if !ok {
		return errs.ErrNotFound
	}
	before := *c
	e := casework.Event{Verb: casework.VerbMergeOwn, From: c.State, To: t.To, Data: casework.EventData{Case: number}}
	if err := s.merge(ctx, tx, c, number); err != nil {
		return err
	}
	s.Cases.Sign(tx, c, &e, casework.PermReadOwn, c.Unit)
	c.State, c.Handler = t.To, ""
	return s.Cases.Amend(ctx, tx, casework.Change{Before: &before, Case: c, Event: &e},
		audit.Entry{Action: m.Flow.Name + "." + string(casework.VerbMergeOwn),
			Before: map[string]any{"state": t.From[0]}, After: map[string]any{"state": c.State, "main": number}})
}

// MainView is how the main case of a merged one stands: state, office, days and steps. Whoever follows
// the merged case learns nothing of who reported it, nor what was written to them or shown.
type MainView struct {
	ID     string               `json:"id,omitempty" doc:"Only for staff who may read it"`
	Number string               `json:"number"`
	State  flow.State           `json:"state"`
	Unit   *casework.Named      `json:"unit,omitempty"`
	DueAt  *int64               `json:"dueAt" nullable:"true"`
	Due    casework.Due         `json:"due"`
	Events []casework.EventView `json:"events"`
}

// MergedView is a case that is merged into the one shown.
type MergedView struct {
	ID         string `json:"id"`
	Number     string `json:"number"`
	ReportedAt int64  `json:"reportedAt"`
	Channel    string `json:"channel"`
}

// Sections of a page.
const (
	SectionMain   = "main"
	SectionMerged = "merged"
)

var sections = []casework.Section{
	{Name: SectionMain, Doc: "The case into which this one is merged", Empty: (*MainView)(nil)},
	{Name: SectionMerged, Doc: "Cases that are merged into this one, as far as the reader may read them", Empty: []MergedView{}},
}

// describeMerge adds to a page the main case of a merged one, and to staff what is merged into it.
func (s *Service) describeMerge(ctx context.Context, r db.Reader, p *casework.Described) error {
	c, d, actor := p.Case, p.Detail, authority.From(ctx)
	main, err := MainOf(ctx, r, c)
	if err != nil {
		return err
	}
	if main.ID != "" {
		v := &MainView{Number: main.Number, State: main.State, Unit: s.Cases.Unit(main.Unit), DueAt: main.Clock.Due,
			Due: s.Cases.DueNow(ctx, &main), Events: []casework.EventView{}}
		if s.Cases.MayRead(actor, &main) {
			v.ID = main.ID
		}
		events, err := casework.ListEvents(ctx, r, &main)
		if err != nil {
			return err
		}
		for i := range events {
			if e := &events[i]; e.ActorRole != flow.Reporter && e.Verb != casework.VerbRate && e.Data.Case == "" && e.From != "" {
				step := s.Cases.PublicEvent(e)
				step.Note = ""
				v.Events = append(v.Events, step)
			}
		}
		d.Sections[SectionMain] = v
	}
	if actor.Case == c.ID {
		return nil
	}
	merged, err := mergedInto(ctx, r, c)
	shown := []MergedView{}
	for _, m := range merged {
		if s.Cases.MayRead(actor, &m) {
			shown = append(shown, MergedView{m.ID, m.Number, m.ReportedAt, m.Channel})
		}
	}
	d.Sections[SectionMerged] = shown
	return err
}
