// Package remind tells the posts of communities, outside the platform, of forms (报表) that wait for them: one message a day and
// channel about what is due soon, is late, or was asked for once more.
// Table: exchange_reminded, one row for each account, channel and day on which it was told. It reads exchange_sending and
// exchange_answer of package form.
package remind

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework/alert"
	"linli/internal/exchange"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/wiring"
)

// Who may fill in the forms of a community and has asked to be told outside the platform gets one message a day and channel
// about what is due soon, is late, or was asked for once more. A row says that it was told.

const (
	remindEvery   = 10 * time.Minute
	purposeRemind = "exchange.remind"
	actionRemind  = "exchange.answer.remind"
	subjectAnswer = "exchange.answer"
	permFill      = "exchange.answer.fill" // whoever may fill in forms is told

	ruleRemind = "exchange.remind.days" // before the deadline from which posts are told
	ruleHours  = "exchange.remind.hours"
)

// Service reminds.
type Service struct {
	Log        *audit.Log
	Registry   *registry.Service
	Rules      *rule.Cache
	Texts      *text.Catalogue
	Outbox     Outbox
	Alerts     *alert.Service  // knows who wants to be told
	Admissions gate.Admissions // nil: how admissions stand is not known
}

// Outbox carries messages to accounts.
type Outbox interface {
	Add(ctx context.Context, tx *audit.Tx, m notify.Message) error
}

// Room is the room for the module's list.
func Room() exchange.Room {
	return exchange.Room{Start: func(_ context.Context, _ *exchange.Service, d *wiring.Deps) (module.Module, error) {
		s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Texts: d.Texts, Outbox: d.Outbox, Alerts: d.Alerts,
			Admissions: d.Admissions}
		return module.Module{Name: "exchange", Service: s, Tables: map[string]module.Growth{"exchange_reminded": module.Reference},
			Jobs: []module.Job{{Name: "exchange.remind", Every: remindEvery,
				Do: func(ctx context.Context) error { _, err := s.RemindAll(ctx); return err }}}}, nil
	}}
}

// errTold ends a write that tells nothing.
var errTold = errors.New("told today")

// RemindAll is the job that tells the posts of communities of forms that wait for them. It tells how many messages it wrote.
func (s *Service) RemindAll(ctx context.Context) (int, error) {
	now, told := clock.Now(ctx), 0
	if v, ok := s.Rules.On(ruleHours, clock.Day(now)); ok && !clock.Within(v.Value, now) || s.Alerts == nil || s.Alerts.Subscribers == nil {
		return 0, nil
	}
	reached, err := s.Alerts.Subscribers.Subscribed(ctx)
	if err != nil {
		return 0, err
	}
	dead, err := halted(s, ctx)
	if err != nil {
		return 0, err
	}
	for i := range reached {
		n, err := s.remind(ctx, &reached[i], dead, clock.Day(now))
		if err != nil {
			return told, err
		}
		told += n
	}
	return told, nil
}

// halted are the numbers of the admissions, of sendings that go on, which do not hold today.
func halted(s *Service, ctx context.Context) ([]string, error) {
	if s.Admissions == nil {
		return nil, nil
	}
	numbers, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (n string, err error) { return n, r.Scan(&n) },
		`SELECT DISTINCT pass_number FROM exchange_sending WHERE state = 'open' AND duty = 0`)
	if err != nil {
		return nil, err
	}
	found, err := s.Admissions.Standings(ctx, s.Log.DB, numbers)
	return slices.DeleteFunc(numbers, func(n string) bool { st, known := found[n]; return !known || st.Live }), err
}

func (s *Service) remind(ctx context.Context, to *alert.Subscriber, halted []string, day string) (int, error) {
	due, late, err := waitingFor(s, ctx, to.Actor, halted, day)
	if err != nil || due == 0 {
		return 0, err
	}
	city, _ := s.Registry.City()
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		n, err := tx.Exec(ctx, `INSERT INTO exchange_reminded (account_id, channel, day) VALUES ($1,$2,$3)
			ON CONFLICT (account_id, channel, day) DO NOTHING`, to.Actor.ID, string(to.Channel), day)
		if err != nil {
			return err
		}
		if n == 0 {
			return errTold
		}
		if err := tx.Send(ctx, `DELETE FROM exchange_reminded WHERE account_id = $1 AND day < $2`, to.Actor.ID,
			clock.Day(tx.Now.AddDate(0, 0, -30))); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: actionRemind, Area: city.Code, Subject: subjectAnswer, SubjectID: to.Actor.ID,
			Detail: map[string]any{"answers": due, "late": late}})
		word := func(key string) string {
			return s.Texts.T(to.Lang, key, "city", registry.NameIn(city, to.Lang), "n", strconv.Itoa(due), "late", strconv.Itoa(late))
		}
		return s.Outbox.Add(ctx, tx, notify.Message{To: to.To, Channel: to.Channel, Purpose: purposeRemind, Subject: to.Actor.ID,
			Title: word("exchange.remind.title"), Text: word("exchange.remind.text")})
	})
	if errors.Is(err, errTold) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return 1, nil
}

// waitingFor counts what waits for the communities of an account and is due soon, late, or asked for once more; and of these,
// what is late.
func waitingFor(s *Service, ctx context.Context, a *authority.Actor, halted []string, day string) (due, late int, err error) {
	var w db.Where
	var terms []string
	for _, scope := range a.Scope(permFill) {
		terms = append(terms, w.Term("area >= %s AND area < %s", scope, authority.PrefixEnd(scope)))
	}
	if len(terms) == 0 {
		return 0, 0, nil
	}
	w.Any(terms...)
	soon, _ := time.Parse(time.DateOnly, day)
	w.And("state IN ('asked', 'returned')")
	w.And("NOT EXISTS (SELECT 1 FROM exchange_sending c WHERE c.id = exchange_answer.sending_id AND c.carrier <> '')") // its case reminds
	w.And("(due_on <= %s OR reminded_at > %s)", soon.AddDate(0, 0, s.Rules.Int(ruleRemind, day)).Format(time.DateOnly),
		clock.Millis(clock.Now(ctx).AddDate(0, 0, -1)))
	if len(halted) > 0 {
		var numbers []string
		for _, n := range halted {
			numbers = append(numbers, w.Arg(n))
		}
		w.And("sending_id NOT IN (SELECT id FROM exchange_sending WHERE pass_number IN (" + strings.Join(numbers, ", ") + "))")
	}
	today := w.Arg(day)
	type counts struct{ due, late int }
	c, err := db.One(ctx, s.Log.DB, func(r db.Scanner) (c counts, err error) { return c, r.Scan(&c.due, &c.late) },
		`SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_on < `+today+` THEN 1 ELSE 0 END), 0) FROM exchange_answer`+w.String(), w.List...)
	return c.due, c.late, err
}
