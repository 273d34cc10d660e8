package task

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

//go:embed demo.json
var demoTasks []byte

// demoTask is one of demo.json. Months and days are counted back from the end of the demo's year; Open says that its communities are
// still at it.
type demoTask struct {
	Months, Days, Held int
	Areas              []string
	Way, Duty          string
	Form               string // Chinese title of the form by which it is answered, or ""
	Title, Content     string
	Ask, Period        string
	Workdays, Minutes  int
	Open               bool

	said *demoSaid
}

// demoSaid is what is written with the steps.
type demoSaid struct{ Refuse, Uphold, Overrule, Reply, SendBack, Again string }

// Logins of the demo city by whom its tasks are asked and decided, and the community whose dispatcher has a login of its own.
const (
	demoClerk, demoHead, demoBuilder = "clerk", "head", "builder"
	demoHome                         = "320703001007"
)

// demo asks communities for a year: answered, late, sent back, refused, and one that the gate does not let through.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var all struct {
		Said  demoSaid
		Tasks []demoTask
	}
	if err := json.Unmarshal(demoTasks, &all); err != nil {
		return err
	}
	for i := range all.Tasks {
		all.Tasks[i].said = &all.Said
		if err := s.demoTask(ctx, city, &all.Tasks[i]); err != nil {
			return fmt.Errorf("%s: %w", all.Tasks[i].Title, err)
		}
	}
	return s.Watch(authority.With(clock.With(ctx, city.Now), authority.SystemActor("demo")))
}

func (s *Service) demoTask(ctx context.Context, city module.Demo, d *demoTask) error {
	at := city.Now.AddDate(0, -d.Months, -d.Days)
	at = time.Date(at.Year(), at.Month(), at.Day(), 9, 10, 0, 0, clock.City)
	c := Content{Areas: d.Areas, Way: d.Way, Title: d.Title, Content: d.Content, Ask: d.Ask, Answer: answerText, Period: d.Period,
		Workdays: d.Workdays, Minutes: d.Minutes, Duty: d.Duty}
	if c.Way == "" {
		c.Way = "task"
	}
	if d.Held > 0 {
		c.HeldOn = clock.Day(at.AddDate(0, 0, d.Held))
	}
	by, err := city.As(ctx, demoClerk, at)
	if err != nil {
		return err
	}
	if d.Form != "" {
		if c.Form, err = (carrying{s}).demoForm(by, d.Form); err != nil || c.Form == "" {
			return err
		}
		c.Answer = answerForm
	}
	t, err := s.Write(by, c)
	if err != nil {
		return err
	}
	if err := s.Step(by, t.ID, verbSubmit, 0, flow.Input{}); err != nil {
		return err
	}
	signed := at.Add(2 * time.Hour)
	head, err := city.As(ctx, demoHead, signed)
	if err != nil {
		return err
	}
	if err := s.Step(head, t.ID, verbSend, 0, flow.Input{}); errs.Of(err).Kind == errs.Conflict && err != nil {
		slog.InfoContext(ctx, "a task of the demo waits at the gate", "task", d.Title, "refusal", errs.Of(err).Key)
		return nil
	} else if err != nil {
		return err
	}
	if err := s.Work(authority.With(clock.With(ctx, signed), authority.SystemActor("demo"))); err != nil {
		return err
	}
	shares, err := sharesAfter(ctx, s.Log.DB, t.ID, []string{string(shareAsked)}, "", chunk)
	for i := range shares {
		if err == nil {
			err = s.demoShare(ctx, city, d, &shares[i], i, signed)
		}
	}
	return err
}

// demoShare lets one community act: most answer, some late, some are sent back, some refuse, and some have not begun.
func (s *Service) demoShare(ctx context.Context, city module.Demo, d *demoTask, h *Share, i int, at time.Time) error {
	login := "dispatcher-" + h.Area
	if h.Area == demoHome {
		login = "dispatcher"
	}
	act := func(login string, at time.Time, verb flow.Verb, in flow.Input) error {
		if at.After(city.Now) {
			return nil
		}
		by, err := city.As(ctx, login, at)
		if err == nil {
			_, err = s.Casework.Move(by, KindTask, casework.MoveInput{ID: h.Case, Verb: verb, Input: in})
		}
		return err
	}
	day := func(n int, hour, minute int) time.Time {
		on := at.AddDate(0, 0, n)
		return time.Date(on.Year(), on.Month(), on.Day(), hour, minute, 0, 0, clock.City)
	}
	switch {
	case d.Open && i%2 == 1: // has not begun
		return nil
	case i%9 == 4:
		if err := act(login, day(1, 10, 0), verbRefuse, flow.Input{Choice: "unpaid", Note: d.said.Refuse}); err != nil || d.Open {
			return err
		}
		if i%2 == 0 {
			return act(demoBuilder, day(3, 15, 0), verbUphold, flow.Input{Note: d.said.Uphold})
		}
		return act(demoBuilder, day(3, 15, 0), verbOverrule, flow.Input{Note: d.said.Overrule})
	case i%13 == 6: // overdue
		return nil
	}
	began := day(1+i%3, 9, 10+i%40)
	if i%8 == 5 && !d.Open {
		began = day(d.Workdays+8, 9, 30) // late
	}
	sent := began.Add(time.Duration(d.Minutes*(60+i*7%90)/100) * time.Minute)
	if err := act(login, began, verbBegin, flow.Input{}); err != nil {
		return err
	}
	if sent.After(city.Now) || d.Form != "" {
		return nil
	}
	if err := act(login, sent, verbReply, flow.Input{Note: strings.ReplaceAll(d.said.Reply, "{n}", strconv.Itoa(3+i*5%20))}); err != nil ||
		d.Open {
		return err
	}
	if i%10 == 7 {
		if err := act(demoClerk, sent.Add(20*time.Hour), verbSendBack, flow.Input{Note: d.said.SendBack}); err != nil {
			return err
		}
		if err := act(login, sent.Add(44*time.Hour), verbBegin, flow.Input{}); err != nil {
			return err
		}
		if err := act(login, sent.Add(44*time.Hour+25*time.Minute), verbReply, flow.Input{Note: d.said.Again}); err != nil {
			return err
		}
		sent = sent.Add(46 * time.Hour)
	}
	return act(demoClerk, sent.Add(22*time.Hour), verbAccept, flow.Input{})
}

// demoForm is the id of a form of the actor's department that rests on no admission, by its title; "" where there is none.
func (s carrying) demoForm(ctx context.Context, title string) (string, error) {
	if s.Forms == nil {
		return "", nil
	}
	for _, body := range authority.From(ctx).Bodies() {
		offered, err := s.Forms.Offered(ctx, s.Log.DB, body, "")
		if err != nil {
			return "", err
		}
		for id, t := range offered {
			if t.Zh == title {
				return id, nil
			}
		}
	}
	return "", nil
}
