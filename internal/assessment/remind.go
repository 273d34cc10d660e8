package assessment

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"linli/internal/casework/alert"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/notify"
	"linli/internal/registry"
)

// Whoever may appeal, decides appeals or collects answers, and has asked to be told outside the platform, gets one message a day
// and channel about appeals and collections that end within the days of a rule. A row says that it was told.

const (
	remindEvery   = 10 * time.Minute
	purposeRemind = "assessment.remind"
	actionRemind  = "assessment.remind"
	ruleRemind    = "assessment.remind.days"
	ruleHours     = "assessment.remind.hours"
)

// errTold ends a write that tells nothing.
var errTold = errors.New("told today")

// Outbox carries messages.
type Outbox interface {
	Add(ctx context.Context, tx *audit.Tx, m notify.Message) error
}

// RemindAll is the job that tells of what ends soon, and how many messages it wrote.
func (s *Service) RemindAll(ctx context.Context) (told int, err error) {
	now := clock.Now(ctx)
	if v, ok := s.Rules.On(ruleHours, clock.Day(now)); ok && !clock.Within(v.Value, now) || s.Alerts == nil || s.Alerts.Subscribers == nil {
		return 0, nil
	}
	until := clock.Day(now.AddDate(0, 0, s.Rules.Int(ruleRemind, clock.Day(now))))
	schemes, err := listSchemes(ctx, s.Log.DB, "0", ":", true)
	if err != nil {
		return 0, err
	}
	reached, err := s.Alerts.Subscribers.Subscribed(ctx)
	for i := range reached {
		var surveys int
		if surveys, err = s.Surveys.Ending(ctx, reached[i].Actor, until); err != nil {
			return told, err
		}
		n, err := s.remind(ctx, &reached[i], appealsEnding(schemes, reached[i].Actor, clock.Day(now), until), surveys, clock.Day(now))
		if told += n; err != nil {
			return told, err
		}
	}
	return told, err
}

// appealsEnding counts the schemes whose days of appeals end by a day, of those that concern somebody: who may appeal there,
// and who decides.
func appealsEnding(all []Scheme, a *authority.Actor, today, until string) (n int) {
	for i := range all {
		x := &all[i]
		if x.State != stateAppeal || x.AppealUntil < today || x.AppealUntil > until {
			continue
		}
		area := x.Content.Area
		if x.mayAppeal(a) || a.Can(permPublish, area) {
			n++
		}
	}
	return n
}

// Inside tells whether somebody has a permission in an area or for something inside it.
func Inside(a *authority.Actor, permission, area string) bool {
	for _, scope := range a.Scope(permission) {
		if strings.HasPrefix(scope, area) || strings.HasPrefix(area, scope) {
			return true
		}
	}
	return false
}

func (s *Service) remind(ctx context.Context, to *alert.Subscriber, appeals, surveys int, day string) (int, error) {
	if appeals+surveys == 0 {
		return 0, nil
	}
	city, _ := s.Registry.City()
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		n, err := tx.Exec(ctx, `INSERT INTO assessment_reminded (account_id, channel, day) VALUES ($1,$2,$3)
			ON CONFLICT (account_id, channel, day) DO NOTHING`, to.Actor.ID, string(to.Channel), day)
		if err == nil && n == 0 {
			err = errTold
		}
		if err == nil {
			err = tx.Send(ctx, `DELETE FROM assessment_reminded WHERE account_id = $1 AND day < $2`, to.Actor.ID,
				clock.Day(tx.Now.AddDate(0, 0, -30)))
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: actionRemind, Area: city.Code, Subject: subject, SubjectID: to.Actor.ID,
			Detail: map[string]any{"appeals": appeals, "surveys": surveys}})
		word := func(key string) string {
			return s.Texts.T(to.Lang, key, "city", registry.NameIn(city, to.Lang), "appeals", strconv.Itoa(appeals), "surveys", strconv.Itoa(surveys))
		}
		return s.Outbox.Add(ctx, tx, notify.Message{To: to.To, Channel: to.Channel, Purpose: purposeRemind, Subject: to.Actor.ID,
			Title: word("assessment.remind.title"), Text: word("assessment.remind.text")})
	})
	switch {
	case errors.Is(err, errTold):
		return 0, nil
	case err != nil:
		return 0, err
	}
	return 1, nil
}
