package ballot_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"linli/internal/app/apptest"
	"linli/internal/council/ballot"
	"linli/internal/council/bundle"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
)

func service(w *apptest.World) *ballot.Service { return module.Of[*ballot.Service](w.App.Modules) }

// write runs a write of the platform's own.
func write(t *testing.T, w *apptest.World, ctx context.Context, do func(tx *audit.Tx) error) error {
	t.Helper()
	return service(w).Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: "council.ballot.run", Area: apptest.Community, Subject: "council.poll"})
		return do(tx)
	})
}

func key(err error) string { return errs.Of(err).Key }

// posted is a poll of n voters with its roll posted, on a day of an election by residents or villagers.
func posted(t *testing.T, w *apptest.World, n int, of bundle.Poll) ballot.Poll {
	t.Helper()
	s := service(w)
	add := []ballot.Entrant{}
	for i := range n {
		id, err := s.People.Add(w.System(), people.NewResident{Area: apptest.Community, Person: people.Person{Name: fmt.Sprintf("voter %d", i)}})
		if err != nil {
			t.Fatal(err)
		}
		add = append(add, ballot.Entrant{Person: id, Basis: ballot.BasisResident})
	}
	var p ballot.Poll
	of.Area, of.Title = apptest.Community, "probe"
	day, err := time.ParseInLocation(time.DateOnly, of.Day, clock.City)
	if err != nil {
		t.Fatal(err)
	}
	ctx := clock.With(w.System(), day.AddDate(0, 0, -30))
	if err := write(t, w, ctx, func(tx *audit.Tx) (err error) {
		if p, err = s.Create(ctx, tx, of, true); err == nil {
			err = s.Change(ctx, tx, &p, add, nil, "")
		}
		if err == nil {
			err = s.Post(ctx, tx, &p)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

// Posting under 20 days before polling is refused with the article, by the boundary.
func TestTheRollIsPostedTwentyDaysBefore(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		day := "2026-06-30"
		for on, ok := range map[string]bool{"2026-06-10": true, "2026-06-11": false} {
			at, _ := time.ParseInLocation(time.DateOnly, on, clock.City)
			ctx := clock.With(w.System(), at)
			id, err := s.People.Add(w.System(), people.NewResident{Area: apptest.Community, Person: people.Person{Name: "voter " + on}})
			if err != nil {
				t.Fatal(err)
			}
			err = write(t, w, ctx, func(tx *audit.Tx) error {
				p, err := s.Create(ctx, tx, bundle.Poll{Area: apptest.Community, Title: "probe", Matter: "election", Kind: "residents", Mode: bundle.Voters,
					Day: day}, false)
				if err == nil {
					err = s.Change(ctx, tx, &p, []ballot.Entrant{{Person: id, Basis: ballot.BasisResident}}, nil, "")
				}
				if err == nil {
					err = s.Post(ctx, tx, &p)
				}
				return err
			})
			if ok && err != nil || !ok && (key(err) != "council.roll.late" || errs.Of(err).Rule == "") {
				t.Errorf("posted on %s: %v", on, err)
			}
		}
	})
}

// Who may vote for somebody, by kind of community, mode and the law of the day.
func TestProxies(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		nobody := func(int) bool { return false }
		delegate := func(p *ballot.Poll, principal, agent int, relation string) string {
			err := write(t, w, w.System(), func(tx *audit.Tx) error {
				return s.Delegate(w.System(), tx, p, ballot.Proxy{Principal: principal, Agent: agent, Relation: relation, Document: "d"}, nobody)
			})
			if err != nil && errs.Of(err).Rule == "" && key(err) != "invalid" {
				t.Errorf("no rule: %v", err)
			}
			if err == nil {
				return ""
			}
			return key(err)
		}
		for _, c := range []struct {
			kind, day string
			mode      bundle.Mode
			relation  string
			want      string
		}{
			{"residents", "2026-06-30", bundle.Voters, ballot.Other, ""},
			{"residents", "2026-06-30", bundle.Households, ballot.Other, ""},
			{"residents", "2026-06-30", bundle.Representatives, ballot.Other, "council.proxy.mode"},
			{"villagers", "2026-06-30", bundle.Voters, ballot.Other, ""},
			{"villagers", "2025-12-31", bundle.Voters, ballot.Other, "council.proxy.relative"},
			{"villagers", "2025-12-31", bundle.Voters, ballot.Relative, ""},
		} {
			p := posted(t, w, 6, bundle.Poll{Matter: "election", Kind: c.kind, Mode: c.mode, Day: c.day})
			if got := delegate(&p, 1, 2, c.relation); got != c.want {
				t.Errorf("%+v: %q", c, got)
			}
			if c.want == "" && c.day > "2026" {
				if delegate(&p, 3, 2, c.relation) != "" || delegate(&p, 4, 2, c.relation) != "" {
					t.Errorf("%+v: three are refused", c)
				}
				if got := delegate(&p, 5, 2, c.relation); got != "council.proxy.limit" {
					t.Errorf("%+v: four: %q", c, got)
				}
			}
		}
	})
}

// Screen, page, certificate, interface and table give the same figures, character for character.
func TestFiguresAreTheSameOnEveryFace(t *testing.T) {
	t.Parallel()
	w := apptest.SQLite(t)
	s := service(w)
	p := posted(t, w, 1, bundle.Poll{Matter: "election", Kind: "residents", Mode: bundle.Voters, Day: "2026-06-30"})
	p.Paper = bundle.Paper{Questions: []bundle.Question{{ID: "director", Title: "d", Seats: 1, Options: []bundle.Option{{ID: "a", Name: "甲"}, {ID: "b", Name: "乙"}}},
		{ID: "member", Title: "m", Seats: 2, Options: []bundle.Option{{ID: "c", Name: "丙"}, {ID: "d", Name: "丁"}, {ID: "e", Name: "戊"}}}}}
	paper, _ := json.Marshal(p.Paper)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		if n++; n > 200 {
			return
		}
		entitled := rapid.IntRange(1, 6000).Draw(t, "entitled")
		found := rapid.IntRange(0, entitled).Draw(t, "found")
		c := bundle.Count{Box: "1", Found: found}
		for i := range p.Questions {
			q := bundle.QuestionCount{ID: p.Questions[i].ID, Valid: rapid.IntRange(0, found).Draw(t, "valid")}
			q.Invalid = found - q.Valid
			for _, o := range p.Questions[i].Options {
				yes := rapid.IntRange(0, q.Valid).Draw(t, "yes")
				q.Options = append(q.Options, bundle.OptionCount{ID: o.ID, Yes: yes, Abstain: q.Valid - yes})
			}
			c.Questions = append(c.Questions, q)
		}
		x := p.Poll.Close(entitled, &bundle.Shut{Boxes: []bundle.Box{{ID: "1", Issued: found}}}, []bundle.Count{c}, bundle.Law(""))
		raw, _ := json.Marshal(x)
		w.Exec(`UPDATE council_poll SET state = 'closed', snapshot = $1, paper = $2 WHERE id = $3`, string(raw), string(paper), p.ID)
		now, err := ballot.Find(w.System(), s.Log.DB, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		figures := s.Figures(text.Chinese, &now)
		screen := w.Nobody().Page("GET", "/votes/"+p.ID+"/screen", nil).Raw
		page := w.Nobody().Page("GET", "/votes/"+p.ID, nil).Raw
		pdf := string(s.Certificate(text.Chinese, &now))
		table := ballot.Table(figures)
		shown, err := s.Show(text.With(w.System(), text.Chinese), p.ID)
		if err != nil || fmt.Sprint(shown.Figures) != fmt.Sprint(figures) {
			t.Fatalf("the interface says %v, not %v (%v)", shown.Figures, figures, err)
		}
		for _, f := range figures {
			for face, body := range map[string]string{"screen": screen, "page": page, "table": table} {
				if !strings.Contains(body, f.Value) {
					t.Fatalf("the %s lacks %s: %s", face, f.Label, f.Value)
				}
			}
			if first := []rune(f.Value); len(first) <= 12 && !strings.Contains(pdf, utf16Hex(f.Value)) {
				t.Fatalf("the certificate lacks %s: %s", f.Label, f.Value)
			}
		}
	})
}

func utf16Hex(s string) string {
	raw := []byte{}
	for _, u := range utf16.Encode([]rune(s)) {
		raw = append(raw, byte(u>>8), byte(u))
	}
	return strings.ToUpper(hex.EncodeToString(raw))
}

// No column of a table that holds choices names a person or an hour, and no row of a person a choice.
func TestIdentityAndChoiceAreApart(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		p := posted(t, w, 3, bundle.Poll{Matter: "election", Kind: "residents", Mode: bundle.Voters, Day: clock.Day(clock.Now(w.System()))})
		paper := bundle.Paper{Questions: []bundle.Question{{ID: "director", Title: "d", Seats: 1, Options: []bundle.Option{{ID: "a", Name: "甲"}, {ID: "b", Name: "乙"}}}}}
		if err := write(t, w, w.System(), func(tx *audit.Tx) error {
			err := s.Print(w.System(), tx, &p, paper, []bundle.Box{})
			if err == nil {
				err = s.Begin(w.System(), tx, &p)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		rows, err := s.Rows(w.System(), s.Log.DB, &p, 0, true)
		if err != nil {
			t.Fatal(err)
		}
		receipts := []string{}
		for i, marks := range []string{"yn", "ny", "yn"} {
			receipt, err := s.Cast(w.System(), rows[i].Code, 0, []ballot.Choice{{Marks: marks}})
			if err != nil {
				t.Fatal(err)
			}
			receipts = append(receipts, receipt)
		}
		if _, err := s.Cast(w.System(), rows[0].Code, 0, []ballot.Choice{{Marks: "yn"}}); key(err) != "council.ballot.twice" {
			t.Errorf("twice: %v", err)
		}
		if err := write(t, w, w.System(), func(tx *audit.Tx) error { return s.End(w.System(), tx, &p) }); err != nil {
			t.Fatal(err)
		}
		if err := write(t, w, w.System(), func(tx *audit.Tx) error { return s.Close(w.System(), tx, &p) }); err != nil {
			t.Fatal(err)
		}
		if q := p.Snapshot.Questions[0]; q.Options[0].Yes != 2 || q.Options[0].Result != bundle.Elected || q.Options[1].Yes != 1 {
			t.Errorf("%+v", q)
		}
		b, err := s.Bundle(w.System(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		raw := string(b.Encode())
		if r := bundle.Verify([]byte(raw), bundle.Options{Decide: bundle.Law("")}); len(r.Findings) != 0 {
			t.Errorf("%v", r.Findings)
		}
		for i, r := range receipts {
			there, err := s.Receipt(w.System(), p.ID, r)
			if err != nil || !there || strings.Contains(raw, r) || strings.Contains(raw, rows[i].Code) || strings.Contains(raw, rows[i].Name) {
				t.Errorf("receipt %d: %v %v", i, there, err)
			}
		}
	})
}
