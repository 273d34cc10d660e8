package casework

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// permPart is of those who work for a unit.
const permPart = "casework.part.read"

// PartView is what one unit is asked for on a case.
type PartView struct {
	Unit    Named  `json:"unit"`
	State   string `json:"state" enum:"open,done,released"`
	Ask     string `json:"ask"`
	AskedAt int64  `json:"askedAt"`
	DueAt   *int64 `json:"dueAt" nullable:"true"`
	Due     Due    `json:"due"`
	Answer  string `json:"answer" doc:"Or why it was released"`
	EndedAt *int64 `json:"endedAt" nullable:"true"`
	EndedBy string `json:"endedBy" doc:"Name of the account"`
	Own     bool   `json:"own" doc:"The reader acts for the unit"`
}

// PartOfCase is an open part of one of the reader's units, with its case.
type PartOfCase struct {
	Part PartView `json:"part"`
	Case Summary  `json:"case"`
}

func (s *Service) viewPart(ctx context.Context, p *Part) PartView {
	v := PartView{Unit: *s.Unit(p.Unit), State: p.State, Ask: p.Ask, AskedAt: p.AskedAt, DueAt: p.Due, Answer: p.Answer, EndedAt: p.EndedAt,
		Due: s.DueNow(ctx, &Case{Late: p.Late, ClosedAt: p.EndedAt, Clock: Clock{Since: p.AskedAt, Due: p.Due, Year: p.Year}}),
		Own: authority.From(ctx).In(p.Unit)}
	if p.EndedBy != "" {
		v.EndedBy = s.Accounts.AccountName(p.EndedBy)
	}
	return v
}

// showParts lists the parts of a case; none to its reporter.
func (s *Service) showParts(ctx context.Context, r db.Reader, c *Case, reader *authority.Actor) ([]PartView, error) {
	out := []PartView{}
	if reader.Case == c.ID {
		return out, nil
	}
	parts := c.Standing.Parts
	if !c.Open {
		var err error
		if parts, err = ListParts(ctx, r, c); err != nil {
			return nil, err
		}
	}
	for i := range parts {
		out = append(out, s.viewPart(ctx, &parts[i]))
	}
	return out, nil
}

// ListParts is one page of the open parts of the actor's units, the one due first at the head, and
// the cursor of the next page. Each unit's rows are read in their order from the index of its own.
func (s *Service) ListParts(ctx context.Context, cursor string, limit int) ([]PartOfCase, string, error) {
	actor := authority.From(ctx)
	due, id, seq, ok := ReadPartCursor(cursor)
	if !ok {
		return nil, "", errs.New(errs.Malformed, "cursor")
	}
	var rows []partRow
	for _, body := range actor.Bodies() {
		some, err := db.All(ctx, s.Log.DB, scanPart, selectPart+` WHERE unit_id = $1 AND state = 'open'
			AND (COALESCE(due_at, 9007199254740992), case_id, seq) > ($2, $3, $4)
			ORDER BY COALESCE(due_at, 9007199254740992), case_id, seq LIMIT $5`, body, due, id, seq, limit+1)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b partRow) int {
		if a.due() != b.due() {
			return int(min(max(a.due()-b.due(), -1), 1))
		}
		return strings.Compare(a.id, b.id)*2 + min(max(a.Seq-b.Seq, -1), 1)
	})
	next := ""
	if len(rows) > limit {
		last := rows[limit-1]
		rows, next = rows[:limit], fmt.Sprintf("%d|%s|%d", last.due(), last.id, last.Seq)
	}
	out := []PartOfCase{}
	for i := range rows {
		c, err := FindCase(ctx, s.Log.DB, rows[i].id)
		if err != nil {
			return nil, "", err
		}
		if actor.Can(PermReadOwn, c.Area) {
			out = append(out, PartOfCase{s.viewPart(ctx, &rows[i].Part), s.Summarise(ctx, &c)})
		}
	}
	return out, next, nil
}

func (p *partRow) due() int64 {
	if p.Due == nil {
		return Never
	}
	return *p.Due
}

func ReadPartCursor(s string) (due int64, id string, seq int, ok bool) {
	if s == "" {
		return -1, "", 0, true
	}
	parts := strings.Split(s, "|")
	if len(parts) != 3 {
		return 0, "", 0, false
	}
	due, err := strconv.ParseInt(parts[0], 10, 64)
	seq, errSeq := strconv.Atoi(parts[2])
	return due, parts[1], seq, err == nil && errSeq == nil
}

func (s *Service) partRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/parts", Permission: permPart,
		Summary: "What my units are asked for on others' cases, one page"},
		func(ctx context.Context, in *struct {
			Cursor string `query:"cursor" maxLength:"120"`
			Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
		}) (*httpx.List[PartOfCase], error) {
			parts, next, err := s.ListParts(ctx, in.Cursor, in.Limit)
			return httpx.NewList(parts, next), err
		})
}
