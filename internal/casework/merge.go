package casework

import (
	"context"

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

// StateMerged is where a merged case waits for its main case.
const StateMerged flow.State = "merged"

// Verbs of merging. The last three are the platform's own, when the main case ends, and when it is
// opened again.
const (
	VerbMerge       flow.Verb = "merge"
	VerbMergeOwn    flow.Verb = "merge_own" // by the reporter
	VerbUnmerge     flow.Verb = "unmerge"
	VerbCloseWith   flow.Verb = "close_with"
	VerbDismissWith flow.Verb = "dismiss_with"
	VerbReopenWith  flow.Verb = "reopen_with"
)

// Verbs by which a main case's timeline tells what was merged into it and taken out again.
const (
	eventTook flow.Verb = "took_in"
	eventGave flow.Verb = "gave_back"
)

// MergeRows are the rows of a lifecycle whose cases can be merged from some states, and go back to
// one; closed and dismissed are where they end with their main case, ended where they stand when it
// may be opened again.
func MergeRows(permission string, back, closed, dismissed flow.State, ended []flow.State, from ...flow.State) []flow.Transition[*Case] {
	main := flow.Field{Name: "case", Kind: flow.CaseNumber, Required: true, Max: 30}
	reason := flow.Field{Name: "note", Kind: flow.Text, Required: true, Max: 2000}
	merged := []flow.State{StateMerged}
	return []flow.Transition[*Case]{
		{From: from, Verb: VerbMerge, Aside: true, To: StateMerged, Permissions: []string{permission}, Fields: []flow.Field{main, reason}, Tells: true},
		{From: []flow.State{back}, Verb: VerbMergeOwn, Aside: true, To: StateMerged, Permissions: []string{flow.Reporter}, Fields: []flow.Field{main}},
		{From: merged, Verb: VerbUnmerge, Aside: true, To: back, Permissions: []string{permission}, Fields: []flow.Field{reason}, Tells: true},
		{From: merged, Verb: VerbCloseWith, To: closed, Permissions: []string{flow.System}, Tells: true, Outcome: string(Completed)},
		{From: merged, Verb: VerbDismissWith, To: dismissed, Permissions: []string{flow.System}, Tells: true, Outcome: string(Dismissed)},
		{From: ended, Verb: VerbReopenWith, To: StateMerged, Permissions: []string{flow.System}, Tells: true},
	}
}

// merge does what merging asks beyond the table. It runs inside the step of the case.
func (s *Service) merge(ctx context.Context, tx *audit.Tx, c *Case, number string) error {
	main, err := s.mainFor(ctx, tx, c, number)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE casework_merge SET main_id = $1 WHERE main_id = $2`, main.ID, c.ID); err != nil {
		return err
	}
	own := 0 // the reporter's own wish, which nobody has judged
	if !tx.Actor.SignedIn() {
		own = 1
	}
	if _, err := tx.Exec(ctx, `INSERT INTO casework_merge (shard, case_id, main_id, at, own) VALUES ($1,$2,$3,$4,$5)`,
		c.Shard, c.ID, main.ID, clock.Millis(tx.Now), own); err != nil {
		return err
	}
	c.Unit, c.Worker = "", ""
	c.Stop(tx.Now)
	return s.noteMerge(ctx, tx, &main, eventTook, c)
}

// mainFor is the case into which another may be merged. Errors, by field: casework.merge.unknown,
// itself, kind, merged, closed, far.
func (s *Service) mainFor(ctx context.Context, tx *audit.Tx, c *Case, number string) (Case, error) {
	refuse := func(key string) error {
		return errs.New(errs.Conflict, "casework.merge."+key).By("casework.merge.same")
	}
	main, err := findNumber(ctx, tx, number)
	reporter := tx.Actor.Case != "" || !tx.Actor.SignedIn() // has been judged by CheckJoin
	switch {
	case db.IsNone(err), err == nil && !reporter && !s.MayRead(tx.Actor, &main):
		return main, errs.ErrInvalid.At("case", "casework.merge.unknown")
	case err != nil:
		return main, err
	case reporter && (main.ID == c.ID || main.Kind != c.Kind || main.State == StateMerged || !main.Open): // since it was offered
		return main, errs.ErrInvalid.At("case", "casework.merge.unknown")
	case main.ID == c.ID:
		return main, refuse("itself")
	case main.Kind != c.Kind:
		return main, refuse("kind")
	case main.State == StateMerged:
		return main, refuse("merged")
	case !main.Open:
		return main, refuse("closed")
	case !s.nearEnough(ctx, c, &main):
		return main, errs.New(errs.Conflict, "casework.merge.far").With("metres", s.Rules.Int("casework.merge.metres", clock.Day(tx.Now))).By("casework.merge.metres")
	}
	return main, nil
}

// nearEnough tells whether two cases can be about one thing: they are of one community, or their
// points lie close together.
func (s *Service) nearEnough(ctx context.Context, a, b *Case) bool {
	if a.Area[:min(CommunityDigits, len(a.Area))] == b.Area[:min(CommunityDigits, len(b.Area))] {
		return true
	}
	metres, known := Distance(&a.Place, &b.Place)
	return known && metres <= float64(s.Rules.Int("casework.merge.metres", clock.Day(clock.Now(ctx))))
}

// unmerge takes a case out of its main case.
func (s *Service) unmerge(ctx context.Context, tx *audit.Tx, c *Case) error {
	main, err := MainOf(ctx, tx, c)
	if err != nil || main.ID == "" {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM casework_merge WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID); err != nil {
		return err
	}
	return s.noteMerge(ctx, tx, &main, eventGave, c)
}

// noteMerge tells on the main case's timeline, to staff, what was merged into it or taken out.
func (s *Service) noteMerge(ctx context.Context, tx *audit.Tx, main *Case, verb flow.Verb, c *Case) error {
	e := Event{Verb: verb, From: main.State, To: main.State, Data: EventData{Unit: main.Unit, Case: c.Number}}
	s.sign(tx, main, &e, PermReadOwn, main.Unit)
	if err := insertEvent(ctx, tx, main, &e); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: "casework.case." + string(verb), Area: main.Area, Subject: "casework.case", SubjectID: main.ID,
		Detail: map[string]any{"case": c.Number}})
	return UpdateCase(ctx, tx, main)
}

// endMerged ends the cases that were merged into one that has ended just now, as it did. What is
// told to its reporter is told to theirs.
func (s *Service) endMerged(ctx context.Context, tx *audit.Tx, m *Matter, main *Case, told *Event) error {
	merged, err := mergedInto(ctx, tx, main)
	if err != nil {
		return err
	}
	for i := range merged {
		c := &merged[i]
		t := endRow(m.Flow, main.State)
		if c.State != StateMerged || t == nil {
			continue
		}
		before := *c
		e, err := follows(ctx, tx, c, t, main, told)
		if err != nil {
			return err
		}
		c.decide(t)
		c.Open, c.Late = false, c.Late || main.Late
		c.close(tx.Now)
		if err := s.tellFollowing(ctx, tx, m, &before, c, e); err != nil {
			return err
		}
	}
	return nil
}

// follows takes a merged case along with its main case, and is the step that its reporter reads of it:
// by whom the main case was moved, and what is told, where staff have found both to be about one thing.
// Who followed a case by themselves reads nothing that was written to another.
func follows(ctx context.Context, tx *audit.Tx, c *Case, t *flow.Transition[*Case], main *Case, told *Event) (*Event, error) {
	own, err := db.Value[int](ctx, tx, `SELECT own FROM casework_merge WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
	if err != nil {
		return nil, err
	}
	e := &Event{Verb: t.Verb, From: c.State, To: t.To, Tells: true, ActorName: told.ActorName, ActorID: told.ActorID, ActorRole: told.ActorRole,
		Data: EventData{Unit: told.Data.Unit, By: told.Data.By, ByName: told.Data.ByName, Case: main.Number}}
	if told.Tells && own == 0 {
		e.Note = told.Note
	}
	c.State = t.To
	return e, nil
}

// tellFollowing writes the step of a case that follows its main case, and saves the case.
func (s *Service) tellFollowing(ctx context.Context, tx *audit.Tx, m *Matter, before, c *Case, e *Event) error {
	if err := insertEvent(ctx, tx, c, e); err != nil {
		return err
	}
	if err := s.Happened(ctx, tx, Change{Matter: m, Before: before, Case: c, Event: e}); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: m.Flow.Name + "." + string(e.Verb), Area: c.Area, Subject: "casework.case", SubjectID: c.ID,
		Before: map[string]any{"state": e.From}, After: map[string]any{"state": e.To, "main": e.Data.Case}})
	return UpdateCase(ctx, tx, c)
}

// reopenMerged takes the cases along that ended with one that has just been opened again: each waits
// with it as before, and its reporter is told. What they rated stays; the next end is rated anew.
func (s *Service) reopenMerged(ctx context.Context, tx *audit.Tx, m *Matter, main *Case, told *Event) error {
	merged, err := mergedInto(ctx, tx, main)
	if err != nil {
		return err
	}
	for i := range merged {
		c := &merged[i]
		t, ok := m.Flow.Find(c.State, VerbReopenWith)
		if !ok {
			continue
		}
		before := *c
		e, err := follows(ctx, tx, c, t, main, told)
		if err != nil {
			return err
		}
		c.Open = true
		c.reopen()
		if err := s.tellFollowing(ctx, tx, m, &before, c, e); err != nil {
			return err
		}
	}
	return nil
}

// endRow is the row by which a merged case ends when its main case does in a state.
func endRow(f *flow.Flow[*Case], state flow.State) *flow.Transition[*Case] {
	for _, verb := range []flow.Verb{VerbCloseWith, VerbDismissWith} {
		if t, ok := f.Find(StateMerged, verb); ok && t.To == state {
			return t
		}
	}
	return nil
}

// MainOf is the case into which a case is merged; the zero Case for none.
func MainOf(ctx context.Context, r db.Reader, c *Case) (Case, error) {
	id, err := db.Value[string](ctx, r, `SELECT main_id FROM casework_merge WHERE shard = $1 AND case_id = $2`, c.Shard, c.ID)
	if db.IsNone(err) {
		return Case{}, nil
	}
	if err != nil {
		return Case{}, err
	}
	return FindCase(ctx, r, id)
}

// mergedInto lists the cases that are merged into one, the first of them first.
func mergedInto(ctx context.Context, r db.Reader, main *Case) ([]Case, error) {
	ids, err := db.All(ctx, r, func(s db.Scanner) (id string, err error) { err = s.Scan(&id); return id, err },
		`SELECT case_id FROM casework_merge WHERE main_id = $1 ORDER BY case_id`, main.ID)
	if err != nil {
		return nil, err
	}
	out := make([]Case, len(ids))
	for i, id := range ids {
		if out[i], err = FindCase(ctx, r, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// findNumber reads a case by its whole number; db.ErrNone without one.
func findNumber(ctx context.Context, r db.Reader, number string) (Case, error) {
	const shardAt = len("20060102-")
	number = ParseNumber(number)
	if len(number) < shardAt+CountyDigits {
		return Case{}, db.ErrNone
	}
	return db.One(ctx, r, ScanCase, SelectCase+` WHERE shard = $1 AND number = $2`, number[shardAt:shardAt+CountyDigits], number)
}

// joined opens a case into its main case at once, as its reporter asked.
func (s *Service) joined(ctx context.Context, tx *audit.Tx, m *Matter, c *Case, n *NewCase) error {
	number := n.Main
	if number == "" {
		return nil
	}
	t, ok := m.Flow.Find(c.State, VerbMergeOwn)
	if !ok {
		return errs.ErrNotFound
	}
	before := *c
	e := Event{Verb: VerbMergeOwn, From: c.State, To: t.To, Data: EventData{Case: number}}
	if err := s.merge(ctx, tx, c, number); err != nil {
		return err
	}
	s.sign(tx, c, &e, PermReadOwn, c.Unit)
	c.State, c.Handler = t.To, ""
	if err := insertEvent(ctx, tx, c, &e); err != nil {
		return err
	}
	if err := s.Happened(ctx, tx, Change{Matter: m, Before: &before, Case: c, Event: &e}); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: m.Flow.Name + "." + string(VerbMergeOwn), Area: c.Area, Subject: "casework.case", SubjectID: c.ID,
		Before: map[string]any{"state": t.From[0]}, After: map[string]any{"state": c.State, "main": number}})
	return UpdateCase(ctx, tx, c)
}

// MainView is how the main case of a merged one stands: state, office, days and steps. Whoever follows
// the merged case learns nothing of who reported it, nor what was written to them or shown.
type MainView struct {
	ID     string      `json:"id,omitempty" doc:"Only for staff who may read it"`
	Number string      `json:"number"`
	State  flow.State  `json:"state"`
	Unit   *Named      `json:"unit,omitempty"`
	DueAt  *int64      `json:"dueAt" nullable:"true"`
	Due    Due         `json:"due"`
	Events []EventView `json:"events"`
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

func (s *Service) mergeSections() {
	s.Section(Section{Name: SectionMain, Doc: "The case into which this one is merged", Empty: (*MainView)(nil)})
	s.Section(Section{Name: SectionMerged, Doc: "Cases that are merged into this one, as far as the reader may read them", Empty: []MergedView{}})
}

// describeMerge adds to a page the main case of a merged one, and to staff what is merged into it.
func (s *Service) describeMerge(ctx context.Context, r db.Reader, p *Described) error {
	c, d, actor := p.Case, p.Detail, authority.From(ctx)
	main, err := MainOf(ctx, r, c)
	if err != nil {
		return err
	}
	if main.ID != "" {
		v := &MainView{Number: main.Number, State: main.State, Unit: s.Unit(main.Unit), DueAt: main.Clock.Due, Due: s.DueNow(ctx, &main), Events: []EventView{}}
		if s.MayRead(actor, &main) {
			v.ID = main.ID
		}
		events, err := ListEvents(ctx, r, &main)
		if err != nil {
			return err
		}
		for i := range events {
			if e := &events[i]; e.ActorRole != flow.Reporter && e.Verb != VerbRate && e.Data.Case == "" && e.From != "" {
				step := s.PublicEvent(e)
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
		if s.MayRead(actor, &m) {
			shown = append(shown, MergedView{m.ID, m.Number, m.ReportedAt, m.Channel})
		}
	}
	d.Sections[SectionMerged] = shown
	return err
}

// PublicEvent is a step as somebody else than the case's reporter may know of it: by office, and
// of the notes those that are told.
func (s *Service) PublicEvent(e *Event) EventView {
	v := EventView{Seq: e.Seq, At: e.At, Verb: e.Verb, From: e.From, To: e.To, Actor: ActorView{Role: e.ActorRole}, Unit: s.Unit(e.Data.Unit), Public: e.Tells,
		Data: EventData{Due: e.Data.Due, WasDue: e.Data.WasDue}}
	if e.Tells {
		v.Note = e.Note
	}
	return v
}
