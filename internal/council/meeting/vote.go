package meeting

import (
	"context"

	"linli/internal/council"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/threshold"
)

// MeetingVote is a show of hands. A correction is another row that replaces it; both stay.
type MeetingVote struct {
	ID       string             `json:"id"`
	Item     string             `json:"item" doc:"Of the agenda"`
	Question string             `json:"question"`
	At       int64              `json:"at"`
	Entitled int                `json:"entitled"`
	Present  int                `json:"present"`
	Yes      int                `json:"yes"`
	No       int                `json:"no"`
	Abstain  int                `json:"abstain"`
	Passes   bool               `json:"passes"`
	Decision council.AnswerView `json:"decision" doc:"By which rule, and what was short"`
	Replaces string             `json:"replaces,omitempty" doc:"Of a correction: the count that it replaces"`
	Reason   string             `json:"reason,omitempty" doc:"Why it was corrected"`
	By       string             `json:"by" doc:"Name of the account"`
}

// Hands is a count as it is entered.
type Hands struct {
	Item     string `json:"item" maxLength:"8"`
	Question string `json:"question,omitempty" maxLength:"400" doc:"The item's title where it is empty"`
	Yes      int    `json:"yes" minimum:"0" maximum:"1000000"`
	No       int    `json:"no" minimum:"0" maximum:"1000000"`
	Abstain  int    `json:"abstain" minimum:"0" maximum:"1000000"`
}

var (
	errItem  = errs.New(errs.Invalid, "council.vote.item")     // nothing of the agenda that is decided
	errHands = errs.New(errs.Invalid, "council.vote.hands")    // more hands than people
	errVoted = errs.New(errs.Conflict, "council.vote.already") // decided; a wrong count is corrected
)

// Count keeps a show of hands and judges it. The quorum is judged with it. Errors: Conflict "council.meeting.quorum_lost" with the hour;
// "council.vote.already"; Invalid for more hands than people, or an item on which nothing is decided.
func (s *Service) Count(ctx context.Context, id string, version int64, h Hands) (Meeting, error) {
	return s.counted(ctx, id, version, verbVote, func(tx *audit.Tx, m *Meeting, votes []MeetingVote) (MeetingVote, error) {
		v := MeetingVote{Item: h.Item, Question: fold.Line(h.Question), Yes: h.Yes, No: h.No, Abstain: h.Abstain}
		it := m.item(h.Item)
		if it == nil || !it.Decides {
			return v, errItem
		}
		if v.Question == "" {
			v.Question = it.Title
		}
		for _, o := range votes {
			if o.Item == v.Item && o.Question == v.Question {
				return v, errVoted
			}
		}
		var err error
		if v.Present, err = countPresent(ctx, tx, m); err != nil {
			return v, err
		}
		d, err := s.quorum(ctx, tx, m, v.Present)
		if err != nil {
			return v, err
		}
		if !d.Passes {
			since := m.LostAt
			if since == 0 {
				since = clock.Millis(tx.Now)
			}
			return v, errLost.With("time", clock.Instant(since).Format("15:04"), "present", v.Present, "need", d.Short[0].Need,
				"basis", d.Law, "article", d.Article).By(d.Rule)
		}
		return v, nil
	})
}

// Correct replaces a count that was entered wrongly, until the minutes are signed, with the reason. Errors: NotFound; Invalid.
func (s *Service) Correct(ctx context.Context, id, vote string, version int64, h Hands, reason string) (Meeting, error) {
	reason = fold.Line(reason)
	if reason == "" || !fold.Within(reason, maxReason) {
		return Meeting{}, errs.ErrInvalid.At("reason", "field.required")
	}
	return s.counted(ctx, id, version, verbCorrect, func(_ *audit.Tx, _ *Meeting, votes []MeetingVote) (MeetingVote, error) {
		for _, o := range current(votes) {
			if o.ID == vote {
				o.Replaces, o.Reason, o.Yes, o.No, o.Abstain = o.ID, reason, h.Yes, h.No, h.Abstain
				return o, nil
			}
		}
		return MeetingVote{}, errs.ErrNotFound
	})
}

// counted judges a count and keeps it.
func (s *Service) counted(ctx context.Context, id string, version int64, verb flow.Verb,
	count func(*audit.Tx, *Meeting, []MeetingVote) (MeetingVote, error)) (Meeting, error) {
	var out Meeting
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		m, err := s.judged(ctx, tx, id, verb, version)
		if err != nil {
			return err
		}
		votes, err := listVotes(ctx, tx, &m)
		if err != nil {
			return err
		}
		v, err := count(tx, &m, votes)
		if err != nil {
			return err
		}
		if v.Yes+v.No+v.Abstain > v.Present {
			return errHands.With("hands", v.Yes+v.No+v.Abstain, "present", v.Present)
		}
		v.ID, v.At, v.By, v.Entitled = db.NewID(ctx), clock.Millis(tx.Now), tx.Actor.Name, m.Entitled
		at := min(v.Present, m.Entitled)
		yes := min(v.Yes, at)
		d, err := s.Council.Decide(ctx, tx, threshold.Question{Matter: m.rules() + ".passed", Kind: m.Kind, Mode: m.mode(), On: m.Day,
			Counts: threshold.Counts{Entitled: &m.Entitled, Present: &at, Yes: &yes}})
		if err != nil {
			return errNone.Because(err)
		}
		v.Passes, v.Decision = d.Passes, council.View(&d)
		tx.Record(audit.Entry{Action: permKeep, Area: m.Area, Subject: subject, SubjectID: m.ID, After: v, Detail: map[string]any{"verb": verb}})
		if err := insertVote(ctx, tx, &m, &v); err != nil {
			return err
		}
		err = update(ctx, tx, &m)
		out = m
		return err
	})
	return out, err
}

// current are the votes without those that a correction has replaced, in the order in which they were taken.
func current(all []MeetingVote) []MeetingVote {
	replaced := map[string]bool{}
	for _, v := range all {
		replaced[v.Replaces] = true
	}
	out := []MeetingVote{}
	for _, v := range all {
		if !replaced[v.ID] {
			out = append(out, v)
		}
	}
	return out
}

// VoteFailed is the key of Passed's refusal of a vote that did not pass.
const VoteFailed = "council.vote.failed"

// Passed is a vote of a meeting that has passed, for rooms and modules that rest on it. The meeting must be signed: before that a count may
// be corrected. Errors: NotFound; Conflict "council.vote.unsigned" or "council.vote.failed".
func (s *Service) Passed(ctx context.Context, r db.Reader, id, vote string) (Meeting, MeetingVote, error) {
	m, err := find(ctx, r, id)
	if err != nil {
		return m, MeetingVote{}, err
	}
	votes, err := listVotes(ctx, r, &m)
	if err != nil {
		return m, MeetingVote{}, err
	}
	for _, v := range current(votes) {
		switch {
		case v.ID != vote:
			continue
		case m.State != stateSigned:
			return m, v, errs.New(errs.Conflict, "council.vote.unsigned").With("number", m.Number)
		case !v.Passes:
			return m, v, errs.New(errs.Conflict, VoteFailed).With("number", m.Number).By(v.Decision.Rule)
		}
		return m, v, nil
	}
	return m, MeetingVote{}, errs.ErrNotFound
}

// SignedVote is a vote of a meeting whose minutes are signed.
type SignedVote struct {
	Meeting string `json:"meeting"`
	Number  string `json:"number"`
	Title   string `json:"title"`
	Body    string `json:"body" enum:"assembly,representatives,group,committee,supervisory,council,party"`
	Day     string `json:"day"`
	MeetingVote
}

// Signed are the votes of a community's signed meetings from a day on, corrected counts left out, the latest meeting first; for rooms that
// rest on them. The caller judges authority.
func (s *Service) Signed(ctx context.Context, r db.Reader, area string, from int64) ([]SignedVote, error) {
	all, err := db.All(ctx, r, scan, `SELECT `+columns+` FROM council_meeting WHERE area = $1 AND state = 'signed' AND starts_at >= $2
		ORDER BY starts_at DESC LIMIT 50`, area, from)
	if err != nil {
		return nil, err
	}
	out := []SignedVote{}
	for i := range all {
		m := &all[i]
		votes, err := listVotes(ctx, r, m)
		if err != nil {
			return nil, err
		}
		for _, v := range current(votes) {
			out = append(out, SignedVote{Meeting: m.ID, Number: m.Number, Title: m.Title, Body: m.Body, Day: m.Day, MeetingVote: v})
		}
	}
	return out, nil
}
