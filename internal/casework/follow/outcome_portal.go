package follow

import (
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/page"
)

// outcomePage is what was decided, as it stands on top of the page of a case.
type outcomePage struct {
	Tone, Heading, Who, Reason string
	At                         int64
	UnderWay                   bool // decided, and not delivered yet
	Remedies                   []remedyLine
}

type remedyLine struct{ Words, Rule string }

func (s *Service) outcomePage(q *page.Request, v *casework.OutcomeView) *outcomePage {
	if v == nil {
		return nil
	}
	p := &outcomePage{Tone: v.Tone, Heading: q.T("casework.outcome." + string(v.Kind)), At: v.At, UnderWay: v.ToldAt == nil}
	if v.Kind != casework.Withdrawn {
		p.Reason = v.Reason
		if v.By != nil {
			p.Who = v.By.Name
		}
	}
	for _, r := range v.Remedies {
		line := remedyLine{Words: q.T("casework.remedy." + string(r.Kind)), Rule: r.Rule}
		if r.Until != "" {
			line.Words = q.T("casework.remedy."+string(r.Kind)+"_until", "day", page.Day(q.Lang, r.Until))
		}
		p.Remedies = append(p.Remedies, line)
	}
	return p
}

// OutcomeTone is the class of a case's tag in a list: by what was decided, or that it is under way.
func (s *Service) OutcomeTone(c *casework.Summary) string {
	switch {
	case c.Outcome == "" && c.Open:
		return "info"
	case c.Outcome == "":
		return ""
	}
	return map[string]string{"good": "done", "bad": "late"}[casework.OutcomeTone[c.Outcome]]
}

// actorWords say who took a step: the office as it was then and its role, the reporter, or nobody.
func (s *Service) actorWords(q *page.Request, e *casework.EventView, own bool) string {
	role := q.Word("role."+e.Actor.Role, "")
	switch {
	case e.Actor.Role == flow.Reporter && own:
		return q.T("casework.page.you")
	case e.Actor.Role == flow.Reporter:
		return q.T("casework.page.other_reporter")
	case e.By != nil:
		return strings.TrimSpace(e.By.Name + " " + role)
	}
	return role
}
