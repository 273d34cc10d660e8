package meeting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"linli/internal/council"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/notify"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Service keeps meetings.
type Service struct {
	Council  *council.Service
	Registry *registry.Service
	Log      *audit.Log
	People   People
	Outbox   Outbox
	Ring     *seal.Ring
	Texts    *text.Catalogue
}

// People keep the names of those who attend.
type People interface {
	Keep(ctx context.Context, tx *audit.Tx, area string, p people.Person) (string, error)
	Find(ctx context.Context, r db.Reader, id string) (people.Person, error)
	Reached(ctx context.Context, r db.Reader, id string) (people.Person, error)
}

// Outbox carries invitations.
type Outbox interface {
	Offered() []notify.Channel
	Add(ctx context.Context, tx *audit.Tx, m notify.Message) error
}

const subject = "council.meeting"

// Refusals.
var (
	errNotice   = errs.New(errs.Conflict, "council.meeting.notice")      // too few days, with the last day on which it could be convened
	errPast     = errs.New(errs.Conflict, "council.meeting.past")        // it would begin before now
	errAgenda   = errs.New(errs.Conflict, "council.meeting.agenda")      // nothing on the agenda
	errParty    = errs.New(errs.Conflict, "council.meeting.party_first") // the Party branch has not discussed an item
	errCall     = errs.New(errs.Conflict, "council.meeting.call")        // too few have asked for it
	errEntitled = errs.New(errs.Conflict, "council.meeting.entitled")    // nobody is entitled
	errQuorum   = errs.New(errs.Conflict, "council.meeting.quorum")      // it cannot open
	errLost     = errs.New(errs.Conflict, "council.meeting.quorum_lost") // votes have stopped, with the time
	errShares   = errs.New(errs.Conflict, "council.meeting.shares")      // the assembly is not composed as the law demands
	errNone     = errs.New(errs.Conflict, "council.meeting.none")        // the law of the day knows no such meeting
	errEarly    = errs.New(errs.Conflict, "council.meeting.early")       // it cannot be opened before its day
)

func itoa(n int) string { return strconv.Itoa(n) }

// record is what the audit log keeps of a meeting.
func (m *Meeting) record() map[string]any {
	return map[string]any{"number": m.Number, "body": m.Body, "state": m.State, "title": m.Title, "day": m.Day, "time": m.Time,
		"entitled": m.Entitled, "digest": m.Digest}
}

// Write makes a draft (id "") or changes one. Errors: Invalid by field; Forbidden; NotFound; Conflict of another state; Stale.
func (s *Service) Write(ctx context.Context, id, area string, version int64, c MeetingContent) (Meeting, error) {
	c.tidy()
	if err := c.check(); err != nil {
		return Meeting{}, err
	}
	var out Meeting
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		m := Meeting{Area: area, State: stateDraft, Version: 1}
		if id == "" {
			at, ok := s.Registry.Area(area)
			if !ok || at.Level != registry.LevelCommunity {
				tx.Judged()
				return errs.ErrInvalid.At("area", "field.community")
			}
			if err := keeps(tx, c.Body, area); err != nil {
				return err
			}
			m.Shard, m.Kind = db.Shard(area), council.Kind(at)
			m.ID = m.Shard + "-" + db.NewID(ctx)
		} else {
			var err error
			if m, err = s.judged(ctx, tx, id, verbChange, version); err != nil {
				return err
			}
			if err := keeps(tx, c.Body, m.Area); err != nil {
				return err
			}
		}
		m.MeetingContent, m.StartsAt = c, c.instant()
		tx.Record(audit.Entry{Action: permKeep, Area: m.Area, Subject: subject, SubjectID: m.ID, After: m.record()})
		out = m
		if id != "" {
			return update(ctx, tx, &out)
		}
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM council_meeting WHERE shard = $1 AND number LIKE $2`, m.Shard,
			numberPrefix(area, tx.Now.In(clock.City).Year())+"%")
		if err != nil {
			return err
		}
		out.Number = numberPrefix(area, tx.Now.In(clock.City).Year()) + itoa(n+1)
		return insert(ctx, tx, &out)
	})
	return out, err
}

// keeps requires that the actor keeps meetings of an area, and of this body. Errors: Forbidden; Conflict "council.meeting.own".
func keeps(tx *audit.Tx, body, area string) error {
	if err := tx.Require(permKeep, area); err != nil {
		return err
	}
	if !tx.Actor.System && !tx.Actor.Can(keepPermission(body), area) {
		return errs.New(errs.Conflict, own.Key)
	}
	return nil
}

func numberPrefix(area string, year int) string { return fmt.Sprintf("HY%d-%s-", year, area) }

// judged is a meeting that the actor may see, for a verb that state, authority and guards allow.
func (s *Service) judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (Meeting, error) {
	tx.Judged()
	m, err := find(ctx, tx, id)
	if err == nil {
		_, err = lifecycle.Judge(&m, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: m.ID},
			Version: m.Version, By: version})
	}
	return m, err
}

// Step takes a verb of the lifecycle. Errors: those of flow.Judge and flow.CheckInput, and of what the verb demands: see convene, open,
// sign.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) (Meeting, error) {
	var out Meeting
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		m, err := s.judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		t, _ := lifecycle.Find(m.State, verb)
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		before := m.record()
		present, err := s.effect(ctx, tx, &m, verb, in.Note)
		if err != nil {
			return err
		}
		m.State = t.After(m.State)
		tx.Record(audit.Entry{Action: permKeep, Area: m.Area, Subject: subject, SubjectID: m.ID, Before: before, After: m.record(),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		if err := insertEvent(ctx, tx, &m, verb, present, in.Note); err != nil {
			return err
		}
		if verb == verbConvene || verb == verbCancel && m.ConvenedAt > 0 {
			if err := s.invite(ctx, tx, &m, verb); err != nil {
				return err
			}
		}
		err = update(ctx, tx, &m)
		out = m
		return err
	})
	return out, err
}

// effect does what a verb means beside the change of state, and gives how many are present.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, m *Meeting, verb flow.Verb, note string) (present int, err error) {
	if verb != verbConvene && verb != verbCancel {
		if present, err = countPresent(ctx, tx, m); err != nil {
			return 0, err
		}
	}
	switch verb {
	case verbConvene:
		return 0, s.convene(ctx, tx, m)
	case verbOpen:
		return present, s.open(ctx, tx, m, present)
	case verbClose:
		m.ClosedAt = clock.Millis(tx.Now)
	case verbSign:
		return present, s.sign(ctx, tx, m)
	case verbCancel:
		m.EndReason = note
	}
	return present, nil
}

// convene gives notice. Errors: Conflict for a meeting that would be too soon (with the article), that has no agenda, that too few asked
// for, on which the Party branch has not spoken, that nobody may attend, or whose assembly is not composed as the law demands.
func (s *Service) convene(ctx context.Context, tx *audit.Tx, m *Meeting) error {
	today := clock.Day(tx.Now)
	if m.StartsAt <= clock.Millis(tx.Now) {
		return errPast
	}
	if len(m.Items) == 0 {
		return errAgenda
	}
	if err := s.notice(ctx, tx, m, today); err != nil {
		return err
	}
	if err := s.partyFirst(m); err != nil {
		return err
	}
	if m.Called != "committee" {
		d, err := s.Council.Decide(ctx, tx, threshold.Question{Matter: m.rules() + ".call", Kind: m.Kind, Mode: m.Called, On: today,
			Counts: threshold.Counts{Entitled: &m.CalledOf, Yes: &m.CalledBy}})
		if err != nil {
			return err
		}
		if !d.Passes {
			return errCall.With("have", m.CalledBy, "need", d.Short[0].Need, "basis", d.Law, "article", d.Article).By(d.Rule)
		}
	}
	if err := s.entitle(ctx, tx, m); err != nil {
		return err
	}
	m.ConvenedAt = clock.Millis(tx.Now)
	return nil
}

// notice refuses a meeting that comes sooner than the law, or the city, demands.
func (s *Service) notice(ctx context.Context, r db.Reader, m *Meeting, today string) error {
	f, ok, err := s.Council.Figure(ctx, r, m.noticeName(), m.Kind, m.Day)
	if err != nil || !ok || days(today, m.Day) >= f.Min {
		return err
	}
	short, allowed, err := s.Council.Figure(ctx, r, m.noticeName()+".short", m.Kind, m.Day)
	if err != nil {
		return err
	}
	if m.Short != "" && (allowed && short.Min > 0 || f.Certainty == "U") {
		return nil
	}
	return errNotice.With("days", days(today, m.Day), "need", f.Min, "last", before(m.Day, f.Min), "basis", f.Basis,
		"article", f.Article).By(f.Key)
}

// partyFirst refuses decisions of an assembly that the Party branch has not discussed, where the law of the day demands it.
func (s *Service) partyFirst(m *Meeting) error {
	if m.Body != Assembly && m.Body != Representatives {
		return nil
	}
	f, ok := threshold.FigureOf("party.first", m.Kind, "", m.Day)
	if !ok {
		return nil
	}
	for _, it := range m.Items {
		if it.Decides && (it.Party == "" || it.Party > m.Day) {
			return errParty.With("item", it.Title, "basis", f.Basis, "article", f.Article).By(f.Key)
		}
	}
	return nil
}

// entitle counts who is entitled, from the rosters where they are known, and judges how a representatives' assembly is composed.
func (s *Service) entitle(ctx context.Context, r db.Reader, m *Meeting) error {
	if m.registered() != "" {
		c, err := s.composition(ctx, r, m.Area, m.registered(), m.Body == Representatives, m.Day)
		if err != nil {
			return err
		}
		if m.Entitled = c.total(); m.Body == Representatives {
			if short, err := s.shares(ctx, r, m.Kind, m.Day, &c); err != nil {
				return err
			} else if short != nil {
				return errShares.With("have", short.Have, "need", short.Need, "basis", short.Law, "article", short.Article).By(short.Rule)
			}
		}
	}
	if m.Entitled == 0 {
		return errEntitled
	}
	return nil
}

// quorum judges whether enough are present. Error: Conflict where the law of the day knows no such meeting.
func (s *Service) quorum(ctx context.Context, r db.Reader, m *Meeting, present int) (threshold.Decision, error) {
	at := min(present, m.Entitled) // of more than are entitled the roster was short: the quorum holds
	d, err := s.Council.Decide(ctx, r, threshold.Question{Matter: m.rules() + ".quorum", Kind: m.Kind, Mode: m.mode(), On: m.Day,
		Counts: threshold.Counts{Entitled: &m.Entitled, Present: &at}})
	if err != nil {
		return d, errNone.Because(err)
	}
	return d, nil
}

// open begins a meeting. Errors: Conflict "council.meeting.early" before its day; "council.meeting.quorum" with the article.
func (s *Service) open(ctx context.Context, tx *audit.Tx, m *Meeting, present int) error {
	if clock.Day(tx.Now) < m.Day {
		return errEarly.With("day", m.Day)
	}
	d, err := s.quorum(ctx, tx, m, present)
	if err != nil {
		return err
	}
	if !d.Passes {
		return errQuorum.With("present", present, "need", d.Short[0].Need, "entitled", m.Entitled, "basis", d.Law, "article", d.Article).By(d.Rule)
	}
	m.OpenedAt, m.LostAt = clock.Millis(tx.Now), 0
	return nil
}

// invite tells those whose telephone numbers are known of a meeting, or that it is cancelled.
func (s *Service) invite(ctx context.Context, tx *audit.Tx, m *Meeting, verb flow.Verb) error {
	if m.Body != Representatives || len(s.Outbox.Offered()) == 0 {
		return nil
	}
	reps, err := listRepresentatives(ctx, tx, m.Area, m.Day)
	if err != nil {
		return err
	}
	for i := range reps {
		p, err := s.People.Reached(ctx, tx, reps[i].person)
		if err != nil {
			return err
		}
		if p.Phone == "" {
			continue
		}
		err = s.Outbox.Add(ctx, tx, notify.Message{To: p.Phone, Purpose: subject, Subject: m.ID, Seq: i, Topic: m.ID, Bulk: true,
			Until: clock.Instant(m.StartsAt),
			Text: s.Texts.T(text.Chinese, "council.meeting.message."+string(verb), "title", m.Title, "day", m.Day, "time", m.Time, "place", m.Place,
				"community", s.Registry.AreaName(m.Area))})
		if err != nil {
			return err
		}
	}
	return nil
}

// sum is the digest of what is signed: the meeting with its agenda, who attended how and when, the votes and the minutes.
func (m *Meeting) sum(present []Attendance, votes []MeetingVote) string {
	raw, _ := json.Marshal(struct {
		Number, Area     string
		Content          MeetingContent
		Opened, Closed   int64
		Present          []Attendance
		Votes            []MeetingVote
		Minutes          MeetingMinutes
		Entitled, Counts int
	}{m.Number, m.Area, m.MeetingContent, m.OpenedAt, m.ClosedAt, present, votes, m.Minutes, m.Entitled, len(present)}) // texts and numbers
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// visible is a meeting that the actor may read. Error: NotFound outside their areas.
func (s *Service) visible(ctx context.Context, r db.Reader, id string) (Meeting, error) {
	m, err := find(ctx, r, id)
	if err == nil && !authority.From(ctx).Can(permRead, m.Area) {
		err = errs.ErrNotFound
	}
	return m, err
}
