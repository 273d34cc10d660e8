package alert

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/notify"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Alerts reach posts, see [ladder]. Whoever holds a post and has asked for it is told outside the
// platform, too: one message for all that is new, so that a morning with forty deadlines is not
// forty messages. What was told to whom by which channel is a row, and its key says "once".

// Subscriber is an account that wants to be told of its alerts by a channel.
type Subscriber struct {
	Actor   *authority.Actor // with what it holds today
	Channel notify.Channel
	To      string
	Lang    text.Lang
	Since   int64 // when it asked for it; what was raised before is not told
}

// Subscribers tells of those who want to be told; the access module answers.
type Subscribers interface {
	// Subscribed are the accounts that want to be told of their alerts outside the platform.
	Subscribed(ctx context.Context) ([]Subscriber, error)
}

// purposeAlert is what a message about alerts is about.
const purposeAlert = "casework.alert"

const (
	ruleTellHours   = "casework.alert.tell.hours"   // of the day, "08:00-20:00"
	ruleTellMinutes = "casework.alert.tell.minutes" // between two messages to one account
	ruleTellAge     = "casework.alert.tell.age"     // hours after which an alert is news no more
)

// stages in the order in which a message names them.
var stages = []string{StageSupervised, StageUnanswered, stageGrave, stageLate, stageDue, StageUrged, stageSoon, StageLong, StageAnswered}

// toldMost bounds the alerts of one message.
const toldMost = 200

// TellAlerts is the job that tells those who asked for it of the alerts that have reached their
// posts and that they have not read, and tells how many messages it wrote.
func (s *Service) TellAlerts(ctx context.Context) (int, error) {
	now, told := clock.Now(ctx), 0
	if v, ok := s.Cases.Rules.On(ruleTellHours, clock.Day(now)); ok && !clock.Within(v.Value, now) {
		return 0, nil
	}
	reached, err := s.Subscribers.Subscribed(ctx)
	if err != nil {
		return 0, err
	}
	for _, r := range reached {
		n, err := s.tellOf(ctx, r, now)
		if err != nil {
			return told, err
		}
		told += n
	}
	return told, nil
}

type toldAlert struct{ id, caseID, stage string }

// untold are the standing alerts to an account that it has neither read nor been told of by the
// channel, the oldest first.
func (s *Service) untold(ctx context.Context, r db.Reader, to Subscriber, since int64) ([]toldAlert, error) {
	var w db.Where
	toMe(to.Actor, &w)
	w.And("a.standing = 1 AND a.at >= %s", since)
	w.And(notReadBy, to.Actor.ID)
	w.And(`NOT EXISTS (SELECT 1 FROM casework_alert_told t WHERE t.shard = a.shard AND t.alert_id = a.id AND t.account_id = %s
		AND t.channel = %s)`, to.Actor.ID, string(to.Channel))
	return db.All(ctx, r, func(sc db.Scanner) (a toldAlert, err error) {
		err = sc.Scan(&a.id, &a.caseID, &a.stage)
		a.stage, _, _ = strings.Cut(a.stage, ".")
		return a, err
	}, `SELECT a.id, a.case_id, a.stage FROM casework_alert a`+w.String()+` ORDER BY a.at, a.id LIMIT `+w.Arg(toldMost), w.List...)
}

// tellOf writes one message about all that is new to an account, and tells whether it did: 0 or 1.
func (s *Service) tellOf(ctx context.Context, to Subscriber, now time.Time) (int, error) {
	day := clock.Day(now)
	fresh := max(to.Since, clock.Millis(now.Add(-time.Duration(s.Cases.Rules.Int(ruleTellAge, day))*time.Hour)))
	found, err := s.untold(ctx, s.Cases.Log.DB, to, fresh)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	numbers := map[string]string{}
	for _, a := range found {
		c, err := s.Cases.Find(authority.With(ctx, to.Actor), a.caseID)
		switch {
		case err == nil:
			numbers[a.id] = c.Number
		case errs.Of(err).Kind != errs.NotFound && errs.Of(err).Kind != errs.Forbidden:
			return 0, err
		}
	}
	found = slices.DeleteFunc(found, func(a toldAlert) bool { return numbers[a.id] == "" })
	if len(found) == 0 {
		return 0, nil
	}
	written := 0
	err = s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		written = 0
		if err := s.JudgeAlerts(tx, "told", len(found)); err != nil {
			return err
		}
		pause := clock.Millis(tx.Now.Add(-time.Duration(s.Cases.Rules.Int(ruleTellMinutes, day)) * time.Minute))
		lately, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM casework_alert_told WHERE account_id = $1 AND channel = $2 AND at > $3`,
			to.Actor.ID, string(to.Channel), pause)
		if err != nil {
			return err
		}
		if lately > 0 {
			return errToldLately
		}
		news, err := keepTold(ctx, tx, to, found)
		if err != nil {
			return err
		}
		if len(news) == 0 { // another process was faster
			return errToldLately
		}
		written = 1
		return s.Cases.Outbox.Add(ctx, tx, s.alertMessage(to, news, numbers))
	})
	if errors.Is(err, errToldLately) {
		return 0, nil
	}
	return written, err
}

// errToldLately ends a write that tells nothing, so that no record says that it did.
var errToldLately = errors.New("told lately")

// keepTold writes down what is about to be told, leaves out what was already, and forgets what is
// too old to be asked for again.
func keepTold(ctx context.Context, tx *audit.Tx, to Subscriber, found []toldAlert) ([]toldAlert, error) {
	var news []toldAlert
	for _, a := range found {
		n, err := tx.Exec(ctx, `INSERT INTO casework_alert_told (shard, alert_id, account_id, channel, at) VALUES ($1,$2,$3,$4,$5)
			ON CONFLICT (shard, alert_id, account_id, channel) DO NOTHING`,
			db.ShardOf(a.id), a.id, to.Actor.ID, string(to.Channel), clock.Millis(tx.Now))
		if err != nil {
			return nil, err
		}
		if n == 1 {
			news = append(news, a)
		}
	}
	_, err := tx.Exec(ctx, `DELETE FROM casework_alert_told WHERE account_id = $1 AND channel = $2 AND at < $3`,
		to.Actor.ID, string(to.Channel), clock.Millis(tx.Now.AddDate(0, 0, -60)))
	return news, err
}

// alertMessage words what is new: of a single alert the number of its case, of several how many of
// each stage. It holds nothing of what a case is about.
func (s *Service) alertMessage(to Subscriber, news []toldAlert, numbers map[string]string) notify.Message {
	city, _ := s.Cases.Registry.City()
	word := func(key string, pairs ...any) string {
		return s.Cases.Words.T(to.Lang, key, append(pairs, "city", registry.NameIn(city, to.Lang))...)
	}
	m := notify.Message{To: to.To, Channel: to.Channel, Purpose: purposeAlert, Subject: to.Actor.ID, Title: word("casework.alert.tell.title")}
	if len(news) == 1 {
		m.Text = word("casework.alert.tell.one", "number", numbers[news[0].id], "stage", word("casework.alert."+news[0].stage))
		return m
	}
	var parts []string
	for _, stage := range stages {
		n := 0
		for _, a := range news {
			if a.stage == stage {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, word("casework.alert.tell.part", "stage", word("casework.alert."+stage), "n", strconv.Itoa(n)))
		}
	}
	m.Text = word("casework.alert.tell.many", "n", strconv.Itoa(len(news)), "parts", strings.Join(parts, word("casework.alert.tell.and")))
	return m
}
