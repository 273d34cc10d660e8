package matter

import (
	"context"

	"linli/internal/casework/worklist"
	"linli/internal/gate"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// follower moves matters and delegations with their communities; numbers stay as they were.
func (s *Service) follower() registry.Follower {
	return registry.Follower{
		What: "matters",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			if err := m.Areas.Rewrite(ctx, tx, "council_matter", "area"); err != nil {
				return err
			}
			return m.Areas.Rewrite(ctx, tx, "council_delegation", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM council_matter WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		},
	}
}

// waiting are the states that wait for each body, in the order in which the inbox shows them.
var waiting = []struct {
	permission, kind string
	states           []flow.State
}{
	{permReview, "council.todo.matter_review", at(stateProposed)},
	{permCouncil, "council.todo.matter_deliberate", at(stateDeliberating)},
	{permExecute, "council.todo.matter_announce", at(stateDecided)},
	{permExecute, "council.todo.matter_execute", at(stateExecuting)},
	{permExecute, "council.todo.matter_disclose", at(stateSupervised)},
	{permSupervise, "council.todo.matter_supervise", at(stateExecuted)},
}

// todo are the matters that wait for the actor's body, and the findings that the committee has not answered.
func (s *Service) todo(ctx context.Context) (out []worklist.Todo, err error) {
	a := authority.From(ctx)
	ask := func(permission, kind, query, value, condition string, args ...any) error {
		scopes := a.Scope(permission)
		if len(scopes) == 0 || err != nil {
			return err
		}
		var w db.Where
		w.And(condition, args...)
		below(&w, scopes)
		t, one, err := worklist.CountTodo(ctx, s.Log.DB, "council_matter", "id", "due", &w)
		t.Kind, t.Page, t.Query = kind, "matters", map[string]string{query: value}
		if t.Count == 1 {
			t.Page, t.ID, t.Query = "matter", one, nil
		}
		out = append(out, t)
		return err
	}
	for _, x := range waiting {
		if err := ask(x.permission, x.kind, "state", string(x.states[0]), "state = %s", string(x.states[0])); err != nil {
			return nil, err
		}
	}
	return out, ask(permExecute, "council.todo.matter_answer", "late", "", "open_findings > 0 AND state IN ('executing', 'executed')")
}

// decisions and deliberations are what communities disclose of their matters.
type (
	decisions     struct{ *Service }
	deliberations struct{ *Service }
)

// FactCode implements [gate.Facts].
func (decisions) FactCode() string { return "decision" }

// FactCode implements [gate.Facts].
func (deliberations) FactCode() string { return "deliberation" }

// Facts implements [gate.Facts]: decisions of assemblies and representatives of a period with votes and execution.
func (f decisions) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(f.Texts, "council.portal.fact.day", "council.portal.fact.matter", "council.portal.fact.body", "council.portal.fact.vote",
		"council.portal.fact.state", "council.portal.fact.money")}
	return out, f.facts(ctx, r, q, &out, func(m *Matter) []string {
		d := m.Record.Decision
		if d == nil || d.Body != "assembly" && d.Body != "representatives" || d.Day < q.From || d.Day > q.To {
			return nil
		}
		return []string{d.Day, m.publicTitle(f.Texts, text.Chinese), f.word("council.ui.organ." + m.Kind + "." + d.Body),
			f.Texts.T(text.Chinese, "council.portal.counts", "entitled", d.Entitled, "present", d.Present, "yes", d.Yes, "no", d.No, "abstain", d.Abstain),
			f.word("council.matter.state." + string(m.State)), yuan(m.spent())}
	})
}

// Facts implements [gate.Facts]: deliberations of a period with who took part, what came of them and how far it is.
func (f deliberations) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(f.Texts, "council.portal.fact.day", "council.portal.fact.matter", "council.portal.fact.form", "council.portal.fact.parties",
		"council.portal.fact.outcome", "council.portal.fact.state")}
	return out, f.facts(ctx, r, q, &out, func(m *Matter) []string {
		d := m.round()
		if d == nil || d.Outcome == "" || d.Day < q.From || d.Day > q.To {
			return nil
		}
		return []string{d.Day, m.publicTitle(f.Texts, text.Chinese), f.word("council.matter.ui.form." + d.Form), joined(d.Parties, d.Invitees),
			f.word("council.matter.ui.outcome." + d.Outcome), f.word("council.matter.state." + string(m.State))}
	})
}

func (s *Service) word(key string) string { return s.Texts.T(text.Chinese, key) }

// facts adds the rows that a matter of a community gives; row gives nil for none.
func (s *Service) facts(ctx context.Context, r db.Reader, q gate.FactQuery, out *gate.FactTable, row func(*Matter) []string) error {
	all, err := db.All(ctx, r, scan, `SELECT `+columns+` FROM council_matter WHERE area = $1 ORDER BY raised_at, id LIMIT $2`, q.Area, gate.MostFacts)
	for i := range all {
		if cells := row(&all[i]); cells != nil {
			out.Rows = append(out.Rows, cells)
		}
	}
	return err
}

// personal is what is kept of residents: that a telephone number has raised, supported or appraised something. Nobody's name is kept.
func (s *Service) personal() people.Personal {
	return people.Personal{Held: s.held, Erase: s.erase}
}

// held are the proposals that a person's number has raised or supported.
func (s *Service) held(ctx context.Context, r db.Reader, p people.Person) ([]people.HeldConsent, error) {
	if p.Phone == "" {
		return nil, nil
	}
	lang := text.From(ctx)
	return db.All(ctx, r, func(row db.Scanner) (h people.HeldConsent, err error) {
		var title, area string
		err = row.Scan(&title, &area, &h.Given)
		h.Channel, h.Purpose, h.Where = "sms", s.Texts.T(lang, "council.portal.matter_held", "title", title), s.areaName(ctx, area)
		return h, err
	}, `SELECT m.title, m.area, x.at FROM council_support x JOIN council_matter m ON m.shard = x.shard AND m.id = x.matter_id
		WHERE x.mark = $1 ORDER BY x.at LIMIT 500`, s.phoneMark(p.Phone))
}

// erase makes what a person's number has raised, supported or appraised nobody's; the counts stay.
func (s *Service) erase(ctx context.Context, tx *audit.Tx, p people.Person) error {
	if p.Phone == "" {
		return nil
	}
	mark := s.phoneMark(p.Phone)
	for _, q := range []string{`UPDATE council_matter SET owner = $2 WHERE owner = $1`, `UPDATE council_support SET mark = $2 WHERE mark = $1`,
		`UPDATE council_grade SET mark = $2 WHERE mark = $1`} {
		if _, err := tx.Exec(ctx, q, mark, "erased "+db.NewID(ctx)); err != nil {
			return err
		}
	}
	tx.Record(audit.Entry{Action: "council.matter.erase", Subject: subject, SubjectID: clock.Day(tx.Now)})
	return nil
}
