package app

import (
	"context"
	"net/http"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

// permAudit reads who did what. It is the auditor's alone: neither who makes accounts nor who
// gives grants watches over the record of it.
const permAudit = "audit.entry.read"

var auditPermissions = []authority.Permission{{Name: permAudit, Roles: []authority.Role{registry.RoleAuditor}}}

type auditInput struct {
	Area    string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
	Actor   string `query:"actor" maxLength:"64" doc:"Account id"`
	Subject string `query:"subject" maxLength:"64" doc:"Id of what was acted on"`
	Action  string `query:"action" maxLength:"60" doc:"Action or its beginning, e.g. access."`
	From    int64  `query:"from" minimum:"0"`
	To      int64  `query:"to" minimum:"0"`
	Cursor  string `query:"cursor" maxLength:"80"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (a *App) auditRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/audit/entries", Permission: permAudit, Summary: "Who did what, newest first, one page"},
		func(ctx context.Context, in *auditInput) (*httpx.List[audit.Kept], error) {
			areas := authority.Narrow(authority.From(ctx).Scope(permAudit), in.Area)
			if len(areas) == 0 {
				return nil, errs.ErrForbidden
			}
			kept, next, err := audit.List(ctx, a.DB, audit.Filter{Areas: areas, Actor: in.Actor, SubjectID: in.Subject, Action: in.Action,
				From: in.From, To: in.To, Before: in.Cursor, Limit: in.Limit})
			return httpx.NewList(kept, next), err
		})
}
