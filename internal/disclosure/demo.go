package disclosure

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// demoHome is the community whose people have logins of their own.
const demoHome = "320703001007"

// demoCity fills the demo's boards.
type demoCity struct {
	*Service
	names   map[string][]string // members of committees by community
	closing map[string]int64    // by community, in fen
}

// demo gives each community its duties from the quarter before on, posts most of those that fell due, leaves some late, and shows in
// one community a draft, one that waits, one that was corrected and one that the platform filled.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	system := authority.With(ctx, authority.SystemActor("demo"))
	last := SpanOf(Quarterly, clock.Day(city.Now)).before(Quarterly)
	begun, err := time.ParseInLocation(time.DateOnly, last.First, clock.City)
	if err != nil {
		return err
	}
	if err := s.Open(clock.With(system, begun)); err != nil {
		return err
	}
	now := clock.With(system, city.Now)
	if err := s.Log.Do(now, func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: permSet, Area: s.cityCode(), Subject: "disclosure.community", After: map[string]any{"busy": true}})
		_, err := tx.Exec(now, `UPDATE disclosure_community SET busy = 1 WHERE substr(area, 12, 1) IN ('3', '7')`)
		return err
	}); err != nil {
		return err
	}
	if err := s.Open(now); err != nil {
		return err
	}
	d := demoCity{Service: s, names: map[string][]string{}, closing: map[string]int64{}}
	seated, err := registry.ListSeated(ctx, s.Log.DB, s.cityCode(), registry.BodyCommittee)
	if err != nil {
		return err
	}
	for i := range seated {
		d.names[seated[i].Area] = append(d.names[seated[i].Area], seated[i].Name)
	}
	today := clock.Day(city.Now)
	past, err := db.All(ctx, s.Log.DB, ScanDuty, `SELECT `+DutyColumns+` FROM disclosure_duty WHERE state = 'open' AND due_on <> ''
		AND due_on < $1 ORDER BY last_on, id`, today)
	if err != nil {
		return err
	}
	if err := d.postAll(now, past); err != nil {
		return err
	}
	return d.tell(ctx, city)
}

// luck is a number from 0 to 999 that is the same in every load.
func luck(id string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // takes everything
	return int(h.Sum32() % 1000)
}

// postAll posts most duties that fell due, in one write.
func (d *demoCity) postAll(ctx context.Context, past []Duty) error {
	var all []Entry
	for i := range past {
		duty := &past[i]
		n := luck(duty.ID)
		if n < 18 || duty.Area == demoHome && duty.Item == "affairs.deliberation" { // stays late
			continue
		}
		on := daysAfter(duty.Due, -1-n%12)
		if n < 40 {
			on = daysAfter(duty.Due, 1+n%9) // posted late
		}
		if on >= clock.Day(clock.Now(ctx)) {
			on = duty.Due
		}
		e, err := d.entry(duty, on, n)
		if err != nil {
			return err
		}
		all = append(all, e)
	}
	return d.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		var failed error
		err := registry.InsertMany(ctx, tx, "disclosure_entry", EntryColumns, len(all), func(i int) []any {
			e := &all[i]
			tx.Record(audit.Entry{Action: permApprove, Area: e.Area, Subject: subjectEntry, SubjectID: e.ID, After: record(e)})
			values, err := e.values()
			if err != nil {
				failed = err
			}
			return values
		}, func(int) {})
		if err != nil || failed != nil {
			return fmt.Errorf("%w %w", err, failed)
		}
		_, err = tx.Exec(ctx, `UPDATE disclosure_duty SET state = 'posted', entry_id = id, posted_on = (SELECT e.posted_on FROM disclosure_entry e
			WHERE e.duty_id = disclosure_duty.id) WHERE state = 'open' AND id IN (SELECT duty_id FROM disclosure_entry)`)
		return err
	})
}

// entry is a posted entry for a duty, with its bytes. Its id is that of the duty.
func (d *demoCity) entry(duty *Duty, on string, n int) (Entry, error) {
	item, _ := d.Item(duty.Item)
	area, _ := d.Registry.Area(duty.Area)
	at, err := time.ParseInLocation(time.DateOnly, on, clock.City)
	if err != nil {
		return Entry{}, err
	}
	at = at.Add(9*time.Hour + time.Duration(n)*time.Minute/2)
	writer, approver := d.Words.T(text.Chinese, "disclosure.demo.writer"), d.Words.T(text.Chinese, "disclosure.demo.approver")
	if names := d.names[duty.Area]; len(names) > 1 {
		writer, approver = names[1], names[0]
	}
	e := Entry{Shard: duty.Shard, ID: duty.ID, Edition: 1, State: string(StatePosted), Area: duty.Area, Item: duty.Item, Head: duty.Head,
		Duty: duty.ID, Period: duty.Period, Last: duty.Last, Issuer: area.Name, Writer: writer, Approver: approver,
		WrittenAt: clock.Millis(at.Add(-2 * time.Hour)), PostedAt: clock.Millis(at), PostedOn: on, Version: 3, latest: true}
	e.Title = item.Title.Zh + "（" + d.PeriodName(text.Chinese, duty.Period) + "）"
	switch {
	case item.Form == FormFinance:
		e.Finance = d.accounts(duty, n)
	case item.Code == "affairs.money" && n%3 > 0:
		e.Text = d.Words.T(text.Chinese, "disclosure.demo.money", "yuan", Yuan(int64(20_000+n*130)*100))
	case item.Code == "affairs.projects" && n%2 > 0:
		e.Text = d.Words.T(text.Chinese, "disclosure.demo.project", "n", 12+n%90)
	default:
		e.None = true
	}
	e.Document, e.Hash, err = d.document(&e, "", nil)
	return e, err
}

// accounts are invented accounts that balance and go on where those before ended.
func (d *demoCity) accounts(duty *Duty, n int) *Finance {
	opening, known := d.closing[duty.Area]
	if !known {
		opening = int64(3_000_000 + 7_919*n)
	}
	day := func(i int) string { return daysAfter(duty.First, i*5+n%4) }
	f := &Finance{Opening: opening, Lines: []Line{}}
	for i, l := range []struct {
		key     string
		in, out int64
	}{{"running", 1_500_000, 0}, {"office", 0, int64(38_200 + 31*n)}, {"light", 0, int64(21_500 + 17*n)}, {"repair", 0, int64(260_000 + 411*n)},
		{"rent", int64(120_000 + 50*n), 0}} {
		f.Lines = append(f.Lines, Line{Day: day(i), What: d.Words.T(text.Chinese, "disclosure.demo."+l.key), In: l.in, Out: l.out,
			Voucher: fmt.Sprintf("%s-%02d", strings.ReplaceAll(duty.Period, "-", ""), i+1)})
	}
	in, out := f.Sums()
	f.Closing = f.Opening + in - out
	cash := int64(50_000)
	f.Balances = []Balance{{Name: d.Words.T(text.Chinese, "disclosure.bank"), Amount: f.Closing - cash},
		{Name: d.Words.T(text.Chinese, "disclosure.demo.cash"), Amount: cash}}
	d.closing[duty.Area] = f.Closing
	return f
}

// tell shows the steps of the lifecycle in the community whose people have logins.
func (d *demoCity) tell(ctx context.Context, city module.Demo) error {
	as := func(login string, days int) context.Context {
		out, err := city.As(ctx, login, city.Now.AddDate(0, 0, days))
		if err != nil {
			panic(err) // a login of the demo that is not there
		}
		return out
	}
	said := func(key string) string { return d.Words.T(text.Chinese, "disclosure.demo."+key) }
	walk := func(id string, version int64, steps ...struct {
		by   string
		days int
		verb flow.Verb
		note string
	}) error {
		for i, st := range steps {
			if err := d.Step(as(st.by, st.days), id, st.verb, version+int64(i), flow.Input{Note: st.note}); err != nil {
				return fmt.Errorf("%s %s: %w", id, st.verb, err)
			}
		}
		return nil
	}
	type step = struct {
		by   string
		days int
		verb flow.Verb
		note string
	}
	// Corrected: a major matter whose sum was wrong.
	duty, err := d.OpenEvent(as("committee", -20), NewEvent{Area: demoHome, Item: "affairs.major", Title: said("lift"),
		Day: clock.Day(city.Now.AddDate(0, 0, -21))})
	if err != nil {
		return err
	}
	e, err := d.Begin(as("dispatcher", -19), duty.ID)
	if err == nil {
		e, err = d.Change(as("dispatcher", -19), e.ID, e.Version, Content{Title: said("lift"), Text: said("lift_text")})
	}
	if err == nil {
		err = walk(e.ID, e.Version, step{"dispatcher", -19, verbSubmit, ""}, step{"supervisor", -18, verbPost, ""},
			step{"dispatcher", -10, verbCorrect, said("lift_reason")})
	}
	if err == nil {
		var next Entry
		if next, err = d.Change(as("dispatcher", -10), e.ID, 1, Content{Title: said("lift"), Text: said("lift_mended")}); err == nil {
			err = walk(e.ID, next.Version, step{"dispatcher", -10, verbSubmit, ""}, step{"supervisor", -9, verbPost, ""})
		}
	}
	if err != nil {
		return err
	}
	// Filled by the platform: one posted ahead of its day, one that waits for approval, one draft.
	for i, code := range []string{"affairs.members", "government.assistance", "party.plan"} {
		item, _ := d.Item(code)
		key := SpanOf(item.Period, clock.Day(city.Now)).Key
		begun, err := d.Begin(as("dispatcher", -5+i), db.Shard(demoHome)+"-"+demoHome+"-"+code+"-"+key)
		if err != nil {
			return err
		}
		steps := []step{{"dispatcher", -3, verbSubmit, ""}, {"supervisor", -2, verbPost, ""}}[:2-i]
		if err := walk(begun.ID, begun.Version, steps...); err != nil {
			return err
		}
	}
	return nil
}
