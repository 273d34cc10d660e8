package casework

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/idcode"
)

// The words of a case are read whole by those who work on it. To everybody else (who oversees, and
// whoever holds the follow code, for it may be found) the numbers of persons that stand in them are
// masked.

// worksOn tells whether the actor works on a case: for the responsible unit, or as who took it.
func worksOn(a *authority.Actor, c *Case) bool {
	return a.SignedIn() && (a.In(c.Unit) || c.Handler == a.ID || c.Worker == a.ID)
}

// hasHand tells, beside worksOn, whether the actor took a step on the case or is admitted by a room.
func (s *Service) hasHand(ctx context.Context, r db.Reader, a *authority.Actor, c *Case) (bool, error) {
	if worksOn(a, c) {
		return true, nil
	}
	if !a.SignedIn() {
		return false, nil
	}
	for _, h := range c.Standing.Participants {
		if h.Account == a.ID {
			return true, nil
		}
	}
	return s.admits(ctx, r, a, c)
}

// maskWords masks the numbers of persons in every free text of a page.
func (s *Service) maskWords(d *Detail) {
	texts := []*string{&d.Title}
	if d.Place != nil {
		place := *d.Place
		d.Place = &place
		texts = append(texts, &place.Text)
	}
	for i := range d.Events {
		e := &d.Events[i]
		texts = append(texts, &e.Note)
		e.Data.Lines = maskedLines(e.Data.Lines)
	}
	for _, x := range s.sections {
		if v := d.Sections[x.Name]; v != nil && x.Texts != nil {
			texts = append(texts, x.Texts(v)...)
		}
	}
	d.Missing = maskedLines(d.Missing)
	texts = append(texts, FactTexts(d.Facts)...)
	for _, t := range texts {
		*t = Masked(*t)
	}
}

// FactTexts are the values of facts that are not masked already.
func FactTexts(facts []Fact) (out []*string) {
	for i := range facts {
		if f := &facts[i]; !f.Personal {
			out = append(out, &f.Value)
		}
	}
	return out
}

func maskedLines(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = Masked(l)
	}
	if lines == nil {
		return nil
	}
	return out
}

// Masked hides the numbers of persons in somebody's words.
func Masked(s string) string { return idcode.MaskText(s) }
