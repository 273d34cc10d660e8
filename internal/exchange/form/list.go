package form

import (
	"context"
	"maps"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// SendingFilter narrows a list of sendings.
type SendingFilter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"preparing,open,ended"`
	Form   string `query:"form" maxLength:"60" doc:"Id of a form as it was designed"`
	Cursor string `query:"cursor" maxLength:"120"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// SendingFigures add up what sendings asked and what was known.
type SendingFigures struct {
	Sendings    int `json:"sendings"`
	Communities int `json:"communities" doc:"Times that a community was asked"`
	Wanted      int `json:"wanted" doc:"Fields wanted"`
	Prefilled   int `json:"prefilled" doc:"Of these, filled in before"`
	Asked       int `json:"asked" doc:"Of these, asked"`
	Saved       int `json:"saved" doc:"Minutes saved, by the tariff exchange.field.minutes"`
}

// readable is the condition that the caller may read a sending.
func readable(ctx context.Context, area string, w *db.Where) {
	a := authority.From(ctx)
	var terms []string
	for _, scope := range authority.Narrow(a.Scope(permOversee), area) {
		terms = append(terms, w.Term("area >= %s AND area < %s", scope, authority.PrefixEnd(scope)))
	}
	for _, scope := range authority.Narrow(a.Scope(permRead), area) {
		for _, body := range a.Bodies() {
			terms = append(terms, w.Term("body = %s AND area >= %s AND area < %s", body, scope, authority.PrefixEnd(scope)))
		}
	}
	if len(terms) == 0 {
		w.And("1 = 0")
		return
	}
	w.Any(terms...)
}

// Sendings is one page of those that the caller may read, the latest first, and the cursor of the next. Error: Malformed
// "cursor".
func (s *Service) Sendings(ctx context.Context, f SendingFilter) ([]SendingView, string, error) {
	var w db.Where
	readable(ctx, f.Area, &w)
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	if f.Form != "" {
		w.And("form_id = %s", f.Form)
	}
	if f.Cursor != "" {
		at, id := int64(0), ""
		if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
			return nil, "", err
		}
		w.And("(sent_at, id) < (%s, %s)", at, id)
	}
	limit := w.Arg(f.Limit + 1)
	all, err := db.All(ctx, s.Log.DB, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending`+w.String()+
		` ORDER BY sent_at DESC, id DESC LIMIT `+limit, w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].SentAt, all[f.Limit-1].ID)
	}
	if err != nil {
		return nil, "", err
	}
	some, out := make([]*Sending, len(all)), make([]SendingView, len(all))
	for i := range all {
		some[i] = &all[i]
	}
	if err := s.stand(ctx, s.Log.DB, some...); err != nil {
		return nil, "", err
	}
	for i := range all {
		out[i] = s.sendingView(ctx, &all[i])
	}
	return out, next, nil
}

// Figures add up the sendings that the caller may read.
func (s *Service) Figures(ctx context.Context) (SendingFigures, error) {
	var w db.Where
	readable(ctx, "", &w)
	f, err := db.One(ctx, s.Log.DB, func(r db.Scanner) (f SendingFigures, err error) {
		return f, r.Scan(&f.Sendings, &f.Communities, &f.Wanted, &f.Prefilled)
	}, `SELECT COUNT(*), COALESCE(SUM(prepared), 0), COALESCE(SUM(wanted), 0), COALESCE(SUM(prefilled), 0) FROM exchange_sending`+
		w.String(), w.List...)
	f.Asked, f.Saved = f.Wanted-f.Prefilled, s.saved(f.Prefilled, clock.Day(clock.Now(ctx)))
	return f, err
}

// AnswerFilter narrows a list of answers.
type AnswerFilter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"open,asked,submitted,returned,accepted,lapsed" doc:"open: asked or returned"`
	Late   bool   `query:"late" doc:"Those alone that are past the deadline"`
	Cursor string `query:"cursor" maxLength:"120"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Inbox is one page of what the caller's communities are asked, the nearest deadline first, and the cursor of the next.
func (s *Service) Inbox(ctx context.Context, f AnswerFilter) ([]AnswerSummary, string, error) {
	var w db.Where
	var terms []string
	for _, scope := range mine(ctx, f.Area) {
		terms = append(terms, w.Term("area >= %s AND area < %s", scope, authority.PrefixEnd(scope)))
	}
	if len(terms) == 0 {
		return nil, "", nil
	}
	w.Any(terms...)
	return pageOf(s, ctx, &w, f)
}

// Answers is one page of the answers to a sending that the caller may read. Errors: NotFound; Malformed "cursor".
func (s *Service) Answers(ctx context.Context, sending string, f AnswerFilter) ([]AnswerSummary, string, error) {
	of, err := findSending(ctx, s.Log.DB, sending)
	if err != nil {
		return nil, "", err
	}
	if !seesSending(authority.From(ctx), &of) {
		return nil, "", errs.ErrNotFound
	}
	var w db.Where
	w.And("sending_id = %s", sending)
	if f.Area != "" {
		w.And("area >= %s AND area < %s", f.Area, authority.PrefixEnd(f.Area))
	}
	return pageOf(s, ctx, &w, f)
}

// pageOf reads a page of answers in the order of their deadlines.
func pageOf(s *Service, ctx context.Context, w *db.Where, f AnswerFilter) ([]AnswerSummary, string, error) {
	switch f.State {
	case "":
	case "open":
		w.And("state IN ('asked', 'returned')")
	default:
		w.And("state = %s", f.State)
	}
	if f.Late {
		w.And("state IN ('asked', 'returned') AND due_on < %s", clock.Day(clock.Now(ctx)))
	}
	if f.Cursor != "" {
		due, id := "", ""
		if err := db.ReadCursor(f.Cursor, &due, &id); err != nil {
			return nil, "", err
		}
		w.And("(due_on, id) > (%s, %s)", due, id)
	}
	limit := w.Arg(f.Limit + 1)
	all, err := db.All(ctx, s.Log.DB, scanAnswer, `SELECT `+answerColumns+` FROM exchange_answer`+w.String()+
		` ORDER BY due_on, id LIMIT `+limit, w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].DueOn, all[f.Limit-1].ID)
	}
	of, err := sendingsOf(s, ctx, all)
	if err != nil {
		return nil, "", err
	}
	out := make([]AnswerSummary, len(all))
	for i := range all {
		out[i] = answerSummary(s, ctx, &all[i], of[all[i].Sending])
	}
	return out, next, nil
}

// sendingsOf are the sendings of answers, by id, in one statement.
func sendingsOf(s *Service, ctx context.Context, all []Answer) (map[string]*Sending, error) {
	var ids []string
	for i := range all {
		if !slices.Contains(ids, all[i].Sending) {
			ids = append(ids, all[i].Sending)
		}
	}
	out := map[string]*Sending{}
	if len(ids) == 0 {
		return out, nil
	}
	list, args := db.In(nil, ids)
	rows, err := db.All(ctx, s.Log.DB, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE id IN `+list, args...)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, s.stand(ctx, s.Log.DB, slices.Collect(maps.Values(out))...)
}

// DisputeFilter narrows a list of disputes.
type DisputeFilter struct {
	State  string `query:"state" enum:"claimed,corrected,upheld"`
	Cursor string `query:"cursor" maxLength:"120"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`

	answer string
}

// Disputes is one page of those of the caller's communities and body, or of those that they oversee, the nearest deadline first.
func (s *Service) Disputes(ctx context.Context, f DisputeFilter) ([]DisputeView, string, error) {
	var w db.Where
	if f.answer != "" {
		w.And("shard = %s AND answer_id = %s", shardOf(f.answer), f.answer) // who may read the answer may read these
	} else if !concerned(ctx, &w) {
		return nil, "", nil
	}
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	if f.Cursor != "" {
		due, id := "", ""
		if err := db.ReadCursor(f.Cursor, &due, &id); err != nil {
			return nil, "", err
		}
		w.And("(due_on, id) > (%s, %s)", due, id)
	}
	limit := w.Arg(f.Limit + 1)
	all, err := db.All(ctx, s.Log.DB, scanDispute, `SELECT `+disputeColumns+` FROM exchange_dispute`+w.String()+
		` ORDER BY due_on, id LIMIT `+limit, w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].DueOn, all[f.Limit-1].ID)
	}
	of := map[string]*Sending{}
	out := []DisputeView{}
	for i := range all {
		d := &all[i]
		if of[d.Sending] == nil {
			found, err := findSending(ctx, s.Log.DB, d.Sending)
			if err != nil {
				return nil, "", err
			}
			of[d.Sending] = &found
		}
		if err := unsealDispute(s, d); err != nil {
			return nil, "", err
		}
		q, _ := of[d.Sending].question(d.Field)
		out = append(out, disputeView(s, ctx, d, &q))
	}
	return out, next, nil
}

// concerned is the condition that a dispute concerns the caller; false where none can.
func concerned(ctx context.Context, w *db.Where) bool {
	a := authority.From(ctx)
	var terms []string
	for _, permission := range []string{permFill, permOversee} {
		for _, scope := range a.Scope(permission) {
			terms = append(terms, w.Term("area >= %s AND area < %s", scope, authority.PrefixEnd(scope)))
		}
	}
	for _, body := range a.Bodies() {
		for _, scope := range a.Scope(permDispute) {
			terms = append(terms, w.Term("body = %s AND area >= %s AND area < %s", body, scope, authority.PrefixEnd(scope)))
		}
	}
	if len(terms) == 0 {
		return false
	}
	w.Any(terms...)
	return true
}
