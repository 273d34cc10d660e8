package demo

import (
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/errs"
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
		if err := s.Rating.MoveFollowUp(s.as(officer, when), s.c.ID, 1, step.verb, in); err != nil {
			return err
		}
		s.writes.Add(1)
		s.at = when
	}
	return nil
}

// recent is how far back appeals lie that the city has not come to yet.
const recent = 30 * 24 * time.Hour

// appeal has some heads appeal against a low rating of their unit, and the city decide; some appeals
// still wait. It tells whether the rating was excluded, so that nothing follows it up.
func (s *story) appeal() (excluded bool, err error) {
	when := s.later(s.office.of(s.at) + (2+s.dice.IntN(40))*workhour)
	if s.head == nil || !chance(s.dice, 45) || !when.Before(s.Now) {
		return false, nil
	}
	in := casework.StepInput{Input: flow.Input{Choice: "false", Note: pick(s.dice, appeals)}}
	err = s.Rating.MoveAppeal(s.as(s.head, when), s.c.ID, 1, "ask", in)
	if err != nil && errs.Of(err).Kind == errs.NotFound { // another unit's in the end, or their own work
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.writes.Add(1)
	verb, note := flow.Verb("decline"), "经核，评价反映的情况存在，维持原评价。"
	if chance(s.dice, 45) {
		verb, note = "uphold", "经核，办理记录与评价所述不符，评价不实，予以剔除。"
	}
	if when = s.later(s.office.of(when) + (1+s.dice.IntN(50))*workhour); !when.Before(s.Now) ||
		chance(s.dice, 25) && s.Now.Sub(when) < recent {
		return false, nil
	}
	if err := s.Rating.MoveAppeal(s.as(*s.officer, when), s.c.ID, 1, verb, casework.StepInput{Input: flow.Input{Note: note}}); err != nil {
		return false, err
	}
	s.writes.Add(1)
	return verb == "uphold", nil
}

// laterRating is another rating of some who were content with what came after.
func (s *story) laterRating() error {
	if !chance(s.dice, 40) {
		return nil
	}
	solved := true
	return s.answer(s.at.Add(time.Duration(1+s.dice.IntN(40))*time.Hour),
		casework.MoveInput{Verb: casework.VerbRerate, Level: 3 + s.dice.IntN(2), Solved: &solved})
}
