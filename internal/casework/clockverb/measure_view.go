package clockverb

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// SuspensionView is why a case is put aside now.
type SuspensionView struct {
	Reason string `json:"reason" enum:"hearing,inspection,expert,resident,season,funding"`
	Note   string `json:"note"`
	Since  int64  `json:"since"`
	BackOn string `json:"backOn" doc:"Day on which it is resumed by itself, or empty"`
}

// ExtensionView is the more time that a case was given.
type ExtensionView struct {
	At          int64          `json:"at"`
	Amount      calendar.Limit `json:"amount"`
	Note        string         `json:"note"`
	FormerDueAt *int64         `json:"formerDueAt" nullable:"true"`
}

// SupervisionView is one time that an officer urged a case.
type SupervisionView struct {
	Seq        int            `json:"seq"`
	At         int64          `json:"at"`
	By         casework.Named `json:"by"`
	Role       string         `json:"role"`
	Note       string         `json:"note"`
	Workdays   int            `json:"workdays"`
	DueAt      *int64         `json:"dueAt" nullable:"true"`
	Year       int            `json:"year,omitempty" doc:"Calendar year that is not loaded"`
	AnsweredAt *int64         `json:"answeredAt" nullable:"true"`
	Answer     string         `json:"answer"`
	Late       bool           `json:"late" doc:"Answered after its day, or not answered and its day is past"`
}

// Sections of a page.
const (
	SectionSuspension   = "suspension"
	SectionExtension    = "extension"
	SectionSupervisions = "supervisions"
)

var sections = []casework.Section{
	{Name: SectionSuspension, Empty: (*SuspensionView)(nil),
		Texts: func(v any) []*string { return []*string{&v.(*SuspensionView).Note} }},
	{Name: SectionExtension, Empty: (*ExtensionView)(nil),
		Texts: func(v any) []*string { return []*string{&v.(*ExtensionView).Note} }},
	{Name: SectionSupervisions, Doc: "Empty for the reporter", Empty: []SupervisionView{},
		Texts: func(v any) (out []*string) {
			for i, all := 0, v.([]SupervisionView); i < len(all); i++ {
				out = append(out, &all[i].Note, &all[i].Answer)
			}
			return out
		}},
}

// showMeasures adds to a page what was done about the case's time. The reporter sees why and how
// long; who urged whom is for those who work on it.
func (s *Service) showMeasures(ctx context.Context, r db.Reader, c *casework.Case, events []casework.Event, d *casework.Detail) error {
	noteOf := func(seq int) casework.Event {
		if seq > 0 && seq <= len(events) {
			return events[seq-1]
		}
		return casework.Event{}
	}
	if c.Clock.Suspended() {
		v, err := currentSuspension(ctx, r, c)
		if err != nil && !db.IsNone(err) {
			return err
		}
		if err == nil {
			d.Sections[SectionSuspension] = &SuspensionView{v.reason, noteOf(v.seq).Note, v.from, v.backOn}
		}
	}
	if c.Standing.Extended {
		v, err := findExtension(ctx, r, c)
		if err != nil {
			return err
		}
		d.Sections[SectionExtension] = &ExtensionView{v.at, v.amount, noteOf(v.seq).Note, v.former}
	}
	if authority.From(ctx).Case == c.ID {
		return nil
	}
	rows, err := listSupervisions(ctx, r, c)
	if err != nil {
		return err
	}
	out := []SupervisionView{}
	for _, v := range rows {
		e := noteOf(v.seq)
		view := SupervisionView{Seq: v.seq, At: v.at, By: casework.Named{ID: e.ActorID, Name: e.ActorName}, Role: e.ActorRole, Note: e.Note,
			Workdays: v.workdays, DueAt: v.due, Year: v.year, AnsweredAt: v.answeredAt}
		if v.answerSeq != nil {
			view.Answer = noteOf(*v.answerSeq).Note
		}
		until := clock.Millis(clock.Now(ctx))
		if v.answeredAt != nil {
			until = *v.answeredAt
		}
		view.Late = v.due != nil && until > *v.due
		out = append(out, view)
	}
	d.Sections[SectionSupervisions] = out
	return nil
}
