package disclosure

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/rule"
	"linli/internal/platform/shipped"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Service keeps the catalogue, the duties and the entries.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Calendar *calendar.Cache
	Words    *text.Catalogue
	Files    *storage.Store
	Sources  []gate.Facts

	catalogue catalogueHolder
	shipped   []*shipped.Set
}

// sourceCodes names the sources from which entries can be filled.
func (s *Service) sourceCodes() []string {
	out := []string{""}
	for _, f := range s.Sources {
		out = append(out, f.FactCode())
	}
	return out
}

// Begin writes the draft of an entry for a duty, filled from its source where the item has one. Errors: NotFound; Conflict
// "disclosure.begun" with one begun already; Forbidden.
func (s *Service) Begin(ctx context.Context, duty string) (Entry, error) {
	d, err := FindDuty(ctx, s.Log.DB, duty)
	if err != nil {
		return Entry{}, err
	}
	if !authority.From(ctx).Can(permRead, d.Area) {
		return Entry{}, errs.ErrNotFound
	}
	content, err := s.proposal(ctx, &d)
	if err != nil {
		return Entry{}, err
	}
	var out Entry
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		d, err := FindDuty(ctx, tx, duty)
		if err == nil {
			err = tx.Require(permWrite, d.Area)
		}
		if err != nil {
			return err
		}
		if d.Entry != "" {
			return errs.New(errs.Conflict, "disclosure.begun")
		}
		e := Entry{Shard: d.Shard, Edition: 1, State: string(stateDraft), Area: d.Area, Item: d.Item, Head: d.Head, Duty: d.ID, Period: d.Period,
			Last: d.Last, Content: content, Version: 1, latest: true}
		e.ID = e.Shard + "-" + db.NewID(ctx)
		s.sign(tx, &e)
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subjectEntry, SubjectID: e.ID, After: record(&e)})
		out = e
		if err := insertEntry(ctx, tx, &e); err != nil {
			return err
		}
		return s.bind(ctx, tx, d.ID, e.ID)
	})
	return out, err
}

// bind says which entry answers a duty.
func (s *Service) bind(ctx context.Context, tx *audit.Tx, duty, entry string) error {
	_, err := tx.Exec(ctx, `UPDATE disclosure_duty SET entry_id = $1, version = version + 1 WHERE shard = $2 AND id = $3`,
		entry, db.ShardOf(duty), duty)
	return err
}

// proposal is what a draft begins with.
func (s *Service) proposal(ctx context.Context, d *Duty) (Content, error) {
	item, _ := s.Item(d.Item)
	c := Content{Title: cmp.Or(d.Title, item.Title.Zh)}
	if d.Cause == causePeriod {
		c.Title += "（" + s.PeriodName(text.Chinese, d.Period) + "）"
	}
	if item.Form == FormFinance {
		before, _, err := closing(ctx, s.Log.DB, d.Area, d.First)
		if err != nil {
			return c, err
		}
		c.Finance = &Finance{Opening: before, Closing: before, Lines: []Line{},
			Balances: []Balance{{Name: s.Words.T(text.Chinese, "disclosure.bank"), Amount: before}}}
	}
	return c, s.fill(ctx, &c, item.Source, d.Area, d.First, d.Last)
}

// fill reads the facts of a source into a content; without one it does nothing.
func (s *Service) fill(ctx context.Context, c *Content, source, area, first, last string) error {
	for _, f := range s.Sources {
		if source == "" || f.FactCode() != source {
			continue
		}
		t, err := f.Facts(ctx, s.Log.DB, gate.FactQuery{Area: area, From: first, To: last})
		if err != nil {
			return err
		}
		c.Source, c.Filled = source, clock.Millis(clock.Now(ctx))
		c.None, c.Table = len(t.Rows) == 0, nil
		if !c.None {
			c.Table = &Table{Columns: t.Columns, Rows: t.Rows}
		}
	}
	return nil
}

// sign says who writes an edition and when.
func (s *Service) sign(tx *audit.Tx, e *Entry) {
	e.Writer, e.WrittenAt = tx.Actor.Name, clock.Millis(tx.Now)
	if tx.Actor.ID != "" && !slices.Contains(strings.Fields(e.writers), tx.Actor.ID) {
		e.writers = strings.TrimSpace(e.writers + " " + tx.Actor.ID)
	}
	if e.Issuer = s.Registry.BodyName(tx.Actor.BodyFor(permWrite, e.Area, "")); e.Issuer == "" {
		area, _ := s.Registry.Area(e.Area)
		e.Issuer = area.Name
	}
}

// record is what the audit log keeps of an edition: the hash stands there from the day on which it is posted.
func record(e *Entry) map[string]any {
	out := map[string]any{"edition": e.Edition, "item": e.Item, "period": e.Period, "title": e.Title, "state": e.State}
	if e.Hash != "" {
		out["hash"] = e.Hash
	}
	return out
}

// judge refuses a verb that state, authority and guards do not allow, and an edition that has changed since.
func (s *Service) judge(tx *audit.Tx, e *Entry, verb flow.Verb, version int64) error {
	tx.Judged()
	_, err := lifecycle.Judge(e, verb, tx.Actor, flow.Seen{Read: permRead, Record: errs.Record{Subject: subjectEntry, ID: e.ID},
		Version: e.Version, By: version})
	return err
}

// Change sets the content of a draft, or of what was returned. Errors: those of Content; Conflict in another state; Stale.
func (s *Service) Change(ctx context.Context, id string, version int64, c Content) (Entry, error) {
	c.tidy()
	if err := c.check(); err != nil {
		return Entry{}, err
	}
	return s.edit(ctx, id, version, func(_ *audit.Tx, e *Entry) error {
		c.Source, c.Filled = e.Source, e.Filled // told by whoever filled it
		if e.Source != "" && c.Table == nil {
			c.Source, c.Filled = "", 0
		}
		e.Content = c
		return nil
	})
}

// Fill reads the item's source into a draft again. Errors: those of Change; Conflict "disclosure.no_source".
func (s *Service) Fill(ctx context.Context, id string, version int64) (Entry, error) {
	e, err := s.latest(ctx, s.Log.DB, id)
	if err == nil && !authority.From(ctx).Can(permRead, e.Area) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return e, err
	}
	item, _ := s.Item(e.Item)
	if item.Source == "" || !slices.Contains(s.sourceCodes(), item.Source) {
		return e, errs.New(errs.Conflict, "disclosure.no_source")
	}
	d, err := FindDuty(ctx, s.Log.DB, e.Duty)
	if err != nil {
		return e, err
	}
	var c Content
	if err := s.fill(ctx, &c, item.Source, d.Area, d.First, d.Last); err != nil {
		return e, err
	}
	return s.edit(ctx, id, version, func(_ *audit.Tx, e *Entry) error {
		e.Table, e.None, e.Source, e.Filled = c.Table, c.None, c.Source, c.Filled
		return nil
	})
}

// edit changes what a draft says. Version 0 is whatever version it has.
func (s *Service) edit(ctx context.Context, id string, version int64, do func(*audit.Tx, *Entry) error) (Entry, error) {
	var out Entry
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		e, err := s.latest(ctx, tx, id)
		if err != nil {
			return err
		}
		at := version
		if at == 0 {
			at = e.Version
		}
		if err := s.judge(tx, &e, verbChange, at); err != nil {
			return err
		}
		before := record(&e)
		if err := do(tx, &e); err != nil {
			return err
		}
		s.sign(tx, &e)
		tx.Record(audit.Entry{Action: permWrite, Area: e.Area, Subject: subjectEntry, SubjectID: e.ID, Before: before, After: record(&e)})
		err = updateEntry(ctx, tx, &e)
		out = e
		return err
	})
	return out, err
}

// Step takes a verb of the lifecycle on an entry. Errors: those of flow.Take and flow.CheckInput; NotFound; Stale; of submitting
// and posting those of Content.ready.
func (s *Service) Step(ctx context.Context, id string, verb flow.Verb, version int64, in flow.Input) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		in := in
		find := s.latest
		if onPosted(verb) {
			find = s.posted
		}
		e, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.judge(tx, &e, verb, version); err != nil {
			return err
		}
		t, _ := lifecycle.Find(flow.State(e.State), verb)
		if err := flow.CheckInput(t.Fields, &in); err != nil {
			return err
		}
		before := record(&e)
		e.State = string(t.After(flow.State(e.State)))
		if err := s.effect(ctx, tx, &e, verb, in.Note); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: t.Permissions[0], Area: e.Area, Subject: subjectEntry, SubjectID: e.ID, Before: before, After: record(&e),
			Detail: map[string]any{"verb": verb, "note": in.Note}})
		return nil
	})
}

// effect does what a verb means beside the change of state, and writes the edition.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, e *Entry, verb flow.Verb, note string) error {
	switch verb {
	case verbSubmit:
		e.Remark = ""
		if err := s.ready(ctx, tx, e); err != nil {
			return err
		}
	case verbReturn:
		e.Remark = note
	case verbPost:
		if err := s.post(ctx, tx, e); err != nil {
			return err
		}
	case verbCorrect:
		return s.correct(ctx, tx, e, note)
	case verbEnd:
		e.EndedAt, e.Reason = clock.Millis(tx.Now), note
	case verbDiscard:
		return s.discard(ctx, tx, e)
	}
	return updateEntry(ctx, tx, e)
}

// ready refuses an edition that may not be posted; see [Content.ready].
func (s *Service) ready(ctx context.Context, tx *audit.Tx, e *Entry) error {
	d, err := FindDuty(ctx, tx, e.Duty)
	if err != nil {
		return err
	}
	item, _ := s.Item(e.Item)
	var before int64
	known := false
	if item.Form == FormFinance {
		if before, known, err = closing(ctx, tx, e.Area, d.First); err != nil {
			return err
		}
	}
	return e.ready(item.Form, d.First, d.Last, before, known)
}

// post makes the bytes of an edition and their hash, ends the edition that it corrects, and settles the duty.
func (s *Service) post(ctx context.Context, tx *audit.Tx, e *Entry) error {
	if err := s.ready(ctx, tx, e); err != nil {
		return err
	}
	previous := ""
	if e.Edition > 1 {
		old, err := s.posted(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		if old.State != string(StatePosted) {
			return errs.New(errs.Conflict, "disclosure.base_gone").By(ruleKept)
		}
		if _, err := lifecycle.Take(&old, verbReplace, authority.SystemActor("disclosure")); err != nil {
			return err
		}
		previous, old.State, old.EndedAt = old.Hash, string(StateReplaced), clock.Millis(tx.Now)
		if err := updateEntry(ctx, tx, &old); err != nil {
			return err
		}
	}
	e.PostedAt, e.PostedOn, e.Approver = clock.Millis(tx.Now), clock.Day(tx.Now), tx.Actor.Name
	files, err := ListFiles(ctx, tx, e)
	if err != nil {
		return err
	}
	if e.Document, e.Hash, err = s.document(e, previous, files); err != nil {
		return err
	}
	if e.Edition > 1 { // the duty was settled by the first
		return nil
	}
	_, err = tx.Exec(ctx, `UPDATE disclosure_duty SET state = 'posted', posted_on = $1, version = version + 1 WHERE shard = $2 AND id = $3`,
		e.PostedOn, db.ShardOf(e.Duty), e.Duty)
	return err
}

// document writes the bytes of an edition.
func (s *Service) document(e *Entry, previous string, files []File) (raw, hash string, err error) {
	item, _ := s.Item(e.Item)
	area, _ := s.Registry.Area(e.Area)
	d := Document{Format: documentFormat, ID: e.ID, Edition: e.Edition, Previous: previous, Reason: e.Reason, Area: e.Area,
		AreaName: area.Name, Item: e.Item, ItemName: item.Title, Head: e.Head, Period: e.Period, Issuer: e.Issuer,
		Writer: e.Writer, Approver: e.Approver,
		PostedAt: clock.Instant(e.PostedAt).Format(time.RFC3339), Content: e.Content, Files: []Attached{}}
	for _, f := range files {
		d.Files = append(d.Files, Attached{Name: f.Name, MediaType: f.MediaType, Size: f.Size, Digest: f.digest})
	}
	return d.bytes()
}

// correct begins the next edition with the content and the files of the posted one. Errors: Conflict while another correction waits.
func (s *Service) correct(ctx context.Context, tx *audit.Tx, e *Entry, reason string) error {
	newest, err := s.latest(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	if newest.Edition != e.Edition {
		return errs.New(errs.Conflict, "disclosure.correction_waits").By(ruleKept)
	}
	last, err := db.Value[int](ctx, tx, `SELECT MAX(edition) FROM disclosure_entry WHERE shard = $1 AND id = $2`, e.Shard, e.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE disclosure_entry SET latest = 0 WHERE shard = $1 AND id = $2`, e.Shard, e.ID); err != nil {
		return err
	}
	next := *e
	next.Edition, next.State, next.Reason, next.Version, next.latest = last+1, string(stateDraft), reason, 1, true
	next.PostedAt, next.PostedOn, next.EndedAt, next.Approver, next.Document, next.Hash, next.writers = 0, "", 0, "", "", "", ""
	s.sign(tx, &next)
	if err := insertEntry(ctx, tx, &next); err != nil {
		return err
	}
	return copyFiles(ctx, tx, e, next.Edition)
}

// discard ends a draft: the duty is open again, or the text that it would have corrected is the newest again.
func (s *Service) discard(ctx context.Context, tx *audit.Tx, e *Entry) error {
	e.EndedAt = clock.Millis(tx.Now)
	if e.Edition > 1 {
		e.latest = false
		if _, err := tx.Exec(ctx, `UPDATE disclosure_entry SET latest = 1 WHERE shard = $1 AND id = $2 AND edition =
			(SELECT MAX(edition) FROM disclosure_entry WHERE shard = $1 AND id = $2 AND edition < $3 AND state <> 'discarded')`,
			e.Shard, e.ID, e.Edition); err != nil {
			return err
		}
	} else if err := s.bind(ctx, tx, e.Duty, ""); err != nil {
		return err
	}
	return updateEntry(ctx, tx, e)
}

// PeriodName is a period in words, e.g. 2026年第一季度.
func (s *Service) PeriodName(lang text.Lang, key string) string {
	if day, _, event := strings.Cut(key, "#"); event {
		return day
	}
	key, _, _ = strings.Cut(key, "~") // of a community that was merged
	year, rest := key[:min(4, len(key))], key[min(4, len(key)):]
	switch {
	case rest == "":
		return s.Words.T(lang, "disclosure.span.yearly", "year", year)
	case strings.HasPrefix(rest, "H"):
		return s.Words.T(lang, "disclosure.span.half"+rest[1:], "year", year)
	case strings.HasPrefix(rest, "Q"):
		return s.Words.T(lang, "disclosure.span.quarter"+rest[1:], "year", year)
	}
	return s.Words.T(lang, "disclosure.span.monthly", "year", year, "month", strings.TrimLeft(rest, "-0"))
}

// follower moves duties and entries with their communities. What is due of one that is merged into another is due no more: the
// other has its own; what it posted stays readable with the other, under its own period.
func (s *Service) follower() registry.Follower {
	return registry.Follower{What: "disclosures", Widens: true, Move: s.move,
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM disclosure_duty WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		}}
}

func (s *Service) move(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	var same registry.Pairs
	for _, p := range m.Areas {
		if m.Before(p.From) == m.After(p.To) {
			same = append(same, p)
			continue
		}
		for _, query := range []string{
			`DELETE FROM disclosure_duty WHERE area = $1 AND state = 'open' AND entry_id = ''`,
			`UPDATE disclosure_duty SET period = period || '~' || area WHERE area = $1`,
			`DELETE FROM disclosure_community WHERE area = $1`,
		} {
			if _, err := tx.Exec(ctx, query, p.From); err != nil {
				return err
			}
		}
	}
	for _, table := range []string{"disclosure_duty", "disclosure_entry"} {
		if err := m.Areas.Rewrite(ctx, tx, table, "area"); err != nil {
			return err
		}
	}
	return same.Rewrite(ctx, tx, "disclosure_community", "area")
}
