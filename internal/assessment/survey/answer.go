package survey

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"linli/internal/assessment"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
)

// Channels by which an answer comes.
const (
	Door  = "door"
	Phone = "phone"
	Code  = "code" // typed from the invitation
	QR    = "qr"   // its square was photographed
)

// code opens one slip to whoever got its invitation: the county and sixteen characters. Only the holder of the root key
// can make it, and it is not kept.
func (s *Service) code(survey string, slip *Slip) string {
	place := strings.Join([]string{survey, slip.Community, slip.Stratum, strconv.Itoa(slip.Number)}, " ")
	sum := s.Ring.Digest("assessment slip", place)
	return slip.Community[:shardDigits] + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

const shardDigits = 6

func (s *Service) codeHash(code string) string {
	return hex.EncodeToString(s.Ring.Digest("assessment slip code", code))
}

// opened is the slip that a code opens, with its survey. Wrong codes are counted by address. Errors: NotFound
// "assessment.survey.code"; TooMany.
func (s *Service) opened(ctx context.Context, code string) (slip Slip, x Survey, err error) {
	wrong := func(err error) bool { return errs.Of(err).Kind == errs.NotFound }
	err = s.Limits.Guard(ctx, limit.FollowCode, limit.Address(ctx), wrong, func() error {
		code = strings.ToLower(code)
		if len(code) != shardDigits+16 {
			return errs.New(errs.NotFound, "assessment.survey.code")
		}
		var survey string
		if slip, survey, err = slipOf(ctx, s.Log.DB, code[:shardDigits], s.codeHash(code)); err != nil {
			return err
		}
		x, err = find(ctx, s.Log.DB, survey)
		return err
	})
	return slip, x, err
}

// Answer takes what a household answered by its code. Levels are 1 to 5, or 0 for who cannot say; a question that is left
// out counts as 0, but "overall" is needed. Errors: those of opened; Invalid; Conflict once the code is spent, or outside the
// days of the survey; TooMany from one address.
func (s *Service) Answer(ctx context.Context, code, channel string, answer map[string]int) error {
	if err := s.Limits.Take(ctx, limit.SurveyAnswer, limit.Address(ctx)); err != nil {
		return err
	}
	slip, x, err := s.opened(ctx, code)
	if err != nil {
		return err
	}
	return s.take(ctx, x.ID, &slip, channel, answer, func(tx *audit.Tx, _ *Survey) error {
		tx.Judged()
		return nil
	})
}

// Collect takes what a household answered at the door or by telephone. Errors: those of Answer; Forbidden; Conflict
// "assessment.survey.collector" for a collector from the community that is assessed.
func (s *Service) Collect(ctx context.Context, id string, slip Slip, channel string, answer map[string]int) error {
	return s.take(ctx, id, &slip, channel, answer, func(tx *audit.Tx, x *Survey) error { return collects(tx, x, slip.Community) })
}

// collects refuses whoever may not collect in a community of the survey.
func collects(tx *audit.Tx, x *Survey, community string) error {
	if !tx.Actor.Can(permRead, community) {
		tx.Judged()
		return errs.ErrNotFound
	}
	if err := tx.Require(permCollect, community); err != nil {
		return err
	}
	if slices.ContainsFunc(tx.Actor.Grants, func(g authority.Grant) bool { return strings.HasPrefix(g.Area, community) }) {
		return errs.New(errs.Conflict, "assessment.survey.collector").By(ruleCollector)
	}
	if x.Content.Area != "" && !strings.HasPrefix(community, x.Content.Area) {
		return errs.ErrNotFound
	}
	return nil
}

// take spends the slip and counts the answer. The audit log keeps that an answer of the survey came in, not whose nor which.
func (s *Service) take(ctx context.Context, id string, slip *Slip, channel string, answer map[string]int,
	may func(*audit.Tx, *Survey) error) error {
	if err := checkAnswer(answer); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := find(ctx, tx, id)
		if err == nil {
			err = may(tx, &x)
		}
		if err == nil {
			err = x.running(clock.Day(tx.Now))
		}
		if err != nil {
			return err
		}
		done, err := spend(ctx, tx, id, slip, slipAnswered, channel)
		if err == nil && !done {
			err = errs.New(errs.Conflict, "assessment.survey.spent")
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: permCollect, Area: x.Content.Area, Subject: subject, SubjectID: id})
		return count(ctx, tx, id, slip, answer)
	})
}

// Miss records why a household did not answer: refused, absent (not met so far) or moved. Errors: those of Collect.
func (s *Service) Miss(ctx context.Context, id string, slip Slip, state, channel string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		x, err := find(ctx, tx, id)
		if err == nil {
			err = collects(tx, &x, slip.Community)
		}
		if err == nil {
			err = x.running(clock.Day(tx.Now))
		}
		if err != nil {
			return err
		}
		done, err := spend(ctx, tx, id, &slip, state, channel)
		if err == nil && !done {
			err = errs.New(errs.Conflict, "assessment.survey.spent")
		}
		tx.Record(audit.Entry{Action: permCollect, Area: x.Content.Area, Subject: subject, SubjectID: id,
			Detail: map[string]any{"outcome": state}})
		return err
	})
}

// running refuses a day on which the survey takes no answers.
func (s *Survey) running(day string) error {
	if s.State != stateOpen || day < s.Content.Opens || day > s.Content.Closes {
		return errs.New(errs.Conflict, "assessment.survey.not_open").With("opens", s.Content.Opens, "closes", s.Content.Closes)
	}
	return nil
}

func checkAnswer(answer map[string]int) error {
	refused := errs.ErrInvalid
	if _, given := answer["overall"]; !given {
		refused = refused.At("overall", "field.required")
	}
	for q, level := range answer {
		if !slices.Contains(assessment.Questions(), q) || level < 0 || level > levels {
			refused = refused.At(q, "field.choice")
		}
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}
