package demo

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
)

// story walks one case through its lifecycle, each step by whom it falls to and at an hour at
// which they would take it, until the present is reached.
type story struct {
	*load
	plan
	ctx  context.Context
	dice *rand.Rand

	c     casework.Case
	code  string // by which the reporter follows it
	at    time.Time
	stage int // how many deadlines were met or missed
	slow  int // stage that ends late, or -1
	stuck bool

	pictured bool

	head *authority.Actor // of the unit that does the work

	near   *casework.Case // what is told again
	joins  bool           // to follow it at once
	second *story         // of whoever told it again, and can rate
}

// errPresent ends a story whose next step lies in the future.
var errPresent = errors.New("the present is reached")

// How cases fare, in a hundred.
const (
	shareLate  = 7
	shareStuck = 4
	rated      = 68

	photographed = 1.5 // of the incidents
)

// tell walks a planned case as far as the present.
func (l *load) tell(ctx context.Context, p plan) error {
	s := &story{load: l, plan: p, ctx: ctx, dice: l.dice("case", p.number), at: p.at, slow: -1}
	s.pictured = chance(s.dice, photographed)
	stages := []float64{20, 80, 90} // accept, decide, deliver
	if p.incident {
		stages = []float64{12, 22, 76, 90, 100} // establish, dispatch, feed back, verify, close
	}
	if fate := s.dice.Float64() * 100; fate < shareLate+shareStuck {
		s.stuck = fate < shareStuck
		x := s.dice.Float64() * stages[len(stages)-1]
		for s.slow = 0; x > stages[s.slow]; s.slow++ {
		}
	}
	walk := s.walkApplication
	if p.incident {
		walk = s.walkIncident
	}
	if err := walk(); !errors.Is(err, errPresent) {
		return err
	}
	return nil
}

// as is the context in which somebody acts at an instant.
func (s *story) as(by *authority.Actor, when time.Time) context.Context {
	return authority.With(clock.With(s.ctx, when), by)
}

// opened takes over the case that was opened.
func (s *story) opened(o casework.Opened, err error) error {
	s.writes.Add(1)
	s.c, s.code = o.Case, o.Code
	return err
}

// step is taken by an account.
func (s *story) step(by *authority.Actor, when time.Time, verb flow.Verb, in flow.Input) error {
	if !when.Before(s.Now) {
		return errPresent
	}
	return s.move(s.as(by, when), when, casework.MoveInput{Verb: verb, Input: in})
}

// answer is a step of the reporter, who shows the follow code.
func (s *story) answer(when time.Time, in casework.MoveInput) error {
	if !when.Before(s.Now) {
		return errPresent
	}
	ctx, _, err := s.Follow.Follow(s.as(authority.Nobody(), when), s.code)
	if err != nil {
		return err
	}
	return s.move(ctx, when, in)
}

func (s *story) move(ctx context.Context, when time.Time, in casework.MoveInput) error {
	in.ID, in.Version = s.c.ID, s.c.Version
	c, err := s.Casework.Move(ctx, s.kind(), in)
	if err != nil {
		return err
	}
	s.writes.Add(1)
	s.c, s.at = c, when
	return nil
}

// amid is an instant between the last step and the deadline, as a share of the time left.
func (s *story) amid(least, most float64) time.Time {
	from := s.office.of(s.at)
	left := s.left()
	return s.later(from + int(float64(left)*(least+s.dice.Float64()*(most-least))))
}

// end is the instant at which a stage ends: in time, or in the slow stage too late.
func (s *story) end(least, most float64) time.Time {
	late := s.stage == s.slow
	s.stage++
	if !late {
		return s.amid(least, most)
	}
	due := s.office.of(s.at) + s.left()
	if s.stuck {
		return s.later(due + (15+s.dice.IntN(105))*workday)
	}
	return s.later(due + workhour + s.dice.IntN(3*workday))
}

// later is an instant in opening hours, after the last step in any case.
func (s *story) later(seconds int) time.Time {
	when := s.office.at(seconds)
	if soonest := s.at.Add(time.Duration(20+s.dice.IntN(240)) * time.Second); when.Before(soonest) {
		return soonest
	}
	return when
}

// left is the opening time until the deadline, or the length of the limit where the calendar
// does not reach the deadline.
func (s *story) left() int {
	k := s.c.Clock
	if k.Due != nil {
		return max(0, s.office.of(clock.Instant(*k.Due))-s.office.of(s.at))
	}
	switch k.Promised.Unit {
	case calendar.Workhour:
		return k.Promised.Amount * workhour
	case calendar.CalendarDay:
		return k.Promised.Amount * workday * 5 / 7
	}
	return k.Promised.Amount * workday
}

// leisure is an hour at which a resident sees to it, some days later.
func (s *story) leisure(days int) time.Time {
	day := midnight(s.at).AddDate(0, 0, 1+s.dice.IntN(days))
	return day.Add(time.Duration(8*3600+s.dice.IntN(13*3600)) * time.Second)
}

// rate is the reporter's judgement; who waited too long is less content.
func (s *story) rate() error {
	if !chance(s.dice, rated) {
		return nil
	}
	level := 5
	bounds := []float64{56, 84, 94, 98}
	if s.c.Late {
		bounds = []float64{18, 45, 70, 88}
	}
	for x := s.dice.Float64() * 100; level > 1 && x > bounds[5-level]; level-- {
	}
	comment := ""
	if chance(s.dice, 40) {
		comment = pick(s.dice, comments[level])
	}
	in := casework.MoveInput{Verb: casework.VerbRate, Level: level, Input: flow.Input{Note: comment}}
	if chance(s.dice, 75) {
		solved := level >= 3 || chance(s.dice, 30)
		in.Solved = &solved
	}
	if err := s.answer(s.leisure(5), in); err != nil || level > 2 {
		return err
	}
	if excluded, err := s.appeal(); err != nil || excluded {
		return err
	}
	if err := s.followUp(); err != nil {
		return err
	}
	return s.laterRating()
}
