// Package request takes and answers what persons ask about their own data: to see and copy it, correct it, delete it,
// restrict its use or release it (PIPL articles 44 to 47). A copy and a deletion reach every record of the same human
// where the actor answers, and are passed on to the other offices.
//
// Tables (sharded): people_request. What a request does to a person is written by package people, what it does to their
// cases by the casework (Cases).
package request

import (
	"context"
	"embed"
	"log/slog"
	"slices"
	"strings"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/registry"
)

// Service answers requests. Make it with New.
type Service struct {
	People *people.Service
	Cases  Cases
	Files  Files
}

// New makes the service; app connects Cases and Files.
func New(p *people.Service) *Service {
	p.Keeps("people_request")
	p.OnMove(moved)
	return &Service{People: p}
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var shippedRules []byte

// Rules are the room's dated values.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }

const permRequest = "people.request.handle"

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:   "people/request",
		Reach:  reach,
		Tables: map[string]module.Growth{"people_request": module.Sharded},
		Permissions: []authority.Permission{
			{Name: permRequest, Roles: []authority.Role{registry.RoleDispatcher, registry.RoleSubdistrictOfficer}},
		},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
	}
}

// Kinds of request that a person may make about their own data (PIPL articles 44 to 47).
var Kinds = []string{"copy", "correct", "delete", "restrict", "release"}

// States of a request.
const (
	Open    = "open"
	Done    = "done"
	Refused = "refused"
)

const ruleAnswer = "people.request.days"

// Request is a person's wish about their own data.
type Request struct {
	ID         string        `json:"id"`
	PersonID   string        `json:"personId"`
	Area       string        `json:"area"`
	Kind       string        `json:"kind" enum:"copy,correct,delete,restrict,release"`
	State      string        `json:"state" enum:"open,done,refused"`
	Channel    string        `json:"channel" enum:"portal,window"`
	Note       string        `json:"note" doc:"What the person wrote"`
	AskedAt    int64         `json:"askedAt"`
	DueAt      int64         `json:"dueAt" doc:"When it must have been answered"`
	AnsweredAt *int64        `json:"answeredAt" nullable:"true"`
	Answer     string        `json:"answer"`
	Version    int64         `json:"version"`
	Person     people.Masked `json:"person"`
}

const requestColumns = `q.id, q.person_id, q.area, q.kind, q.state, q.channel, q.sealed, q.asked_at, q.answered_at, q.answer, q.version`

func (s *Service) scanRequest(row db.Scanner) (q Request, err error) {
	var sealed string
	if err = row.Scan(&q.ID, &q.PersonID, &q.Area, &q.Kind, &q.State, &q.Channel, &sealed, &q.AskedAt,
		&q.AnsweredAt, &q.Answer, &q.Version); err != nil {
		return q, err
	}
	raw, err := s.People.Ring.Open(sealed, q.ID)
	q.Note = string(raw)
	asked := clock.Instant(q.AskedAt)
	q.DueAt = clock.Millis(asked.AddDate(0, 0, s.People.Rules.Int(ruleAnswer, clock.Day(asked))))
	return q, err
}

func (s *Service) findRequest(ctx context.Context, r db.Reader, id string) (Request, error) {
	q, err := db.One(ctx, r, s.scanRequest,
		`SELECT `+requestColumns+` FROM people_request q WHERE q.shard = $1 AND q.id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		return q, errs.ErrNotFound
	}
	return q, err
}

func (s *Service) listRequestsOf(ctx context.Context, r db.Reader, person string) ([]Request, error) {
	return db.All(ctx, r, s.scanRequest, `SELECT `+requestColumns+` FROM people_request q WHERE q.shard = $1 AND q.person_id = $2 ORDER BY q.id DESC LIMIT 50`,
		db.ShardOf(person), person)
}

// Requests is one page of requests of a state within what the actor handles, and the next cursor.
func (s *Service) Requests(ctx context.Context, state, cursor string) ([]Request, string, error) {
	areas, err := people.Scope(ctx, permRequest, "")
	if err != nil {
		return nil, "", err
	}
	const page = 50
	var (
		w      db.Where
		within []string
	)
	w.And("q.state = %s AND q.id > %s", state, cursor)
	for _, a := range areas {
		within = append(within, w.Term("q.area >= %s AND q.area < %s", a, authority.PrefixEnd(a)))
	}
	w.Any(within...)
	list, err := db.All(ctx, s.People.Log.DB, s.scanRequest, `SELECT `+requestColumns+` FROM people_request q`+w.String()+
		` ORDER BY q.id LIMIT `+w.Arg(page+1), w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(list) > page {
		list, next = list[:page], list[page-1].ID
	}
	for i := range list {
		p, err := s.People.FindRecord(ctx, s.People.Log.DB, list[i].PersonID)
		if err != nil {
			return nil, "", err
		}
		list[i].Person = p.Mask()
	}
	return list, next, nil
}

// Ask takes a person's request: in the portal from whoever showed the follow code of a case of
// theirs (judged by the caller), or at a window by staff who have seen their papers.
func (s *Service) Ask(ctx context.Context, person, kind, channel, note string) (Request, error) {
	note = strings.TrimSpace(note)
	switch {
	case !slices.Contains(Kinds, kind):
		return Request{}, errs.ErrInvalid.At("kind", "field.choice")
	case !fold.Within(note, 500):
		return Request{}, errs.ErrInvalid.At("note", "field.too_long", "max", 500)
	case kind == "correct" && note == "":
		return Request{}, errs.ErrInvalid.At("note", "field.required")
	}
	id := ""
	err := s.People.Log.Do(ctx, func(tx *audit.Tx) error {
		p, err := s.People.FindRecord(ctx, tx, person)
		if err != nil {
			return err
		}
		if channel == "portal" {
			tx.Judged() // the follow code
		} else if err := people.Within(tx, permRequest, p.Area); err != nil {
			return err
		}
		if p.State == people.Erased {
			return people.ErrErased
		}
		open, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM people_request WHERE shard = $1 AND person_id = $2 AND kind = $3 AND state = $4`,
			db.ShardOf(person), person, kind, Open)
		if err != nil {
			return err
		}
		if open > 0 {
			return errs.New(errs.Conflict, "people.asked_already")
		}
		id, err = s.insertRequest(ctx, tx, &p, kind, channel, note)
		return err
	})
	if err != nil {
		return Request{}, err
	}
	return s.findRequest(ctx, s.People.Log.DB, id)
}

func (s *Service) insertRequest(ctx context.Context, tx *audit.Tx, p *people.Record, kind, channel, note string) (string, error) {
	id := db.ShardOf(p.ID) + "-" + db.NewID(ctx)
	sealed := s.People.Ring.Seal([]byte(note), id)
	tx.Record(audit.Entry{Action: "people.request.ask", Area: p.Area, Subject: people.Subject, SubjectID: p.ID,
		After: map[string]any{"request": id, "kind": kind, "channel": channel}})
	_, err := tx.Exec(ctx, `INSERT INTO people_request (shard, id, person_id, area, kind, state, channel, sealed, sealed_by, asked_at,
		answered_by, answer, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'','',1)`,
		db.ShardOf(id), id, p.ID, p.Area, kind, Open, channel, sealed, seal.KeyOf(sealed), clock.Millis(tx.Now))
	return id, err
}

// Answer ends a request: done, with its effect, or refused with the reason. Deleting while a case
// of the person is open is refused: it is kept as long as the law's purpose lasts.
func (s *Service) Answer(ctx context.Context, id string, done bool, answer string, version int64) (Request, error) {
	answer = strings.TrimSpace(answer)
	if !fold.Within(answer, 500) || !done && answer == "" {
		return Request{}, errs.ErrInvalid.At("answer", "field.required")
	}
	var gone []string // files that nothing names any more
	err := s.People.Log.Do(ctx, func(tx *audit.Tx) error {
		q, err := s.findRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := people.Within(tx, permRequest, q.Area); err != nil {
			return err
		}
		if q.State != Open || q.Version != version {
			stale := errs.Record{Subject: people.Subject, ID: q.PersonID, Action: permRequest}
			if q.AnsweredAt != nil {
				stale.At = *q.AnsweredAt
			}
			return errs.StaleOf(stale)
		}
		state := Refused
		if done {
			state = Done
			if gone, err = s.effect(ctx, tx, &q); err != nil {
				return err
			}
		}
		n, err := tx.Exec(ctx, `UPDATE people_request SET state = $1, answer = $2, answered_at = $3, answered_by = $4, version = version + 1
			WHERE shard = $5 AND id = $6 AND version = $7 AND state = $8`,
			state, answer, clock.Millis(tx.Now), tx.Actor.ID, db.ShardOf(id), id, version, Open)
		if err == nil && n == 0 {
			err = errs.ErrStale // a race that the look above has lost
		}
		tx.Record(audit.Entry{Action: permRequest, Area: q.Area, Subject: people.Subject, SubjectID: q.PersonID,
			Before: map[string]any{"request": id, "kind": q.Kind, "state": q.State}, After: map[string]any{"state": state}})
		return err
	})
	if err != nil {
		return Request{}, err
	}
	if err := s.Files.Discard(context.WithoutCancel(ctx), gone); err != nil {
		slog.WarnContext(ctx, "files of a deleted person are left to the sweep", "request", id, "error", err)
	}
	return s.findRequest(ctx, s.People.Log.DB, id)
}
