package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// Start registers what the spine does itself beside keeping cases and their timelines, in the order in
// which it is done.
func (s *Service) Start() {
	s.Effect(VerbObject, s.object)
	s.Effect(VerbJoin, s.join)
	s.Effect(VerbContribute, s.endPart)
	s.Effect(VerbRelease, s.endPart)

	s.Settles(s.SettleParts)
	s.Observe(s.partsFollow)

	s.Guarded(readJoint)

	s.jointSections()

	s.Describe(s.describeParts)
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

// describeParts adds what other units are asked for.
func (s *Service) describeParts(ctx context.Context, r db.Reader, p *Described) error {
	parts, err := s.showParts(ctx, r, p.Case, authority.From(ctx))
	p.Sections[SectionParts] = parts
	return err
}

// SectionParts is the name of what a page tells of units that help.
const SectionParts = "parts"

func (s *Service) jointSections() {
	s.Section(Section{Name: SectionParts, Doc: "What other units are asked for; empty for the reporter",
		Empty: []PartView{}, Texts: func(v any) (out []*string) {
			for i, all := 0, v.([]PartView); i < len(all); i++ {
				out = append(out, &all[i].Ask, &all[i].Answer)
			}
			return out
		}})
}
