package survey

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"

	"linli/internal/assessment"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Service draws, collects and computes surveys.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Ring     *seal.Ring
	Limits   *limit.Limiter
	Texts    *text.Catalogue
	URL      string // by which residents reach the platform; "" for that of each request
}

const maxTitle = 60

// FrameOf are the households of every community of an area by stratum, counted from the rosters; a community without a roster has
// none. Errors: Forbidden; NotFound for an area that is not known.
func (s *Service) FrameOf(ctx context.Context, area string) ([]Part, error) {
	if err := authority.Require(ctx, permWrite, area); err != nil {
		return nil, err
	}
	if _, ok := s.Registry.Area(area); !ok {
		return nil, errs.ErrNotFound
	}
	r, _ := s.Rules.On(ruleTags, clock.Day(clock.Now(ctx)))
	counted, err := people.CountStrata(ctx, s.Log.DB, area, strings.Fields(r.Value))
	out := []Part{}
	for _, a := range s.Registry.Below(area, registry.LevelCommunity) {
		p := Part{Community: a.Code}
		if i := slices.IndexFunc(counted, func(c people.Stratum) bool { return c.Community == a.Code }); i >= 0 {
			p.Ordinary, p.Special = counted[i].Ordinary, counted[i].Special
		}
		out = append(out, p)
	}
	return out, err
}

// tidy folds and checks what was typed: Invalid by field.
func (s *Service) tidy(c *Plan, day string) error {
	c.Title.Zh, c.Title.En = fold.Line(c.Title.Zh), fold.Line(c.Title.En)
	refused := errs.ErrInvalid
	if n := fold.Count(c.Title.Zh); n == 0 || n > maxTitle {
		refused = refused.At("content.title", "assessment.name", "max", maxTitle)
	}
	if least := s.Rules.Int(ruleLeast, day); c.PerCommunity < least {
		refused = refused.At("content.perCommunity", "assessment.survey.per", "min", least).By(ruleLeast)
	}
	if _, ok := s.Registry.Area(c.Area); !ok || registry.LevelOf(c.Area) > registry.LevelStreet {
		refused = refused.At("content.area", "assessment.area")
	}
	if c.Opens == "" || c.Closes < c.Opens {
		refused = refused.At("content.closes", "assessment.survey.days")
	}
	slices.SortFunc(c.Frame, func(a, b Part) int { return strings.Compare(a.Community, b.Community) })
	for i, p := range c.Frame {
		a, ok := s.Registry.Area(p.Community)
		twice := i > 0 && c.Frame[i-1].Community == p.Community
		if !ok || a.Level != registry.LevelCommunity || !strings.HasPrefix(p.Community, c.Area) || twice {
			refused = refused.At("content.frame", "assessment.survey.frame", "code", p.Community)
			break
		}
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// Write begins a survey as a draft. Errors: Invalid; Forbidden.
func (s *Service) Write(ctx context.Context, c Plan) (Survey, error) {
	if err := s.tidy(&c, clock.Day(clock.Now(ctx))); err != nil {
		return Survey{}, err
	}
	out := Survey{ID: db.NewID(ctx), State: stateDraft, Content: c, Version: 1}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permWrite, c.Area); err != nil {
			return err
		}
		out.writer, out.Writer, out.WrittenAt = tx.Actor.ID, tx.Actor.Name, clock.Millis(tx.Now)
		tx.Record(audit.Entry{Action: permWrite, Area: c.Area, Subject: subject, SubjectID: out.ID, After: out.record()})
		if err := insertSurvey(ctx, tx, &out); err != nil {
			return err
		}
		return putFrame(ctx, tx, out.ID, c.Frame)
	})
	return out, err
}

// record is what the audit log keeps of a survey.
func (s *Survey) record() map[string]any {
	return map[string]any{"title": s.Content.Title.Zh, "year": s.Content.Year, "state": s.State, "seed": s.Seed, "frame": s.FrameDigest,
		"digest": s.Digest}
}

// judged is a survey for a verb that state, authority and guards allow. Errors: NotFound; those of flow.Take; Stale.
func judged(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, version int64) (Survey, error) {
	tx.Judged()
	s, err := find(ctx, tx, id)
	if err == nil {
		_, err = lifecycle.Judge(&s, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subject, ID: s.ID},
			Version: s.Version, By: version})
	}
	return s, err
}

// Change sets the content of a draft. Errors: those of Write; Conflict in another state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Plan) error {
	if err := s.tidy(&c, clock.Day(clock.Now(ctx))); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := judged(ctx, tx, id, verbChange, version)
		if err != nil {
			return err
		}
		if err := tx.Require(permWrite, c.Area); err != nil {
			return err
		}
		x.Content = c
		x.writer, x.Writer, x.WrittenAt = tx.Actor.ID, tx.Actor.Name, clock.Millis(tx.Now)
		tx.Record(audit.Entry{Action: permWrite, Area: c.Area, Subject: subject, SubjectID: id, After: x.record()})
		if err := updateSurvey(ctx, tx, &x); err != nil {
			return err
		}
		return putFrame(ctx, tx, id, c.Frame)
	})
}

// Step takes a verb of the lifecycle. Errors: those of flow.Take; NotFound; Stale; of drawing Conflict
// "assessment.survey.no_frame".
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64) error {
	var chance [32]byte
	if _, err := rand.Read(chance[:]); err != nil {
		return err
	}
	return s.step(ctx, id, verb, version, hex.EncodeToString(chance[:]))
}

// step is Step with the seed of a draw.
func (s *Service) step(ctx context.Context, id string, verb flow.Verb, version int64, seed string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		t, _ := lifecycle.Find(x.State, verb)
		before := x.record()
		x.State = t.After(x.State)
		switch verb {
		case verbDraw:
			err = s.draw(ctx, tx, &x, seed)
		case verbClose:
			err = s.close(ctx, tx, &x)
		case verbPublish:
			x.PublishedAt = clock.Millis(tx.Now)
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: x.Content.Area, Subject: subject, SubjectID: id, Before: before, After: x.record(),
			Detail: map[string]any{"verb": verb}})
		return updateSurvey(ctx, tx, &x)
	})
}

// draw makes slips and counters of every community from the frame and a seed.
func (s *Service) draw(ctx context.Context, tx *audit.Tx, x *Survey, seed string) error {
	empty := slices.ContainsFunc(x.Content.Frame, func(p Part) bool { return p.Ordinary+p.Special == 0 })
	if len(x.Content.Frame) == 0 || empty {
		return errs.New(errs.Conflict, "assessment.survey.no_frame")
	}
	x.Seed, x.FrameDigest = seed, FrameDigest(x.Content.Frame)
	every := s.Rules.Int(ruleSpecial, clock.Day(tx.Now))
	for _, p := range x.Content.Frame {
		ordinary, special := Allocate(x.Content.PerCommunity, every, p)
		for stratum, numbers := range map[string][]int{Ordinary: Draw(seed, p.Community, Ordinary, p.Ordinary, ordinary),
			Special: Draw(seed, p.Community, Special, p.Special, special)} {
			for _, n := range numbers {
				slip := Slip{Community: p.Community, Stratum: stratum, Number: n}
				if err := insertSlip(ctx, tx, x.ID, &slip, s.codeHash(s.code(x.ID, &slip))); err != nil {
					return err
				}
			}
		}
		if err := insertTallies(ctx, tx, x.ID, p.Community); err != nil {
			return err
		}
	}
	return nil
}

// close makes the results, which never change again.
func (s *Service) close(ctx context.Context, tx *audit.Tx, x *Survey) error {
	day := clock.Day(tx.Now)
	r, err := s.results(ctx, tx, x, s.Rules.Int(ruleLeast, day), s.Rules.Int(ruleContent, day))
	if err == nil {
		x.results, x.Digest = r.Frozen()
	}
	return err
}

// follower moves surveys with their areas. Communities keep in them the codes under which they were drawn.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "surveys", Widens: true,
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			return m.Areas.Rewrite(ctx, tx, "assessment_survey", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM assessment_survey WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}

// Ending counts the open surveys that end by a day, of those in which somebody collects answers.
func (s *Service) Ending(ctx context.Context, a *authority.Actor, until string) (n int, err error) {
	all, err := s.Collecting(ctx, a)
	for _, closes := range all {
		if closes <= until {
			n++
		}
	}
	return n, err
}

// Collecting are the open surveys in which somebody collects, with the last day of each, by id.
func (s *Service) Collecting(ctx context.Context, a *authority.Actor) (map[string]string, error) {
	out := map[string]string{}
	if !a.CanAnywhere(permCollect) {
		return out, nil
	}
	all, err := listSurveys(ctx, s.Log.DB)
	for i := range all {
		if c := &all[i].Content; all[i].State == stateOpen && assessment.Inside(a, permCollect, c.Area) {
			out[all[i].ID] = c.Closes
		}
	}
	return out, err
}

// Scores are the results of a closed survey for a scheme of an area. Errors: Conflict "assessment.survey.not_closed",
// also for a survey of elsewhere.
func (s *Service) Scores(ctx context.Context, id, area string) (assessment.SurveyScores, error) {
	out := assessment.SurveyScores{Communities: map[string]assessment.CommunityScores{}}
	x, err := find(ctx, s.Log.DB, id)
	if err != nil {
		return out, err
	}
	r, ok := x.Results()
	if !ok || !strings.HasPrefix(area, x.Content.Area) {
		return out, errs.New(errs.Conflict, "assessment.survey.not_closed")
	}
	out.Digest = x.Digest
	for _, l := range r.Lines {
		out.Communities[l.Community] = assessment.CommunityScores{Households: l.Ordinary + l.Special, Questions: l.Questions}
	}
	return out, nil
}
