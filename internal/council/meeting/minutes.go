package meeting

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

var (
	errNoMinutes = errs.New(errs.Conflict, "council.minutes.text")     // nothing was written
	errNobody    = errs.New(errs.Conflict, "council.minutes.presence") // nobody is on the presence list
	errUnvoted   = errs.New(errs.Conflict, "council.minutes.votes")    // an item has neither a vote nor a reason
	errSigners   = errs.New(errs.Conflict, "council.minutes.signers")  // chair or recorder lack, or are one person
)

// Minute writes the minutes, who signs them, and why no vote was taken on an item, until they are signed. Errors: Invalid; those of
// flow.Judge.
func (s *Service) Minute(ctx context.Context, id string, version int64, mi MeetingMinutes, noVote map[string]string) (Meeting, error) {
	mi.Text = strings.TrimSpace(mi.Text)
	if !fold.Within(mi.Text, maxMinutes) {
		return Meeting{}, errs.ErrInvalid.At("text", "field.too_long", "max", maxMinutes)
	}
	var out Meeting
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, err := s.judged(ctx, tx, id, verbMinute, version)
		if err != nil {
			return err
		}
		m.Minutes = mi
		m.Items = slices.Clone(m.Items)
		for i := range m.Items {
			if why, ok := noVote[m.Items[i].ID]; ok && fold.Within(why, maxReason) {
				m.Items[i].NoVote = fold.Line(why)
			}
		}
		tx.Record(audit.Entry{Action: permKeep, Area: m.Area, Subject: subject, SubjectID: m.ID, Detail: map[string]any{"verb": verbMinute}})
		err = update(ctx, tx, &m)
		out = m
		return err
	})
	return out, err
}

// sign closes a meeting's record. Errors: Conflict without a presence list, minutes, a vote on each item that decides (or why none was
// taken), or two signers who were present: chair and recorder.
func (s *Service) sign(ctx context.Context, tx *audit.Tx, m *Meeting) error {
	there, err := listAttendance(ctx, tx, m)
	if err != nil {
		return err
	}
	votes, err := listVotes(ctx, tx, m)
	if err != nil {
		return err
	}
	if len(there) == 0 {
		return errNobody
	}
	if m.Minutes.Text == "" {
		return errNoMinutes
	}
	votes = current(votes)
	for _, it := range m.Items {
		voted := slices.ContainsFunc(votes, func(v MeetingVote) bool { return v.Item == it.ID })
		if it.Decides && !voted && it.NoVote == "" {
			return errUnvoted.With("item", it.Title)
		}
	}
	attended := func(id string) bool {
		return slices.ContainsFunc(there, func(a Attendance) bool { return a.ID == id && a.How != Proxy })
	}
	mi := &m.Minutes
	if !attended(mi.Chair) || !attended(mi.Recorder) || mi.Chair == mi.Recorder || mi.Supervisor != "" && !attended(mi.Supervisor) {
		return errSigners
	}
	m.SignedAt, m.Digest = clock.Millis(tx.Now), m.sum(there, votes)
	return nil
}
