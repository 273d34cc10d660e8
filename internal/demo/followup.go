package demo

import (
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/flow"
)

// followUp walks what a low rating sets going: the sub-district calls, sees to it that the matter
// is put right, and asks again; some of it too late, some not yet.
func (s *story) followUp() error {
	at := slices.IndexFunc(s.streets, func(t street) bool { return t.code == s.community.Code[:streetDigits] })
	if at < 0 {
		return nil
	}
	officer := *s.streets[at].officer
	for _, step := range []struct {
		verb   flow.Verb
		least  int // working hours after the step before
		within int
		note   []string
		choice string
	}{
		{"contact", 1, 9, calls, ""},
		{"rectify", 8, 90, mends, ""},
		{"revisit", 4, 30, visits, "satisfied"},
	} {
		when := s.later(s.office.of(s.at) + (step.least+s.dice.IntN(step.within))*workhour)
		if !when.Before(s.Now) {
			return errPresent
		}
		in := casework.StepInput{Input: flow.Input{Note: pick(s.dice, step.note), Choice: step.choice}}
		if step.choice != "" && chance(s.dice, 20) {
			in.Choice = "unsatisfied"
		}
		if err := s.Casework.MoveFollowUp(s.as(officer, when), s.c.ID, 1, step.verb, in); err != nil {
			return err
		}
		s.writes.Add(1)
		s.at = when
	}
	return nil
}

// laterRating is another rating of some who were content with what came after.
func (s *story) laterRating() error {
	if !chance(s.dice, 40) {
		return nil
	}
	solved := true
	return s.answer(s.at.Add(time.Duration(1+s.dice.IntN(40))*time.Hour), casework.MoveInput{Verb: casework.VerbRerate, Level: 3 + s.dice.IntN(2), Solved: &solved})
}
