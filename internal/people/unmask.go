package people

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
)

// Purposes for which a field may be shown.
var Purposes = []string{"contact", "verify", "service", "visit", "emergency", "rights"}

const (
	actionUnmask = "people.person.unmask"
	actionCopy   = "people.person.copy"
	actionSearch = "people.person.search"
)

// FieldAnswer stands for something that a case holds of a person beside their own fields, such as
// an answer in an application.
const FieldAnswer = "answer"

// Showing asks to see one field of one person.
type Showing struct {
	Field   string
	Purpose string
	Note    string // the case or call that makes it necessary, or ""
}

// Unmask shows one of Fields and writes down who saw it, from where and for what; the person can see
// that it was. Errors: NotFound outside what the actor may read; Conflict for a person whose data
// is restricted or deleted; TooMany for a list that is being copied out one by one.
func (s *Service) Unmask(ctx context.Context, id string, a Showing) (string, error) {
	if a.Field == FieldAnswer {
		return "", errs.ErrInvalid.At("field", "field.choice")
	}
	return s.UnmaskAs(ctx, id, a, func(tx *audit.Tx, area string) error {
		return Within(tx, permUnmask, area)
	})
}

// UnmaskAs is Unmask for a caller who judges by other grounds, e.g. the duty to handle a case.
func (s *Service) UnmaskAs(ctx context.Context, id string, a Showing, judge func(tx *audit.Tx, area string) error) (string, error) {
	a.Note = strings.TrimSpace(a.Note)
	switch {
	case !slices.Contains(Fields, a.Field) && a.Field != FieldAnswer:
		return "", errs.ErrInvalid.At("field", "field.choice")
	case !slices.Contains(Purposes, a.Purpose):
		return "", errs.ErrInvalid.At("purpose", "field.choice")
	case !fold.Within(a.Note, 100):
		return "", errs.ErrInvalid.At("note", "field.too_long", "max", 100)
	}
	actor := authority.From(ctx)
	if err := s.Limits.Take(ctx, limit.Unmask, actor.ID); err != nil {
		return "", err
	}
	value := ""
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		p, err := s.FindRecord(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := judge(tx, p.Area); err != nil {
			return err
		}
		switch {
		case p.State == Erased:
			return ErrErased
		case p.State == Restricted && a.Purpose != "rights" && a.Purpose != "emergency":
			return errRestricted
		}
		value = p.field(a.Field)
		tx.Record(audit.Entry{Action: actionUnmask, Area: p.Area, Subject: Subject, SubjectID: id,
			Detail: look{Field: a.Field, Purpose: a.Purpose, Note: a.Note, Role: string(actor.RoleFor(permUnmask, p.Area)),
				Body: s.office(actor, p.Area)}})
		return nil
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

// office is the name of the body in whose name the actor acts over an area.
func (s *Service) office(a *authority.Actor, area string) string {
	for _, g := range a.Grants {
		if strings.HasPrefix(area, g.Area) && g.Body != "" {
			return s.Registry.BodyName(g.Body)
		}
	}
	return ""
}

type look struct {
	Field   string `json:"field,omitempty"`
	Purpose string `json:"purpose"`
	Note    string `json:"note,omitempty"`
	Role    string `json:"role,omitempty"`
	Body    string `json:"body,omitempty"`
}

// Look is one time that somebody saw a person's data in full.
type Look struct {
	At      int64  `json:"at"`
	Field   string `json:"field" doc:"Empty for a copy of everything"`
	Purpose string `json:"purpose"`
	Office  string `json:"office" doc:"Body in whose name it was seen"`
	Role    string `json:"role"`
	Actor   string `json:"actor" doc:"Name of the account; empty for the person, who learns the office"`
}

// Looks lists who saw a person's data in full, newest first (PIPL articles 44 and 45).
func (s *Service) Looks(ctx context.Context, id string) ([]Look, error) {
	p, err := s.FindRecord(ctx, s.Log.DB, id)
	if err != nil {
		return nil, err
	}
	if !authority.From(ctx).Can(PermissionRead, p.Area) {
		return nil, errs.ErrNotFound
	}
	return s.LooksOf(ctx, id, true)
}

// LooksOf lists the looks at a person, newest first, with the names of accounts or without; it judges nothing.
func (s *Service) LooksOf(ctx context.Context, id string, names bool) ([]Look, error) {
	rows, err := s.Log.Of(ctx, id, 200, actionUnmask, actionCopy)
	out := []Look{}
	for _, r := range rows {
		var d look
		if err := json.Unmarshal([]byte(r.Detail), &d); err != nil {
			return nil, err
		}
		l := Look{At: r.At, Field: d.Field, Purpose: d.Purpose, Office: d.Body, Role: d.Role}
		if names {
			l.Actor = r.ActorName
		}
		out = append(out, l)
	}
	return out, err
}

// RecordCopy records that a copy of a person was made by who holds the permission; it stands among the looks.
func (s *Service) RecordCopy(tx *audit.Tx, p *Record, permission string) {
	tx.Record(audit.Entry{Action: actionCopy, Area: p.Area, Subject: Subject, SubjectID: p.ID,
		Detail: look{Purpose: "rights", Role: string(tx.Actor.RoleFor(permission, p.Area)), Body: s.office(tx.Actor, p.Area)}})
}

// Seen records among the looks at a person that an office used a value about them, for one of [Purposes]; note is the
// case or number that makes it necessary. The caller has judged that it may. Errors: NotFound; Conflict for a person
// whose data is restricted or deleted.
func (s *Service) Seen(ctx context.Context, tx *audit.Tx, id, purpose, note, office string) error {
	p, err := s.FindRecord(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case p.State == Erased:
		return ErrErased
	case p.State == Restricted && purpose != "rights" && purpose != "emergency":
		return errRestricted
	}
	tx.Record(audit.Entry{Action: actionUnmask, Area: p.Area, Subject: Subject, SubjectID: id,
		Detail: look{Field: FieldAnswer, Purpose: purpose, Note: note, Body: office}})
	return nil
}
