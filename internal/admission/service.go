package admission

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/sandbox"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Service keeps the lists.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Texts    *text.Catalogue
	Sandbox  *sandbox.Pool // where lists that somebody sends are read
}

// RevisionList counts the changes of lists; publishing waits for it, so that what was judged stays true.
const RevisionList = "admission.list"

func location(i int) string { return fmt.Sprintf("entries[%d]", i) }

// Fits tells whether an area may have a list of a kind.
func (s *Service) fits(area string, kind Kind) bool {
	a, open := s.Registry.Area(area)
	return open && kind.Known() && slices.Contains(levels(kind), a.Level)
}

// Begin makes the draft of an area's list of a kind, with what is in force there today. Errors: Invalid for an area that has
// no list of the kind; Conflict "admission.list.open" while another draft waits; Forbidden.
func (s *Service) Begin(ctx context.Context, area string, kind Kind) (List, error) {
	if !s.fits(area, kind) {
		return List{}, errs.ErrInvalid.At("area", "admission.list.area")
	}
	l := List{Area: area, Kind: kind, State: stateDraft, Version: 1}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permWrite, area); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, RevisionList); err != nil {
			return err
		}
		all, err := listEditions(ctx, tx, area, kind)
		if err != nil {
			return err
		}
		l.ID, l.Edition = db.NewID(ctx), 1
		for _, other := range all {
			if lifecycle.IsOpen(other.State) {
				return errs.New(errs.Conflict, "admission.list.open").With("by", other.Writer)
			}
			l.Edition = max(l.Edition, other.Edition+1)
		}
		entries, err := s.begun(ctx, tx, area, clock.Day(tx.Now), kind)
		if err != nil {
			return err
		}
		sign(tx, &l)
		tx.Record(audit.Entry{Action: permWrite, Area: area, Subject: subject, SubjectID: l.ID, After: record(&l, len(entries))})
		if err := insertList(ctx, tx, &l); err != nil {
			return err
		}
		return putEntries(ctx, tx, l.ID, entries)
	})
	return l, err
}

// sign says who writes an edition and when.
func sign(tx *audit.Tx, l *List) {
	l.writer, l.Writer, l.WrittenAt = tx.Actor.ID, tx.Actor.Name, clock.Millis(tx.Now)
}

// record is what the audit log keeps of an edition.
func record(l *List, entries int) map[string]any {
	out := map[string]any{"kind": l.Kind, "edition": l.Edition, "state": l.State, "from": l.From}
	if entries >= 0 {
		out["entries"] = entries
	}
	return out
}

// judged is an edition that the actor may see, for a verb that state, authority and guards allow. Errors: NotFound; those
// of flow.Take; Stale.
func judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (List, error) {
	tx.Judged()
	l, err := findList(ctx, tx, id)
	if err == nil {
		_, err = lifecycle.Judge(&l, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: l.ID},
			Version: l.Version, By: version})
	}
	return l, err
}

// Save writes the entries of a draft and why it is made. Errors: those of checkEntries; Conflict in another state; Stale.
func (s *Service) Save(ctx context.Context, id string, version int64, reason string, entries []Entry) (List, error) {
	if err := checkEntries(entries); err != nil {
		return List{}, err
	}
	var out List
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		l, err := judged(ctx, tx, id, verbChange, version)
		if err != nil {
			return err
		}
		sign(tx, &l)
		l.Reason = reason
		tx.Record(audit.Entry{Action: permWrite, Area: l.Area, Subject: subject, SubjectID: l.ID, After: record(&l, len(entries))})
		if err := updateList(ctx, tx, &l); err != nil {
			return err
		}
		out = l
		return putEntries(ctx, tx, l.ID, entries)
	})
	return out, err
}

// Step takes a verb of the lifecycle. Errors: those of flow.Take and flow.CheckInput; NotFound; Stale; of publishing and
// proposing those of ready.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) (List, error) {
	var out List
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		if err := revision.Bump(ctx, tx, RevisionList); err != nil {
			return err
		}
		l, err := judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		t, _ := lifecycle.Find(l.State, verb)
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		before := record(&l, -1)
		l.State = t.After(l.State)
		if err := s.effect(ctx, tx, &l, verb, in); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: l.Area, Subject: subject, SubjectID: l.ID, Before: before, After: record(&l, -1),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		err = updateList(ctx, tx, &l)
		out = l
		return err
	})
	return out, err
}

// effect does what a verb means beside the change of state.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, l *List, verb flow.Verb, in flow.Input) error {
	now := clock.Millis(tx.Now)
	switch verb {
	case verbPropose:
		l.proposer, l.Proposer, l.ProposedAt, l.Remark = tx.Actor.ID, tx.Actor.Name, now, ""
		return s.ready(ctx, tx, l, clock.Day(tx.Now))
	case verbReturn:
		l.Remark = in.Note
	case verbPublish:
		if in.Day < clock.Day(tx.Now) {
			return errs.ErrInvalid.At("day", "admission.list.past")
		}
		l.From, l.Publisher, l.PublishedAt = in.Day, tx.Actor.Name, now
		if err := s.ready(ctx, tx, l, in.Day); err != nil {
			return err
		}
		return s.replace(ctx, tx, l)
	}
	return nil
}

// ready refuses an edition of which a code stands in force in a list of another kind of the same area: Invalid.
func (s *Service) ready(ctx context.Context, tx *audit.Tx, l *List, day string) error {
	own, err := entriesOf(ctx, tx, []List{*l}, "")
	if err != nil {
		return err
	}
	all, err := s.Entries(ctx, tx, l.Area, day)
	if err != nil {
		return err
	}
	taken := map[string]Kind{}
	for _, e := range all {
		if e.Kind != l.Kind {
			taken[e.Code] = e.Kind
		}
	}
	refused := errs.ErrInvalid
	for i, e := range own {
		if kind, there := taken[e.Code]; there {
			refused = refused.At(location(i)+".code", "admission.entry.taken", "code", e.Code, "kind", errs.Key("admission.kind."+string(kind)))
		}
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// replace ends the editions that hold on the first day of a newly published one or later: at most one of an area and kind
// is in force on a day.
func (s *Service) replace(ctx context.Context, tx *audit.Tx, by *List) error {
	first, err := time.Parse(time.DateOnly, by.From)
	if err != nil {
		return err
	}
	last := first.AddDate(0, 0, -1).Format(time.DateOnly)
	all, err := listEditions(ctx, tx, by.Area, by.Kind)
	if err != nil {
		return err
	}
	for _, l := range all {
		if l.ID == by.ID || l.State != statePublished && l.State != stateReplaced || l.Until != "" && l.Until <= last {
			continue
		}
		if l.State == statePublished {
			if _, err := lifecycle.Take(&l, verbReplace, authority.SystemActor("admission")); err != nil {
				return err
			}
		}
		l.State, l.Until = stateReplaced, last
		if err := updateList(ctx, tx, &l); err != nil {
			return err
		}
	}
	return nil
}
