package casework

import (
	"context"

	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// GuardContext is what guards ask of a case beside its row. It is read before a step is judged.
type GuardContext struct {
	Read         bool         // it was read; else it says nothing
	Objections   int          // times that a unit sent it back
	Objector     string       // unit that did so last, or ""
	FedBack      bool         // the work was fed back before: it came again as rework
	Helping      []string     // units that were asked for a part and have not answered, in the order in which they were asked
	Drawn        bool         // for a check that is not made yet
	Participants Participants // who took which step, here and on what is merged into it
	Extended     bool         // it was given more time
	Unanswered   int          // supervisions that wait for an answer

	// Noted is what rooms read for their guards and use again in the same step or page, by room.
	Noted map[string]any
}

// Note keeps what a room has read.
func (st *GuardContext) Note(room string, what any) {
	if st.Noted == nil {
		st.Noted = map[string]any{}
	}
	st.Noted[room] = what
}

// stand reads what guards ask of a case: of one verb, or of every verb for "".
func (s *Service) stand(ctx context.Context, r db.Reader, m *Matter, c *Case, verb flow.Verb) (err error) {
	c.Standing = GuardContext{Read: true}
	if c.Events > 1 { // nobody works on a case before it is taken up
		if c.Standing.Participants, err = s.Participants(ctx, r, c); err != nil {
			return err
		}
	}
	for _, read := range s.guards {
		if err = read(ctx, r, c, verb); err != nil {
			return err
		}
	}
	if m.Stand != nil {
		return m.Stand(ctx, r, c)
	}
	return nil
}
