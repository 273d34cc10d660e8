package registry

import (
	"context"
	"net/http"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// PermissionLink ties a post to the account of its holder. The account then has the authority
// of the post, so it is the security administrator's, as every grant is.
const PermissionLink = "registry.member.link"

// Seat is a post in a body that an account holds from one day to another.
type Seat struct {
	Member   string         // id
	Role     authority.Role // that the post gives, or ""
	Area     string
	Body     string
	From, To string // To is "" while the term lasts
}

// Seats lists every post of an account, past and coming ones too.
func (s *Service) Seats(ctx context.Context, r db.Reader, account string) ([]Seat, error) {
	return db.All(ctx, r, func(row db.Scanner) (seat Seat, err error) {
		var kind string
		err = row.Scan(&seat.Member, &kind, &seat.Area, &seat.Body, &seat.From, &seat.To)
		seat.Role = BodyRoles[kind]
		return seat, err
	}, `SELECT m.id, b.kind, b.area, b.id, m.term_from, m.term_to FROM registry_member m JOIN registry_body b ON b.id = m.body_id
		WHERE m.account_id = $1 ORDER BY m.id`, account)
}

// Link ties a member's post to an account by the member's version; "" unties it. It takes
// PermissionLink over the body's area. Errors: what the rules of supervision and of the
// separated administrators refuse.
func (s *Service) Link(ctx context.Context, memberID, account string, version int64) (Member, error) {
	var m Member
	err := s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		old, err := findMember(ctx, tx, memberID)
		if err != nil {
			return audit.Entry{}, orNotFound(err)
		}
		b, err := s.Body(ctx, tx, old.BodyID)
		if err != nil {
			return audit.Entry{}, err
		}
		if err := tx.Require(PermissionLink, b.Area); err != nil {
			return audit.Entry{}, err
		}
		m = old
		m.Account, m.Version = account, version
		if err := s.mayLink(ctx, tx, b, old, m); err != nil {
			return audit.Entry{}, err
		}
		if err := s.checkSeat(ctx, tx, b, m); err != nil {
			return audit.Entry{}, err
		}
		changed, err := updateMember(ctx, tx, m)
		if err := orStale(changed, err, "registry.member", m.ID); err != nil {
			return audit.Entry{}, err
		}
		return linkEntry(b, m), s.unseated(ctx, tx, old)
	})
	m.Version++
	return m, err
}

// mayLink judges a post whose account, or whose term while it has one, is about to change.
// Nobody but the security administrator changes the account, and nobody their own term.
func (s *Service) mayLink(ctx context.Context, tx *audit.Tx, b Body, old, m Member) error {
	own := m.Account != "" && m.Account == tx.Actor.ID && (m.TermFrom != old.TermFrom || m.TermTo != old.TermTo)
	if m.Account != old.Account || own {
		if err := tx.Require(PermissionLink, b.Area); err != nil {
			return err
		}
	}
	if m.Account == "" {
		return nil
	}
	if s.Seating == nil {
		return errs.ErrInvalid.At("account", "field.choice")
	}
	return s.Seating(ctx, tx, m, BodyRoles[b.Kind])
}

// unseated tells that a member's account lost the post, or part of its term.
func (s *Service) unseated(ctx context.Context, tx *audit.Tx, old Member) error {
	if old.Account == "" || s.Unseated == nil {
		return nil
	}
	return s.Unseated(ctx, tx, old.Account)
}

func linkEntry(b Body, m Member) audit.Entry {
	return audit.Entry{Action: PermissionLink, Area: b.Area, Subject: "registry.member", SubjectID: m.ID,
		Detail: map[string]string{"body": b.ID, "kind": b.Kind, "from": m.TermFrom, "to": m.TermTo},
		After:  map[string]string{"account": m.Account}}
}

type linkInput struct {
	ID   string `path:"id" minLength:"1" maxLength:"36"`
	Body struct {
		Account string `json:"account" maxLength:"36" doc:"Account of the member; empty: none"`
		Version int64  `json:"version" minimum:"1"`
	}
}

func (s *Service) linkRoute(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/registry/members/{id}/account", Permission: PermissionLink,
		Summary: "Tie a post to the account of its holder, or untie it"},
		func(ctx context.Context, in *linkInput) (*httpx.Answer[Member], error) {
			return answerMember(s.Link(ctx, in.ID, in.Body.Account, in.Body.Version))
		})
}
