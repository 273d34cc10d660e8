package demo

import (
	"context"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
)

// How many in a hundred are put aside, are given more time, and how many overdue ones of a street
// its officer urges.
const (
	putAside = 3
	extended = 2
	urged    = 2
)

// aside is why something is put aside, for how many working days at most, and what is said.
type aside struct {
	choice string
	days   int
	note   string
}

var (
	asides = []aside{
		{"inspection", 8, "需委托专业机构鉴定，鉴定所需时间不计入办理期限。"},
		{"expert", 10, "需组织专家评审，评审所需时间不计入办理期限。"},
		{"resident", 12, "已与申请人联系，申请人在外地，返回后配合核实。"},
	}
	pooled = []aside{
		{"season", 30, "补植须待适宜季节，先行挂账，到季处理。"},
		{"funding", 25, "维修资金正在申请，落实后恢复处理。"},
		{"resident", 10, "需住户在家时配合，已约定时间。"},
	}
	urgings    = []string{"群众多次反映，请抓紧办理并回复。", "已超过期限，请说明原因和办结时间。"}
	extensions = []string{"情况复杂，需进一步核实，经批准延长期限。", "涉及多个单位，需现场会商，经批准延长期限。"}
)

// meets tells whether something that befalls some cases befalls this one. It is drawn apart, so that
// the others stay as they were.
func (s *story) meets(what string, share float64) bool {
	return chance(s.load.dice(what, s.number), share)
}

// wait puts the case aside and takes it up again some days later, if that is not in the future.
func (s *story) wait(by *authority.Actor, why []aside) error {
	a := pick(s.dice, why)
	if err := s.step(by, s.amid(0.02, 0.2), "suspend", flow.Input{Choice: a.choice, Note: a.note}); err != nil {
		return err
	}
	return s.step(by, s.later(s.office.of(s.at)+(2+s.dice.IntN(a.days))*workday), "resume", flow.Input{})
}

// extend gives the case more time, unless its deadline has passed or is not known.
func (s *story) extend(by *authority.Actor) error {
	when, due := s.amid(0.1, 0.3), s.c.Clock.Due
	if due == nil || clock.Millis(when) > *due {
		return nil
	}
	return s.step(by, when, "extend", flow.Input{Note: pick(s.dice, extensions)})
}

// urge has the officer of each street supervise some of what is overdue there.
func (l *load) urge(ctx context.Context) error {
	at := l.Now.Add(-2 * time.Hour)
	for _, street := range l.streets {
		by := authority.With(clock.With(ctx, at), *street.officer)
		overdue, err := l.Worklist.List(by, worklist.Filter{View: worklist.ViewOverdue, Area: street.code, Limit: urged})
		if err != nil {
			return err
		}
		for i, c := range overdue.Cases {
			in := casework.MoveInput{ID: c.ID, Verb: casework.VerbSupervise, Input: flow.Input{Note: urgings[i%len(urgings)], Number: 3}}
			if _, err := l.Casework.Move(by, c.Kind, in); err != nil {
				return err
			}
			l.writes.Add(1)
		}
	}
	return nil
}
