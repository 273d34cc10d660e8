package tell

import (
	"context"
	"net/http"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/notify"
	"linli/internal/registry"
)

// permAlarm allows to see alarms and to note them.
const permAlarm = "access.alarm.read"

// Alarm is something of a day and an account that may be an attack.
type Alarm struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" enum:"tries,copy,search"`
	Account string `json:"accountId"`
	Login   string `json:"login"`
	Name    string `json:"name"`
	At      int64  `json:"at" doc:"The last time that day"`
	Times   int    `json:"times" doc:"How often that day"`
	Seen    int64  `json:"seen" doc:"When a security administrator noted it; 0 for one that waits"`
}

// Raise keeps an alarm in the write that found its reason, once a day for an account, and tells the
// security administrators who want to be told outside the platform.
func (s *Service) Raise(ctx context.Context, tx *audit.Tx, kind, account string) error {
	var times int
	err := tx.QueryRow(ctx, `INSERT INTO access_alarm (id, kind, account_id, day, at, times, seen_at) VALUES ($1,$2,$3,$4,$5,1,0)
		ON CONFLICT (kind, account_id, day) DO UPDATE SET at = excluded.at, times = access_alarm.times + 1, seen_at = 0 RETURNING times`,
		db.NewID(ctx), kind, account, clock.Day(tx.Now), clock.Millis(tx.Now)).Scan(&times)
	if err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: "access.alarm.raise", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
		Detail: map[string]any{"kind": kind, "times": times}})
	if times > 1 {
		return nil
	}
	return s.tellAlarm(ctx, tx, kind, account)
}

// tellAlarm tells the security administrators of today by their confirmed numbers and addresses.
func (s *Service) tellAlarm(ctx context.Context, tx *audit.Tx, kind, account string) error {
	day := clock.Day(tx.Now)
	rows, err := db.All(ctx, tx, scanTell, selectTell+` WHERE confirmed_at > 0 AND account_id IN (SELECT g.account_id FROM access_grant g
		JOIN access_account a ON a.id = g.account_id AND a.state = 'active'
		WHERE g.role = $1 AND g.valid_from <= $2 AND (g.valid_to = '' OR g.valid_to >= $3)) ORDER BY account_id, channel`,
		string(registry.RoleSecurityAdministrator), day, day)
	if err != nil {
		return err
	}
	for _, r := range rows {
		to, err := s.Access.Ring.Open(r.sealed, r.id)
		if err != nil {
			return err
		}
		m := notify.Message{To: string(to), Channel: r.Channel, Purpose: "access.alarm", Subject: r.account,
			Title: s.Words.T(r.lang, "access.alarm.title"), Text: s.Words.T(r.lang, "access.alarm."+kind, "name", s.Access.NameOf(ctx, tx, account))}
		if err := s.Outbox.Add(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

const alarmsShown = 100

// Alarms lists the latest alarms, those that wait first.
func (s *Service) Alarms(ctx context.Context) ([]Alarm, error) {
	if err := authority.Require(ctx, permAlarm, s.Access.CityCode()); err != nil {
		return nil, err
	}
	return db.All(ctx, s.Access.Log.DB, func(row db.Scanner) (a Alarm, err error) {
		err = row.Scan(&a.ID, &a.Kind, &a.Account, &a.Login, &a.Name, &a.At, &a.Times, &a.Seen)
		return a, err
	}, `SELECT m.id, m.kind, m.account_id, a.login, a.name, m.at, m.times, m.seen_at
		FROM access_alarm m JOIN access_account a ON a.id = m.account_id
		ORDER BY CASE WHEN m.seen_at = 0 THEN 0 ELSE 1 END, m.at DESC, m.id DESC LIMIT $1`, alarmsShown)
}

// NoteAlarm notes that a security administrator has seen an alarm.
func (s *Service) NoteAlarm(ctx context.Context, id string) error {
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permAlarm, s.Access.CityCode()); err != nil {
			return err
		}
		account, err := db.Value[string](ctx, tx, `UPDATE access_alarm SET seen_at = $1 WHERE id = $2 RETURNING account_id`,
			clock.Millis(tx.Now), id)
		if db.IsNone(err) {
			return errs.ErrNotFound
		}
		tx.Record(audit.Entry{Action: "access.alarm.note", Area: s.Access.CityCode(), Subject: "access.account",
			SubjectID: account, Detail: map[string]any{"alarm": id}})
		return err
	})
}

func (s *Service) alarmRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/access/alarms", Permission: permAlarm,
		Summary: "What may be an attack on accounts"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[Alarm], error) {
			list, err := s.Alarms(ctx)
			return httpx.NewList(list, ""), err
		})
	httpx.HandleDone(api, httpx.Route{Method: http.MethodPost, Path: "/access/alarms/{id}/note", Permission: permAlarm,
		Summary: "Note that one has seen an alarm"}, s.NoteAlarm)
}
