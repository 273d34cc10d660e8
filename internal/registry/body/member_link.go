package body

import (
	"context"
	"net/http"

	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

// PermissionEdit allows to edit bodies and members.
const PermissionEdit = "registry.body.edit"

// PermissionLink ties a post to the account of its holder. The account then has the authority
// of the post, so it is the security administrator's, as every grant is.
const PermissionLink = "registry.member.link"

// Link ties a member's post to an account by the member's version; "" unties it. It takes
// PermissionLink over the body's area. Errors: what the rules of supervision and of the
// separated administrators refuse.
func (s *Service) Link(ctx context.Context, memberID, account string, version int64) (registry.Member, error) {
	var m registry.Member
	err := s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		old, err := registry.FindMember(ctx, tx, memberID)
		if err != nil {
			return audit.Entry{}, orNotFound(err)
		}
		b, err := s.standing(ctx, tx, old.BodyID)
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
		changed, err := registry.UpdateMember(ctx, tx, m)
		if err := registry.OrStale(changed, err, "registry.member", m.ID); err != nil {
			return audit.Entry{}, err
		}
		return linkEntry(b, m), s.unseated(ctx, tx, old)
	})
	m.Version++
	return m, err
}

// mayLink judges a post whose account, or whose term while it has one, is about to change.
// Nobody but the security administrator changes the account, and nobody their own term.
func (s *Service) mayLink(ctx context.Context, tx *audit.Tx, b registry.Body, old, m registry.Member) error {
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
	return s.Seating(ctx, tx, m, registry.BodyRoles[b.Kind])
}

// unseated tells that a member's account lost the post, or part of its term.
func (s *Service) unseated(ctx context.Context, tx *audit.Tx, old registry.Member) error {
	if old.Account == "" || s.Unseated == nil {
		return nil
	}
	return s.Unseated(ctx, tx, old.Account)
}

func linkEntry(b registry.Body, m registry.Member) audit.Entry {
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
		func(ctx context.Context, in *linkInput) (*httpx.Answer[registry.Member], error) {
			return answerMember(s.Link(ctx, in.ID, in.Body.Account, in.Body.Version))
		})
}
