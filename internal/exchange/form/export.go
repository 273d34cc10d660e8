package form

import (
	"context"
	"io"
	"strconv"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Export is the answers to a sending, being written as a table.
type Export struct {
	s  *Service
	of Sending
}

// exportPage is how many answers are read at once.
const exportPage = 200

// NewExport judges and records that the actor takes the answers with them, for a purpose. Whom values are about sees that
// they were taken. Errors: Forbidden "exchange.answer.purpose" without a purpose, and for another body; NotFound.
func (s *Service) NewExport(ctx context.Context, id, purpose string) (*Export, error) {
	if err := purposeOf(purpose); err != nil {
		return nil, err
	}
	e := &Export{s: s}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		of, err := findSending(ctx, tx, id)
		if err != nil {
			return err
		}
		if !seesSending(tx.Actor, &of) {
			tx.Judged()
			return errs.ErrNotFound
		}
		if err := tx.Require(permExport, of.Area); err != nil {
			return err
		}
		if !tx.Actor.In(of.Body) {
			return errs.ErrForbidden
		}
		e.of = of
		tx.Record(audit.Entry{Action: permExport, Area: of.Area, Subject: subjectSending, SubjectID: of.ID,
			Detail: map[string]any{"purpose": purpose, "pass": of.Pass.Number, "communities": of.Prepared}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return e, e.seen(ctx, purpose)
}

// seen tells the persons whom held values are about that these were taken, some answers a write.
func (e *Export) seen(ctx context.Context, purpose string) error {
	office := e.s.Registry.BodyName(e.of.Body)
	return e.each(ctx, func(some []Answer) error {
		var persons []string
		for i := range some {
			for _, h := range some[i].Held {
				if h.Person != "" {
					persons = append(persons, h.Person)
				}
			}
		}
		if len(persons) == 0 {
			return nil
		}
		return e.s.Log.Do(ctx, func(tx *audit.Tx) error {
			if err := tx.Require(permExport, e.of.Area); err != nil {
				return err
			}
			for _, person := range persons {
				if err := e.s.People.Seen(ctx, tx, person, purpose, e.of.Pass.Number, office); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// each gives all answers, in the order of the communities, one page in memory at a time.
func (e *Export) each(ctx context.Context, do func([]Answer) error) error {
	after, id := "", ""
	for {
		some, err := db.All(ctx, e.s.Log.DB, scanAnswer, `SELECT `+answerColumns+` FROM exchange_answer WHERE sending_id = $1
			AND (area, id) > ($2, $3) ORDER BY area, id LIMIT $4`, e.of.ID, after, id, exportPage)
		if err != nil {
			return err
		}
		for i := range some {
			a := &some[i]
			a.of, a.today = &e.of, clock.Day(clock.Now(ctx))
			if err := e.s.unseal(a); err != nil {
				return err
			}
		}
		if err := do(some); err != nil || len(some) < exportPage {
			return err
		}
		after, id = some[len(some)-1].Area, some[len(some)-1].ID
	}
}

// Write writes a row for each community: where it is, how its answer stands, and what it answered.
func (e *Export) Write(ctx context.Context, w io.Writer, format string) error {
	table, err := sheet.NewTable(w, format)
	if err != nil {
		return err
	}
	lang := text.From(ctx)
	say := func(key string) string { return e.s.Texts.T(lang, key) }
	head := []string{say("exchange.column.county"), say("exchange.column.street"), say("exchange.column.community"),
		say("exchange.column.code"), say("exchange.column.state"), say("exchange.column.submitted"), say("exchange.column.minutes")}
	for _, q := range e.of.Questions {
		head = append(head, q.Label.In(lang))
	}
	if err := table.Row(head...); err != nil {
		return err
	}
	err = e.each(ctx, func(some []Answer) error {
		if err := e.s.Log.Alive(ctx, e.s.Log.DB); err != nil {
			return err
		}
		for i := range some {
			if err := table.Row(e.row(&some[i], lang)...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return table.Close()
}

// row is one answer. What was not sent to the department yet is left empty.
func (e *Export) row(a *Answer, lang text.Lang) []string {
	name := func(level int) string {
		for _, step := range e.s.Registry.Path(a.Area) {
			if step.Level == level {
				return registry.NameIn(step, lang)
			}
		}
		return ""
	}
	cells := []string{name(registry.LevelCounty), name(registry.LevelStreet), name(registry.LevelCommunity), a.Area,
		e.s.Texts.T(lang, "exchange.answer.state."+a.State), "", ""}
	sent := a.State == string(stateSubmitted) || a.State == string(stateAccepted)
	if sent {
		cells[5], cells[6] = clock.Instant(a.SubmittedAt).Format("2006-01-02 15:04"), strconv.Itoa(a.Measured())
	}
	namer := namer(e.s, lang, nil)
	for i := range e.of.Questions {
		words := ""
		if q := &e.of.Questions[i]; sent {
			words = q.Words(a.given(q.Key), lang, namer)
		}
		cells = append(cells, words)
	}
	return cells
}
