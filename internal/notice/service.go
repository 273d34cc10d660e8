package notice

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/rule"
	"linli/internal/platform/storage"
	"linli/internal/registry"
)

// Service writes, approves and shows notices.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Files    *storage.Store
	Consents *Consents
}

const subject = "notice.notice"

// checked brings a content into form and refuses one that is wrong, or names an area that is not there or
// no area for notices: Invalid.
func (s *Service) checked(c *Content) error {
	c.tidy()
	if err := c.check(); err != nil {
		return err
	}
	if least := s.Rules.Int(ruleAffairs, c.From); c.Kind == kindAffairs && c.Until != "" && c.Until < daysOn(c.From, least) {
		return errs.ErrInvalid.At("until", "notice.affairs_days", "days", least).By(ruleAffairs)
	}
	for _, code := range c.Areas {
		if a, ok := s.Registry.Area(code); !ok || a.Level < registry.LevelCity || a.Level > registry.LevelCommunity {
			return errs.ErrInvalid.At("areas", "notice.area")
		}
	}
	return nil
}

// Write begins a notice as a draft. Errors: those of Content; Forbidden unless the writer has authority
// over an area that holds all its areas.
func (s *Service) Write(ctx context.Context, c Content) (Edition, error) {
	if err := s.checked(&c); err != nil {
		return Edition{}, err
	}
	e := Edition{Seq: 1, State: string(stateDraft), Area: Over(c.Areas), Content: c, Version: 1, latest: true}
	e.Shard = db.Shard(e.Area)
	e.ID = e.Shard + "-" + db.NewID(ctx)
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permWrite, e.Area); err != nil {
			return err
		}
		s.sign(tx, &e)
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subject, SubjectID: e.ID, After: record(&e)})
		if err := insertEdition(ctx, tx, &e); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &e, verbWrite, "")
	})
	return e, err
}

// daysOn is the last of so many days, the first of which is from.
func daysOn(from string, days int) string {
	t, _ := time.Parse(time.DateOnly, from)
	return t.AddDate(0, 0, days-1).Format(time.DateOnly)
}

// sign says who writes an edition, for whom and when.
func (s *Service) sign(tx *audit.Tx, e *Edition) {
	e.WriterName, e.WrittenAt = tx.Actor.Name, clock.Millis(tx.Now)
	if e.Issuer = s.Registry.BodyName(tx.Actor.BodyFor(permWrite, e.Area, "")); e.Issuer == "" {
		area, _ := s.Registry.Area(e.Area)
		e.Issuer = area.Name
	}
}

// record is what the audit log keeps of an edition.
func record(e *Edition) map[string]any {
	return map[string]any{"edition": e.Seq, "title": e.Title.Zh, "areas": e.Areas, "from": e.From,
		"until": e.Until, "urgent": e.Urgent, "state": e.State}
}

// Change sets the content of a draft, or of what was returned. Errors: those of Write; Conflict in another
// state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) (Edition, error) {
	if err := s.checked(&c); err != nil {
		return Edition{}, err
	}
	var out Edition
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		e, err := s.latest(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.judge(tx, &e, verbChange, version); err != nil {
			return err
		}
		before := record(&e)
		e.Content, e.Area = c, Over(c.Areas)
		if err := tx.Require(permWrite, e.Area); err != nil {
			return err
		}
		s.sign(tx, &e)
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subject, SubjectID: e.ID, Before: before, After: record(&e)})
		out = e
		out.Version++
		if err := updateEdition(ctx, tx, &e); err != nil {
			return err
		}
		return insertEvent(ctx, tx, &e, verbChange, "")
	})
	return out, err
}

// judge refuses a verb that state, authority and guards do not allow, and an edition that has changed since.
func (s *Service) judge(tx *audit.Tx, e *Edition, verb flow.Verb, version int64) error {
	tx.Judged()
	_, err := lifecycle.Judge(e, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: e.ID},
		Version: e.Version, By: version})
	return err
}

// Step takes a verb of the lifecycle on a notice. Errors: those of flow.Take and flow.CheckInput; NotFound;
// Stale when the edition has changed since version.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		find := s.latest
		if onPublished(verb) {
			find = s.published
		}
		e, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.judge(tx, &e, verb, version); err != nil {
			return err
		}
		t, _ := lifecycle.Find(flow.State(e.State), verb)
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		before := record(&e)
		e.State = string(t.After(flow.State(e.State)))
		if err := s.effect(ctx, tx, &e, verb, in.Note); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: e.Area, Subject: subject, SubjectID: e.ID, Before: before, After: record(&e),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		return insertEvent(ctx, tx, &e, verb, in.Note)
	})
}

// effect does what a verb means beside the change of state.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, e *Edition, verb flow.Verb, note string) error {
	now := clock.Millis(tx.Now)
	switch verb {
	case verbCorrect:
		return s.correct(ctx, tx, e, note)
	case verbApprove:
		if err := s.replace(ctx, tx, e); err != nil {
			return err
		}
		e.PublishedAt, e.ApproverName = now, tx.Actor.Name
		if err := insertPlaces(ctx, tx, e); err != nil {
			return err
		}
		if err := openRound(ctx, tx, e, tellPublished); err != nil {
			return err
		}
	case verbWithdraw, verbExpire:
		e.EndedAt, e.EndReason = now, note
		if err := deletePlaces(ctx, tx, e); err != nil {
			return err
		}
		if verb == verbWithdraw {
			if err := openRound(ctx, tx, e, tellWithdrawn); err != nil {
				return err
			}
		}
	case verbDiscard:
		e.EndedAt = now
		if e.Seq > 1 { // the text that it would have corrected is the newest again
			e.latest = false
			if err := markLatest(ctx, tx, e, e.Seq-1); err != nil {
				return err
			}
		}
	}
	return updateEdition(ctx, tx, e)
}

// replace ends the edition that an approved correction takes the place of.
func (s *Service) replace(ctx context.Context, tx *audit.Tx, by *Edition) error {
	if by.Seq == 1 {
		return nil
	}
	old, err := s.published(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	if _, err := lifecycle.Take(&old, verbReplace, authority.SystemActor("notice")); err != nil {
		return err
	}
	old.State, old.EndedAt = string(stateReplaced), clock.Millis(tx.Now)
	if err := deletePlaces(ctx, tx, &old); err != nil {
		return err
	}
	return updateEdition(ctx, tx, &old)
}

// correct begins the next edition with the text and the files of the published one. Errors: Conflict while
// another correction waits.
func (s *Service) correct(ctx context.Context, tx *audit.Tx, e *Edition, reason string) error {
	newest, err := s.latest(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	if newest.Seq != e.Seq {
		return errs.New(errs.Conflict, "notice.correction_waits").By(ruleKept)
	}
	last, err := lastSeq(ctx, tx, e)
	if err != nil {
		return err
	}
	if err := unmarkLatest(ctx, tx, e); err != nil {
		return err
	}
	next := *e
	next.Seq, next.State, next.Reason, next.Version, next.latest = last+1, string(stateDraft), reason, 1, true
	next.PublishedAt, next.EndedAt, next.EndReason, next.ApproverName = 0, 0, "", ""
	s.sign(tx, &next)
	if err := insertEdition(ctx, tx, &next); err != nil {
		return err
	}
	if err := copyFiles(ctx, tx, e, next.Seq); err != nil {
		return err
	}
	return insertEvent(ctx, tx, &next, verbWrite, reason)
}

// Expire is the job that ends what is past its last day. Lists leave it out from that day on, whether or not
// the job has run.
func (s *Service) Expire(ctx context.Context) error {
	for {
		past, err := listPast(ctx, s.Log.DB, clock.Day(clock.Now(ctx)))
		if err != nil || len(past) == 0 {
			return err
		}
		for _, e := range past {
			if err := s.Step(ctx, e.ID, verbExpire, e.Version, flow.Input{}); err != nil && errs.Of(err).Kind != errs.Stale &&
				errs.Of(err).Kind != errs.NotFound {
				return err
			}
		}
	}
}

// completed adds to an edition what its guards ask: who wrote it, what it corrects, who approves today.
func (s *Service) completed(ctx context.Context, r db.Reader, e Edition) (Edition, error) {
	var err error
	if e.writers, err = listWriters(ctx, r, &e); err != nil {
		return e, err
	}
	if e.Seq > 1 {
		if e.base, err = baseState(ctx, r, &e); err != nil {
			return e, err
		}
	}
	e.today = clock.Day(clock.Now(ctx))
	e.approvers = s.approversOf(e.Area, e.today)
	return e, nil
}

var levelNames = map[int]string{registry.LevelCity: "city", registry.LevelCounty: "county", registry.LevelStreet: "street",
	registry.LevelCommunity: "community"}

// approversOf are the roles that approve what is for an area.
func (s *Service) approversOf(area, day string) []authority.Role {
	v, _ := s.Rules.On(ruleApprovers+levelNames[registry.LevelOf(area)], day)
	var out []authority.Role
	for _, name := range strings.Fields(v.Value) {
		out = append(out, authority.Role(name))
	}
	return out
}

// follower moves notices with the areas that they are for. What has ended keeps the codes that it had.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "notices", Widens: true,
		Move: s.move,
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM notice_edition WHERE latest = 1 AND area >= $1 AND area < $2`,
				area, authority.PrefixEnd(area))
		},
	}
}

func (s *Service) move(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	to := map[string][]string{}
	for _, p := range m.Areas {
		to[p.From] = append(to[p.From], p.To)
	}
	for _, p := range m.Parts { // a notice for what is divided is for all its parts
		if _, moved := to[p.From]; !moved && !slices.Contains(to[p.From], p.From) {
			to[p.From] = append(to[p.From], p.From)
		}
		to[p.From] = append(to[p.From], p.To)
	}
	if err := m.Areas.Rewrite(ctx, tx, "notice_edition", "area"); err != nil {
		return err
	}
	if err := s.Consents.move(ctx, tx, m); err != nil {
		return err
	}
	living, err := listLiving(ctx, tx)
	if err != nil {
		return err
	}
	for _, e := range living {
		var areas []string
		changed := false
		for _, code := range e.Areas {
			if heirs, moves := to[code]; moves {
				areas, changed = append(areas, heirs...), true
			} else {
				areas = append(areas, code)
			}
		}
		if !changed {
			continue
		}
		e.Areas = authority.Outermost(slices.Compact(slices.Sorted(slices.Values(areas))))
		e.Area = Over(e.Areas)
		if err := updateEdition(ctx, tx, &e); err != nil {
			return err
		}
		if e.State != string(statePublished) {
			continue
		}
		if err := deletePlaces(ctx, tx, &e); err != nil {
			return err
		}
		if err := insertPlaces(ctx, tx, &e); err != nil {
			return err
		}
	}
	return nil
}

// expireEvery is how often the job looks.
const expireEvery = 10 * time.Minute
