package gate

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// Sending is what a step of a case sends to a body: the case, or a part of it.
type Sending struct {
	Unit  string // id of the body
	Way   Way
	Basis string // on which a department's request to a community rests: number of an admission, or code of a listed entry

	Subject string // id of the case
	Title   string // what the case is about, in Chinese, nothing personal
}

// Asked is who asked a community, and what let it through; both are empty where nothing had to.
type Asked struct {
	Body string // id of the department's body
	Pass string // number of the admission, or code of the listed duty
}

// Answered tells the ledger (or nil) what the community's body did about a sending, with the minutes that it took; nothing where
// no department had asked.
func (by Asked) Answered(ctx context.Context, tx *audit.Tx, l Ledger, to registry.Body, s Sending, minutes int) error {
	if l == nil || by.Body == "" {
		return nil
	}
	return l.Record(ctx, tx, Load{Way: s.Way, Subject: s.Subject, Title: s.Title, At: tx.Now, Area: to.Area, Body: by.Body, Pass: by.Pass,
		Answered: 1, Measured: minutes})
}

// Ask asks the gate, and tells the ledger (or nil) of what passes, where whoever acts does so for a department and the body is a
// community's; unit is the body responsible for the case. Within a community, and from a street's or a station's dispatcher, work
// goes its own way: nobody pushes a department's duty down. Errors: those of [Gate].
func (s Sending) Ask(ctx context.Context, tx *audit.Tx, g Gate, l Ledger, r *registry.Service, to registry.Body,
	unit string) (Asked, error) {
	if !slices.Contains(registry.CommunityBodies, to.Kind) {
		return Asked{}, nil
	}
	asker, err := department(ctx, tx, r, unit)
	if err != nil || asker == "" {
		return Asked{}, err
	}
	ask := Request{Way: s.Way, Body: asker, Areas: []string{to.Area}}
	if strings.Contains(s.Basis, "-") { // numbers of admissions have hyphens, codes of entries none
		ask.Admission = s.Basis
	} else {
		ask.Duty = s.Basis
	}
	pass, err := g.Pass(ctx, tx, ask)
	by := Asked{asker, pass.Number}
	if err != nil || l == nil {
		return by, err
	}
	return by, l.Record(ctx, tx, Load{Way: s.Way, Subject: s.Subject, Title: s.Title, At: tx.Now, Area: to.Area, Body: asker,
		Pass: pass.Number, Asked: 1})
}

// department is the department for which the actor acts on a case: the responsible unit, where it is one and theirs, else
// any of theirs unless they act for another body, too. "" for whoever acts for none.
func department(ctx context.Context, tx *audit.Tx, r *registry.Service, unit string) (string, error) {
	bodies := tx.Actor.Bodies()
	if tx.Actor.In(unit) {
		bodies = []string{unit}
	}
	found := ""
	for _, id := range bodies {
		b, err := r.Body(ctx, tx, id)
		switch {
		case errs.Of(err).Kind == errs.NotFound && err != nil:
			continue
		case err != nil:
			return "", err
		case b.Kind != registry.BodyDepartment:
			return "", nil
		}
		found = id
	}
	return found, nil
}
