package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// Start registers what the spine does itself beside keeping cases and their timelines, in the order in
// which it is done.
func (s *Service) Start() {
	s.Effect(VerbSuspend, s.suspend)
	s.Effect(VerbResume, s.resume)
	s.Effect(VerbExtend, s.extend)
	s.Effect(VerbSupervise, s.supervise)
	s.Effect(VerbAnswer, s.answer)
	s.Effect(VerbObject, s.object)
	s.Effect(VerbJoin, s.join)
	s.Effect(VerbContribute, s.endPart)
	s.Effect(VerbRelease, s.endPart)
	s.Effect(VerbMerge, s.intoMain)
	s.Effect(VerbMergeOwn, s.intoMain)
	s.Effect(VerbUnmerge, s.outOfMain)

	s.Observe(s.partsFollow)
	s.Observe(s.mergedFollow)
	s.Observe(s.suspensionFollows)
	s.Observe(s.alertsFollow)

	s.Opening(Opening{Add: s.joined})
	s.Guarded(readClockVerbs)
	s.Guarded(readJoint)

	s.mergeSections()
	s.jointSections()
	s.clockSections()
	s.Section(Section{Name: SectionAlerts, Doc: "Empty for the reporter", Empty: []CaseAlert{}})

	s.Describe(s.describeClockVerbs)
	s.Describe(s.describeAlerts)
	s.Describe(s.describeMerge)
	s.Describe(s.describeParts)
}

func (s *Service) intoMain(ctx context.Context, tx *audit.Tx, st *TakenStep) error {
	return s.merge(ctx, tx, st.Case, st.In.Case)
}

func (s *Service) outOfMain(ctx context.Context, tx *audit.Tx, st *TakenStep) error {
	return s.unmerge(ctx, tx, st.Case)
}

// partsFollow releases open parts when the case ends or is merged, and lets the others bear its deadline.
func (s *Service) partsFollow(ctx context.Context, tx *audit.Tx, ch *Change) error {
	c := ch.Case
	switch {
	case ch.Before == nil:
		return nil
	case ch.Ended(), c.State == StateMerged && ch.Before.State != StateMerged:
		return s.endParts(ctx, tx, c)
	case c.Open && !c.Clock.unchanged(&ch.Before.Clock) && (!c.Standing.Read || len(c.openParts()) > 0):
		return dueParts(ctx, tx, c)
	}
	return nil
}

// mergedFollow takes along what is merged into a case that ends or is opened again.
func (s *Service) mergedFollow(ctx context.Context, tx *audit.Tx, ch *Change) error {
	switch {
	case ch.Event == nil:
		return nil
	case ch.Ended():
		return s.endMerged(ctx, tx, ch.Matter, ch.Case, ch.Event)
	case ch.Reopened():
		return s.reopenMerged(ctx, tx, ch.Matter, ch.Case, ch.Event)
	}
	return nil
}

// suspensionFollows ends a suspension that something else than its resumption has ended.
func (s *Service) suspensionFollows(ctx context.Context, tx *audit.Tx, ch *Change) error {
	if ch.Before == nil || !ch.Before.Clock.Suspended() || ch.Before.Clock.Since == ch.Case.Clock.Since {
		return nil
	}
	return endSuspension(ctx, tx, ch.Case, clock.Millis(tx.Now))
}

// alertsFollow lowers the warnings of a deadline that is no more, and all of a case that has ended.
func (s *Service) alertsFollow(ctx context.Context, tx *audit.Tx, ch *Change) error {
	switch {
	case ch.Before == nil, ch.Case.Open && ch.Case.Clock.same(&ch.Before.Clock):
		return nil
	case !ch.Case.Open:
		return lowerAlerts(ctx, tx, ch.Case, "")
	}
	return lowerAlerts(ctx, tx, ch.Case, "deadline")
}

// readClockVerbs reads whether a case was extended, and how many supervisions wait for an answer.
func readClockVerbs(ctx context.Context, r db.Reader, c *Case, verb flow.Verb) (err error) {
	if verb == VerbExtend || verb == "" {
		if c.Standing.Extended, err = isExtended(ctx, r, c); err != nil {
			return err
		}
	}
	if verb == VerbAnswer || verb == "" {
		c.Standing.Unanswered, err = countUnanswered(ctx, r, c)
	}
	return err
}

// readJoint reads the objections to an open case and the parts of units that help.
func readJoint(ctx context.Context, r db.Reader, c *Case, _ flow.Verb) (err error) {
	if !c.Open {
		return nil
	}
	if err = readObjections(ctx, r, c); err != nil {
		return err
	}
	c.Standing.Parts, err = ListParts(ctx, r, c)
	return err
}

// describeClockVerbs adds suspension, extension, supervisions and alerts.
func (s *Service) describeClockVerbs(ctx context.Context, r db.Reader, p *Described) error {
	return s.showMeasures(ctx, r, p.Case, p.Events, p.Detail)
}

// describeParts adds what other units are asked for.
func (s *Service) describeParts(ctx context.Context, r db.Reader, p *Described) error {
	parts, err := s.showParts(ctx, r, p.Case, authority.From(ctx))
	p.Sections[SectionParts] = parts
	return err
}

// SectionParts is the name of what a page tells of units that help.
const SectionParts = "parts"

func (s *Service) jointSections() {
	s.Section(Section{Name: SectionParts, Doc: "What other units are asked for; empty for the reporter", Empty: []PartView{}, Texts: func(v any) (out []*string) {
		for i, all := 0, v.([]PartView); i < len(all); i++ {
			out = append(out, &all[i].Ask, &all[i].Answer)
		}
		return out
	}})
}
