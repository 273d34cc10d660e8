package agreement

import (
	"fmt"
	"slices"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
)

// Mark is what one side says of one item: the street of the work, the others of what was provided.
type Mark struct {
	Code       string `json:"code" maxLength:"20"`
	Done       string `json:"done,omitempty" enum:"met,partly,unmet" doc:"By the street: how far the standard was met"`
	Paid       string `json:"paid,omitempty" enum:"paid,late,unpaid" doc:"By the community: whether it was paid"`
	Conditions string `json:"conditions,omitempty" enum:"provided,partly,missing" doc:"By the community: whether the conditions were given"`
	Remark     string `json:"remark,omitempty" maxLength:"200"`
}

// Missing tells whether the item was rated as not provided.
func (m *Mark) Missing() bool { return m.Paid == "unpaid" || m.Conditions == "missing" }

// Appraisal is one side's rating of a year.
type Appraisal struct {
	Side     Side   `json:"side,omitempty" enum:"street,community,council"`
	By       string `json:"by,omitempty"`
	At       int64  `json:"at,omitempty"`
	Marks    []Mark `json:"marks" maxItems:"100"`
	Guidance string `json:"guidance,omitempty" enum:"good,fair,poor" doc:"By the community: guidance by street and departments"`
	Added    string `json:"added,omitempty" enum:"none,some,many" doc:"By the community: tasks that were added outside of the lists"`
	Remark   string `json:"remark,omitempty" maxLength:"500"`
}

// Sides are those that rate.
var Sides = []Side{Street, Community, Council}

const (
	ruleOpens     = "admission.appraisal.opens"
	ruleTogether  = "admission.appraisal.together"
	maxMarkRemark = 200
	maxRemark     = 500
)

// opens is the first day on which a year is rated: so many days before its last.
func (a *Agreement) opens(days int) string {
	last, _ := time.Parse(time.DateOnly, a.Until())
	return last.AddDate(0, 0, 1-days).Format(time.DateOnly)
}

// rated tells whether a year of this agreement is rated at all: it was signed and not terminated.
func (a *Agreement) rated() bool {
	return slices.Contains([]flow.State{stateForce, stateEnded}, a.State)
}

// check refuses a rating that leaves an item out, or says what is not its side's to say.
func (p *Appraisal) check(a *Agreement) error {
	refused := errs.ErrInvalid
	say := func(at, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			refused = refused.At(at, "field.choice")
		}
	}
	by := map[string]int{}
	for i, m := range p.Marks {
		by[m.Code] = i + 1
	}
	if len(by) != len(p.Marks) || len(p.Marks) != len(a.Terms.Items) {
		refused = refused.At("marks", "admission.appraisal.items")
	}
	for _, it := range a.Terms.Items {
		n := by[it.Code]
		if n == 0 {
			refused = refused.At("marks", "admission.appraisal.item", "code", it.Code)
			continue
		}
		m, at := &p.Marks[n-1], fmt.Sprintf("marks[%d]", n-1)
		m.Remark = fold.Line(m.Remark)
		if !fold.Within(m.Remark, maxMarkRemark) {
			refused = refused.At(at+".remark", "field.too_long", "max", maxMarkRemark)
		}
		if p.Side == Street {
			say(at+".done", m.Done, "met", "partly", "unmet")
			m.Paid, m.Conditions = "", ""
			continue
		}
		m.Done = ""
		if it.Amount > 0 {
			say(at+".paid", m.Paid, "paid", "late", "unpaid")
		} else {
			m.Paid = ""
		}
		if it.Conditions != "" {
			say(at+".conditions", m.Conditions, "provided", "partly", "missing")
		} else {
			m.Conditions = ""
		}
	}
	if p.Side == Street {
		p.Guidance, p.Added = "", ""
	} else {
		say("guidance", p.Guidance, "good", "fair", "poor")
		say("added", p.Added, "none", "some", "many")
	}
	if p.Remark = fold.Line(p.Remark); !fold.Within(p.Remark, maxRemark) {
		refused = refused.At("remark", "field.too_long", "max", maxRemark)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}
