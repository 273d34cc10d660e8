package joint

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
)

// permPart is of those who work for a unit.
const permPart = "casework.part.read"

// PartView is what one unit is asked for on a case.
type PartView struct {
	Unit    casework.Named `json:"unit"`
	State   string         `json:"state" enum:"open,done,released"`
	Ask     string         `json:"ask"`
	AskedAt int64          `json:"askedAt"`
	DueAt   *int64         `json:"dueAt" nullable:"true"`
	Due     casework.Due   `json:"due"`
	Answer  string         `json:"answer" doc:"Or why it was released"`
	EndedAt *int64         `json:"endedAt" nullable:"true"`
	EndedBy string         `json:"endedBy" doc:"Name of the account"`
	Own     bool           `json:"own" doc:"The reader acts for the unit"`
}

// PartOfCase is an open part of one of the reader's units, with its case.
type PartOfCase struct {
	Part PartView         `json:"part"`
	Case casework.Summary `json:"case"`
}

func (s *Service) viewPart(ctx context.Context, p *Part) PartView {
	as := casework.Case{Late: p.Late, ClosedAt: p.EndedAt, Clock: casework.Clock{Since: p.AskedAt, Due: p.Due, Year: p.Year}}
	v := PartView{Unit: *s.Cases.Unit(p.Unit), State: p.State, Ask: p.Ask, AskedAt: p.AskedAt, DueAt: p.Due,
		Due: s.Cases.DueNow(ctx, &as), Answer: p.Answer, EndedAt: p.EndedAt, Own: authority.From(ctx).In(p.Unit)}
	if p.EndedBy != "" {
		v.EndedBy = s.Cases.Accounts.AccountName(p.EndedBy)
	}
	return v
}

// SectionParts is the name of what a page tells of units that help.
const SectionParts = "parts"

var partSection = casework.Section{Name: SectionParts, Doc: "What other units are asked for; empty for the reporter",
	Empty: []PartView{}, Texts: func(v any) (out []*string) {
		for i, all := 0, v.([]PartView); i < len(all); i++ {
			out = append(out, &all[i].Ask, &all[i].Answer)
		}
		return out
	}}

// describeParts adds what other units are asked for; nothing for the reporter.
func (s *Service) describeParts(ctx context.Context, r db.Reader, p *casework.Described) error {
	if authority.From(ctx).Case == p.Case.ID {
		return nil
	}
	parts, err := standingParts(ctx, r, p.Case)
	out := []PartView{}
	for i := range parts {
		out = append(out, s.viewPart(ctx, &parts[i]))
	}
	p.Sections[SectionParts] = out
	return err
}

// Asked is one page of the open parts of the actor's units, the one due first at the head, and
// the cursor of the next page. Each unit's rows are read in their order from the index of its own.
func (s *Service) Asked(ctx context.Context, cursor string, limit int) ([]PartOfCase, string, error) {
	actor := authority.From(ctx)
	due, id, seq := int64(-1), "", 0
	if err := db.ReadCursor(cursor, &due, &id, &seq); err != nil {
		return nil, "", err
	}
	var rows []partRow
	for _, body := range actor.Bodies() {
		some, err := db.All(ctx, s.Cases.Log.DB, scanPart, selectPart+` WHERE unit_id = $1 AND state = 'open'
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
		rows, next = rows[:limit], db.Cursor(last.due(), last.id, last.Seq)
	}
	out := []PartOfCase{}
	for i := range rows {
		c, err := casework.FindCase(ctx, s.Cases.Log.DB, rows[i].id)
		if err != nil {
			return nil, "", err
		}
		if actor.Can(casework.PermReadOwn, c.Area) {
			out = append(out, PartOfCase{s.viewPart(ctx, &rows[i].Part), s.Cases.Summarise(ctx, &c)})
		}
	}
	return out, next, nil
}

func (p *partRow) due() int64 {
	if p.Due == nil {
		return casework.Never
	}
	return *p.Due
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/parts", Permission: permPart,
		Summary: "What my units are asked for on others' cases, one page"},
		func(ctx context.Context, in *struct {
			Cursor string `query:"cursor" maxLength:"120"`
			Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
		}) (*httpx.List[PartOfCase], error) {
			parts, next, err := s.Asked(ctx, in.Cursor, in.Limit)
			return httpx.NewList(parts, next), err
		})
}
