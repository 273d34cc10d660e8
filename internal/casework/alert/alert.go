package alert

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

const permAlert = "casework.alert.raise" // the platform itself

// Raise tells a post of a case once: about is the instant of the deadline, the suspension or the
// supervision that it is about.
func Raise(ctx context.Context, tx *audit.Tx, c *casework.Case, stage string, about int64, to Holder) error {
	return RaiseFor(ctx, tx, c, stage, about, to, c.OpenOf())
}

// RaiseFor raises what stands whether the case is open or not.
func RaiseFor(ctx context.Context, tx *audit.Tx, c *casework.Case, stage string, about int64, to Holder, standing int) error {
	_, err := tx.Exec(ctx, `INSERT INTO casework_alert (shard, case_id, about, stage, id, at, post, holder, standing)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9) ON CONFLICT (shard, case_id, about, stage) DO NOTHING`,
		c.Shard, c.ID, about, stage, alertID(ctx, c), clock.Millis(tx.Now), to.Post, to.Of, standing)
	return err
}

// raiseDue raises an alert about a case's deadline unless the case has moved on since it was read.
func raiseDue(ctx context.Context, tx *audit.Tx, c *casework.Case, stage string, to Holder) (int64, error) {
	return tx.Exec(ctx, `INSERT INTO casework_alert (shard, case_id, about, stage, id, at, post, holder, standing)
		SELECT shard, id, due_at, CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT), 1
		FROM casework_case WHERE shard = $6 AND id = $7 AND open = 1 AND due_at = $8 ON CONFLICT (shard, case_id, about, stage) DO NOTHING`,
		stage, alertID(ctx, c), clock.Millis(tx.Now), to.Post, to.Of, c.Shard, c.ID, *c.Clock.Due)
}

func alertID(ctx context.Context, c *casework.Case) string { return c.Shard + "-" + db.NewID(ctx) }

// LowerAlerts marks alerts of a case as no longer standing: of one stage, "deadline" for those of
// the ladder, or "" for all.
func LowerAlerts(ctx context.Context, tx *audit.Tx, c *casework.Case, stage string) error {
	const lower = `UPDATE casework_alert SET standing = 0 WHERE shard = $1 AND case_id = $2 AND standing = 1`
	var err error
	switch stage {
	case "":
		_, err = tx.Exec(ctx, lower, c.Shard, c.ID)
	case "deadline":
		_, err = tx.Exec(ctx, lower+` AND stage IN ($3,$4,$5,$6)`, c.Shard, c.ID, stageSoon, stageDue, stageLate, stageGrave)
	default:
		_, err = tx.Exec(ctx, lower+` AND stage = $3`, c.Shard, c.ID, stage)
	}
	return err
}

// LowerAlertsAbout marks the alerts of one supervision, by its beginning and its end.
func LowerAlertsAbout(ctx context.Context, tx *audit.Tx, c *casework.Case, at int64, due *int64) error {
	_, err := tx.Exec(ctx, `UPDATE casework_alert SET standing = 0 WHERE shard = $1 AND case_id = $2 AND (about = $3 AND stage = $4
		OR about = $5 AND stage IN ($6,$7))`,
		c.Shard, c.ID, at, StageSupervised, due, StageUnanswered, StageUnanswered+".head")
	return err
}

// LowerAppealed marks the alert of one appeal, by when it was asked.
func LowerAppealed(ctx context.Context, tx *audit.Tx, c *casework.Case, asked int64) error {
	_, err := tx.Exec(ctx, `UPDATE casework_alert SET standing = 0 WHERE shard = $1 AND case_id = $2 AND stage = $3 AND about = $4`,
		c.Shard, c.ID, StageAppealed, asked)
	return err
}

// AlertView is an alert as its reader sees it.
type AlertView struct {
	ID       string `json:"id"`
	At       int64  `json:"at"`
	Stage    string `json:"stage" enum:"soon,due,late,grave,long,supervised,unanswered,answered,urged,appealed"`
	Post     string `json:"post" doc:"Why it reaches the reader: account, unit, head or the role of an office above"`
	About    int64  `json:"about" doc:"The deadline, suspension or supervision that it is about"`
	Standing bool   `json:"standing" doc:"What it says is still so"`
	Read     bool   `json:"read"`
	CaseID   string `json:"caseId"`
	Number   string `json:"number"`
	Kind     string `json:"kind" enum:"{kind}"`
	Title    string `json:"title"`
	Subject  string `json:"subjectName"`
}

// posts lists what the actor holds that alerts go to.
func posts(a *authority.Actor) []Holder {
	out := []Holder{{PostAccount, a.ID}}
	add := func(h Holder) {
		if h.Of != "" && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	for _, g := range a.Grants {
		if !a.Can(casework.PermReadOwn, g.Area) {
			continue
		}
		add(Holder{postUnit, g.Body})
		switch g.Role {
		case registry.RoleDepartmentHead, registry.RoleDispatcher:
			add(Holder{postHead, g.Body})
		case registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer:
			add(Holder{string(g.Role), g.Area})
		}
	}
	return out
}

// notReadBy is the condition that an account has not read an alert.
const notReadBy = `NOT EXISTS (SELECT 1 FROM casework_alert_read r WHERE r.shard = a.shard AND r.alert_id = a.id AND r.account_id = %s)`

// toMe is the condition that an alert goes to a post of the actor.
func toMe(a *authority.Actor, w *db.Where) {
	var terms []string
	for _, h := range posts(a) {
		terms = append(terms, w.Term("a.holder = %s AND a.post = %s", h.Of, h.Post))
	}
	w.Any(terms...)
}

// mostUnread bounds the count of unread alerts: a hundred is "many".
const mostUnread = 100

// CountAlerts tells how many standing alerts the actor has not read, 100 at most.
func (s *Service) CountAlerts(ctx context.Context) (int, error) {
	a := authority.From(ctx)
	if !a.SignedIn() {
		return 0, nil
	}
	var w db.Where
	toMe(a, &w)
	w.And("a.standing = 1")
	w.And(notReadBy, a.ID)
	return db.Value[int](ctx, s.Cases.Log.DB, fmt.Sprintf(`SELECT COUNT(*) FROM (SELECT 1 FROM casework_alert a%s LIMIT %d) AS unread`,
		w.String(), mostUnread), w.List...)
}

// Alerts is one page of what has reached the actor's posts, newest first, and the cursor of the
// next. Cases that the actor may no longer see are left out.
func (s *Service) Alerts(ctx context.Context, after string, limit int) ([]AlertView, string, error) {
	a := authority.From(ctx)
	var w db.Where
	reader := w.Arg(a.ID)
	toMe(a, &w)
	if after != "" {
		at, err := casework.ReadCursor(after)
		if err != nil {
			return nil, "", err
		}
		w.And("(a.at, a.id) < (%s, %s)", at.At, at.ID)
	}
	type row struct {
		AlertView
		of string
	}
	rows, err := db.All(ctx, s.Cases.Log.DB, func(sc db.Scanner) (r row, err error) {
		err = sc.Scan(&r.ID, &r.of, &r.At, &r.Stage, &r.Post, &r.About, db.YesNo(&r.Standing), &r.Read)
		r.Stage, _, _ = strings.Cut(r.Stage, ".")
		return r, err
	}, `SELECT a.id, a.case_id, a.at, a.stage, a.post, a.about, a.standing, r.at IS NOT NULL FROM casework_alert a
		LEFT JOIN casework_alert_read r ON r.shard = a.shard AND r.alert_id = a.id AND r.account_id = `+reader+
		w.String()+fmt.Sprintf(` ORDER BY a.at DESC, a.id DESC LIMIT %d`, db.Few(limit+1)), w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = casework.Cursor{At: rows[limit-1].At, ID: rows[limit-1].ID}.Text()
	}
	views := []AlertView{}
	for i := range rows {
		c, err := s.Cases.Find(ctx, rows[i].of)
		if errs.Of(err).Kind == errs.NotFound && err != nil {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		v := rows[i].AlertView
		v.CaseID, v.Number, v.Kind, v.Title = c.ID, c.Number, c.Kind, c.Title
		v.Subject = s.Cases.Matters[c.Kind].SubjectName(c.Subject, text.From(ctx))
		views = append(views, v)
	}
	return views, next, nil
}

// ReadAlerts marks alerts of the actor's posts as read: those named, or with none named all that
// stand. What is not the actor's is passed over.
func (s *Service) ReadAlerts(ctx context.Context, ids []string) error {
	return s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		a := tx.Actor
		tx.Judged() // everybody marks what came to their own posts
		var w db.Where
		toMe(a, &w)
		if len(ids) > 0 {
			w.And("a.id IN " + w.In(ids))
		} else {
			w.And("a.standing = 1")
		}
		w.And(notReadBy, a.ID)
		found, err := db.All(ctx, tx, func(sc db.Scanner) (id string, err error) { err = sc.Scan(&id); return id, err },
			`SELECT a.id FROM casework_alert a`+w.String()+` LIMIT 1000`, w.List...)
		if err != nil {
			return err
		}
		for _, id := range found {
			if _, err := tx.Exec(ctx, `INSERT INTO casework_alert_read (shard, alert_id, account_id, at) VALUES ($1,$2,$3,$4)
				ON CONFLICT (shard, alert_id, account_id) DO NOTHING`, db.ShardOf(id), id, a.ID, clock.Millis(tx.Now)); err != nil {
				return err
			}
		}
		city, _ := s.Cases.Registry.City()
		tx.Record(audit.Entry{Action: "casework.alert.read", Area: city.Code, Subject: "casework.alert", SubjectID: a.ID,
			Detail: map[string]any{"alerts": len(found)}})
		return nil
	})
}

// CaseAlert is who was told what of a case, as its page shows it.
type CaseAlert struct {
	At       int64  `json:"at"`
	Stage    string `json:"stage"`
	Post     string `json:"post"`
	To       string `json:"to" doc:"Name of the account, body or area of the post"`
	Standing bool   `json:"standing"`
}

// SectionAlerts is the name of what a page tells of alerts.
const SectionAlerts = "alerts"

// describeAlerts adds who was told what of a case; nothing to its reporter.
func (s *Service) describeAlerts(ctx context.Context, r db.Reader, p *casework.Described) error {
	if authority.From(ctx).Case == p.Case.ID {
		return nil
	}
	alerts, err := s.caseAlerts(ctx, r, p.Case)
	if len(alerts) > 0 {
		p.Sections[SectionAlerts] = alerts
	}
	return err
}

// caseAlerts leaves out what is about a rating: whoever works on the case reads them.
func (s *Service) caseAlerts(ctx context.Context, r db.Reader, c *casework.Case) ([]CaseAlert, error) {
	return db.All(ctx, r, func(sc db.Scanner) (v CaseAlert, err error) {
		var of string
		var standing int
		err = sc.Scan(&v.At, &v.Stage, &v.Post, &of, &standing)
		v.Stage, _, _ = strings.Cut(v.Stage, ".")
		v.Standing, v.To = standing == 1, s.holderName(Holder{v.Post, of})
		return v, err
	}, `SELECT at, stage, post, holder, standing FROM casework_alert WHERE shard = $1 AND case_id = $2 AND stage <> $3 ORDER BY at, stage`,
		c.Shard, c.ID, StageAppealed)
}

func (s *Service) holderName(h Holder) string {
	switch h.Post {
	case PostAccount:
		return s.Cases.Accounts.AccountName(h.Of)
	case postUnit, postHead:
		return s.Cases.Registry.BodyName(h.Of)
	}
	a, _ := s.Cases.Registry.Area(h.Of)
	return a.Name
}
