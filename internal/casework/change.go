package casework

import (
	"context"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/flow"
)

// TakenStep is a row of a lifecycle while it is taken on a case.
type TakenStep struct {
	Matter *Matter
	Case   *Case
	Verb   flow.Verb
	In     *flow.Input
	Asked  MoveInput

	Other string // unit that it concerns beside the responsible one
	Level int    // of a rating
}

// Change is what became of a case inside one write, before its row is saved.
type Change struct {
	Matter *Matter
	Before *Case    // nil for a case that was opened just now
	Case   *Case    // as it will be saved
	Event  *Event   // nil where nothing was written on the timeline
	New    *NewCase // what opened it just now, or nil
	Words  []string // of a case that was opened just now: the words of its texts
	Erased bool     // its texts were taken out
}

// Ended tells whether the change has closed the case.
func (ch *Change) Ended() bool { return ch.Before != nil && ch.Before.Open && !ch.Case.Open }

// Reopened tells whether the change has opened a closed case again.
func (ch *Change) Reopened() bool { return ch.Before != nil && !ch.Before.Open && ch.Case.Open }

// Amend changes a case inside a write, by a step of its lifecycle or beside one: the event goes on the timeline if there is
// one, observers hear of the change, the audit record is kept, and the row is saved. The record names action and contents
// alone; one without action is not kept, for a change that is recorded already. Errors: Stale.
func (s *Service) Amend(ctx context.Context, tx *audit.Tx, ch Change, record audit.Entry) error {
	c := ch.Case
	ch.Matter = s.Matters[c.Kind]
	if ch.Event != nil {
		if err := insertEvent(ctx, tx, c, ch.Event); err != nil {
			return err
		}
	}
	if err := s.observe(ctx, tx, &ch); err != nil {
		return err
	}
	if record.Action != "" {
		record.Area, record.Subject, record.SubjectID = c.Area, subject, c.ID
		tx.Record(record)
	}
	return updateCase(ctx, tx, c)
}

// subject is how the audit log names a case.
const subject = "casework.case"

// observe tells the observers of a change.
func (s *Service) observe(ctx context.Context, tx *audit.Tx, ch *Change) error {
	for _, o := range s.observers {
		if err := o(ctx, tx, ch); err != nil {
			return err
		}
	}
	return nil
}

// Described is a case while it is described to a reader.
type Described struct {
	Matter *Matter
	Case   *Case
	Person *people.Person
	Events []Event
	*Detail
}
