package form

import (
	"context"
	"errors"
	"slices"
	"time"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// A sending is one write that asks the gate and keeps the form as it is; communities then get it in chunks, each in a write
// together with how far it has come. So a stop in between loses nothing and doubles nothing, and another process may go on.

// NewSending asks to send a form.
type NewSending struct {
	Form      string
	Areas     []string // communities, or areas above with all of theirs
	Duty      string   // code of the listed duty where the form names no admission
	DueOn     string   // or "": by the form's working days
	Minutes   int      // declared for each community
	ClientKey string   // by which a repeated request is known, or ""

	Carrier    string // id of the task that carries it, or ""
	CarrierWay gate.Way
}

// mostChosen bounds the areas that are chosen at once, maxDeclared the minutes.
const (
	mostChosen  = 2000
	maxDeclared = 6000
)

var (
	errGateless = errs.New(errs.Conflict, "exchange.sending.gateless").By(ruleGate)
	errNobody   = errs.ErrInvalid.At("areas", "exchange.sending.nobody")
)

// Send asks the gate to let a form through to communities, and begins to send it. The same client key of a body
// answers with the sending that it made. Errors: those of Forms.Sendable and of gate.Gate; Invalid; Forbidden over the area
// or for a form of another body; Conflict "exchange.sending.gateless" where no gate is connected.
func (s *Service) Send(ctx context.Context, n NewSending) (Sending, error) {
	communities, chosen, err := s.communities(n.Areas)
	if err != nil {
		return Sending{}, err
	}
	if n.Minutes < 0 || n.Minutes > maxDeclared {
		return Sending{}, errs.ErrInvalid.At("minutes", "field.range", "min", 0, "max", maxDeclared)
	}
	var out Sending
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		d, err := s.Forms.Sendable(ctx, tx, n.Form)
		if err != nil {
			return err
		}
		if err := tx.Require(permSend, over(chosen)); err != nil {
			return err
		}
		if !tx.Actor.In(d.Body) {
			return errs.ErrForbidden
		}
		if out, err = sentBefore(ctx, tx, over(chosen), d.Body, n.ClientKey); err == nil && out.ID != "" {
			tx.Record(audit.Entry{Action: permSend, Area: out.Area, Subject: subjectSending, SubjectID: out.ID,
				Detail: map[string]any{"again": true}})
			return nil
		} else if err != nil {
			return err
		}
		if s.Gate == nil {
			return errGateless
		}
		pass, err := s.Gate.Pass(ctx, tx, gate.Request{Way: gate.Form, Body: d.Body, Areas: communities, Admission: d.Admission, Duty: n.Duty,
			Form: d.ID, Minutes: n.Minutes})
		if err != nil {
			return err
		}
		out, err = s.begin(ctx, tx, &d, &n, chosen, len(communities), pass)
		return err
	})
	return out, err
}

// communities are those chosen, and the areas by which they were, none inside another.
func (s *Service) communities(codes []string) (all, chosen []string, err error) {
	if len(codes) > mostChosen {
		return nil, nil, errs.ErrInvalid.At("areas", "field.too_long", "max", mostChosen)
	}
	for _, code := range codes {
		a, ok := s.Registry.Area(s.Registry.Resolve(code))
		if !ok || a.Level < registry.LevelCity || a.Level > registry.LevelCommunity {
			return nil, nil, errs.ErrInvalid.At("areas", "exchange.sending.area", "area", code)
		}
		chosen = append(chosen, a.Code)
	}
	chosen = authority.Outermost(slices.Compact(slices.Sorted(slices.Values(chosen))))
	slices.Sort(chosen)
	if all = s.below(chosen); len(all) == 0 {
		return nil, nil, errNobody
	}
	return all, chosen, nil
}

// below are the communities of today in areas, by their codes in order.
func (s *Service) below(chosen []string) []string {
	var all []string
	for _, code := range chosen {
		if a, ok := s.Registry.Area(code); ok && a.Level == registry.LevelCommunity {
			all = append(all, code)
			continue
		}
		for _, c := range s.Registry.Below(code, registry.LevelCommunity) {
			all = append(all, c.Code)
		}
	}
	slices.Sort(all)
	return all
}

// sentBefore is the sending that a client key of a body made, or one without id.
func sentBefore(ctx context.Context, tx *audit.Tx, area, body, key string) (Sending, error) {
	if key == "" {
		return Sending{}, nil
	}
	s, err := db.One(ctx, tx, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE shard = $1 AND body = $2 AND client_key = $3`,
		db.Shard(area), body, key)
	if db.IsNone(err) {
		return Sending{}, nil
	}
	return s, err
}

// begin keeps a sending that was let through.
func (s *Service) begin(ctx context.Context, tx *audit.Tx, d *Definition, n *NewSending, chosen []string, total int,
	pass gate.Pass) (Sending, error) {
	today := clock.Day(tx.Now)
	out := Sending{ClientKey: n.ClientKey, Form: d.ID, Title: d.Title, Purpose: d.Purpose, Questions: d.Questions, Body: d.Body,
		Area: over(chosen), Areas: chosen, Pass: pass, Duty: d.Admission == "", DueOn: fold.KeepDay(n.DueOn), Minutes: n.Minutes,
		State: string(sendings.Start), Total: total, SentAt: clock.Millis(tx.Now), SenderID: tx.Actor.ID, Sender: tx.Actor.Name,
		Carrier: n.Carrier, CarrierWay: n.CarrierWay, Version: 1}
	if out.DueOn == "" {
		due, err := s.Calendar.Now().DeadlineDate(today, calendar.Workdays(d.Days))
		if err != nil {
			return out, known(err)
		}
		out.DueOn = due
		if pass.Until != "" {
			out.DueOn = min(due, pass.Until)
		}
	}
	switch day, ok := fold.Day(out.DueOn); {
	case !ok || day != out.DueOn:
		return out, errs.ErrInvalid.At("dueOn", "field.date")
	case out.DueOn < today || pass.Until != "" && out.DueOn > pass.Until:
		return out, errs.ErrInvalid.At("dueOn", "exchange.sending.due", "from", today, "until", pass.Until)
	}
	out.Shard = db.Shard(out.Area)
	out.ID = out.Shard + "-" + db.NewID(ctx)
	tx.Record(audit.Entry{Action: permSend, Area: out.Area, Subject: subjectSending, SubjectID: out.ID, After: map[string]any{
		"form": out.Form, "title": out.Title.Zh, "areas": len(chosen), "communities": total, "pass": pass.Number, "due": out.DueOn,
		"minutes": out.Minutes, "purpose": out.Purpose.Zh, "elements": elementsOf(&out)}})
	return out, insertSending(ctx, tx, &out)
}

// known turns a year whose working days are not known into a refusal: the sender may name a day instead.
func known(err error) error {
	var unknown *calendar.YearNotLoaded
	if errors.As(err, &unknown) {
		return errs.ErrInvalid.At("dueOn", "exchange.sending.calendar", "year", unknown.Year)
	}
	return err
}

// elementsOf are the elements whose values a sending fills in, in order.
func elementsOf(s *Sending) []string {
	out := []string{}
	for i := range s.Questions {
		if e := s.Questions[i].Element; e != "" && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}

const (
	prepareEvery = 2 * time.Second
	prepareBatch = 200 // communities of one write
)

// errAhead ends a write in which another process has gone on with the sending.
var errAhead = errors.New("another process is ahead")

// Prepare is the job that gives communities what was sent to them.
func (s *Service) Prepare(ctx context.Context) error {
	for ctx.Err() == nil {
		next, err := waiting(ctx, s.Log.DB)
		if err != nil || len(next) == 0 {
			return err
		}
		if err := s.prepareSome(ctx, &next[0]); err != nil && !errors.Is(err, errAhead) {
			return err
		}
	}
	return nil
}

func (s *Service) prepareWaits(ctx context.Context) (bool, error) {
	next, err := waiting(ctx, s.Log.DB)
	return len(next) > 0, err
}

func waiting(ctx context.Context, r db.Reader) ([]Sending, error) {
	return db.All(ctx, r, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE state = 'preparing' ORDER BY sent_at LIMIT 1`)
}

// prepareSome gives the next communities their rows. What is held is read, and sealed, before the write.
func (s *Service) prepareSome(ctx context.Context, at *Sending) error {
	next := []string{}
	for _, code := range s.below(at.Areas) {
		if code > at.Place && len(next) < prepareBatch {
			next = append(next, code)
		}
	}
	held := map[string]map[string]Held{}
	if elements := elementsOf(at); len(elements) > 0 && len(next) > 0 {
		var err error
		if held, err = s.Holdings.Values(ctx, elements, next); err != nil {
			return err
		}
	}
	has, err := having(s, ctx, at, next)
	if err != nil {
		return err
	}
	rows := []Answer{}
	for _, code := range next {
		if has[code] { // its code has changed since it got it
			continue
		}
		a, err := s.fill(ctx, at, code, held[code])
		if err != nil {
			return err
		}
		rows = append(rows, a)
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job; who sent it was judged
		of, err := findSending(ctx, tx, at.ID)
		if err != nil {
			return err
		}
		if of.State != at.State || of.Place != at.Place {
			return errAhead
		}
		if err := s.hand(ctx, tx, &of, rows); err != nil {
			return err
		}
		if len(next) > 0 {
			of.Place = next[len(next)-1]
		}
		if len(next) < prepareBatch {
			if _, err := sendings.Take(&of, verbStart, tx.Actor); err != nil {
				return err
			}
			of.State, of.Total = string(stateOpen), of.Prepared // the register may have changed meanwhile
		}
		tx.Record(audit.Entry{Action: actionPrepare, Area: of.Area, Subject: subjectSending, SubjectID: of.ID,
			Detail: map[string]any{"communities": len(rows), "prepared": of.Prepared, "purpose": of.Purpose.Zh, "elements": elementsOf(&of)}})
		return updateSending(ctx, tx, &of)
	})
}

// having are those of these communities that have the sending.
func having(s *Service, ctx context.Context, of *Sending, communities []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(communities) == 0 {
		return out, nil
	}
	found, err := db.All(ctx, s.Log.DB, func(r db.Scanner) (code string, err error) { return code, r.Scan(&code) },
		`SELECT area FROM exchange_answer WHERE sending_id = $1 AND area >= $2 AND area <= $3`, of.ID, communities[0],
		communities[len(communities)-1])
	for _, code := range found {
		out[code] = true
	}
	return out, err
}

const actionPrepare = "exchange.sending.prepare"

// fill makes what one community is asked, filled in with what is held.
func (s *Service) fill(ctx context.Context, of *Sending, code string, held map[string]Held) (Answer, error) {
	a := Answer{Shard: db.Shard(code), Sending: of.ID, Origin: code, Area: code, State: string(answers.Start), DueOn: of.DueOn, Minutes: -1,
		Reasons: map[string]string{}, Version: 1, content: content{Held: map[string]Held{}}}
	a.ID = a.Shard + "-" + db.NewID(ctx)
	judge := judging(s, clock.Day(clock.Now(ctx)), nil)
	for i := range of.Questions {
		q := &of.Questions[i]
		a.Wanted++
		h, ok := held[q.Element]
		if !ok || q.Element == "" || h.Value.Empty() {
			continue
		}
		if h.Value = q.Fold(h.Value, &judge); !q.Fits(h.Value, &judge) {
			continue // what is held does not answer this question, e.g. a code that its list does not have
		}
		a.Held[q.Key] = h
		a.Prefilled++
	}
	return a, s.seal(&a)
}

// hand writes the rows of communities, counts them, and moves the sending on.
func (s *Service) hand(ctx context.Context, tx *audit.Tx, of *Sending, rows []Answer) error {
	err := registry.InsertMany(ctx, tx, "exchange_answer", answerColumns, len(rows),
		func(i int) []any { return rows[i].values() }, func(int) {})
	if err != nil {
		return err
	}
	loads := make([]gate.Load, len(rows))
	for i := range rows {
		a := &rows[i]
		of.Wanted += a.Wanted
		of.Prefilled += a.Prefilled
		for _, h := range a.Held {
			if h.Person != "" {
				if err := s.People.Seen(ctx, tx, h.Person, purposeFill, of.Pass.Number, s.Registry.BodyName(of.Body)); err != nil {
					return err
				}
			}
		}
		loads[i] = s.load(tx, of, a.Area)
		loads[i].Fields, loads[i].Prefilled = a.Wanted, a.Prefilled
		if !of.carried() {
			loads[i].Asked, loads[i].Declared = 1, of.Minutes
		}
	}
	of.Prepared += len(rows)
	return s.count(ctx, tx, loads...)
}

// purposeFill is the purpose for which a value about a person is filled into a form.
const purposeFill = "service"
