package disclosure

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// DutyView is a duty as lists show it.
type DutyView struct {
	ID         string `json:"id"`
	Area       string `json:"area"`
	AreaName   string `json:"areaName"`
	Item       string `json:"item"`
	Title      string `json:"title"`
	Head       string `json:"head"`
	PeriodName string `json:"periodName"`
	First      string `json:"first"`
	Last       string `json:"last"`
	Due        string `json:"due" doc:"Last day on which it is in time; empty while the calendar of its year is not loaded"`
	DueYear    int    `json:"dueYear" doc:"The year whose calendar it waits for; 0 for none"`
	State      string `json:"state" enum:"open,posted"`
	Late       string `json:"late" enum:",late,very_late"`
	Entry      string `json:"entry"`
	PostedOn   string `json:"postedOn"`
}

// DutyViewOf is a duty as lists show it on a day.
func (s *Service) DutyViewOf(d *Duty, lang text.Lang, today string) DutyView {
	item, _ := s.Item(d.Item)
	return DutyView{ID: d.ID, Area: d.Area, AreaName: s.AreaName(d.Area, lang), Item: d.Item,
		Title: cmp.Or(d.Title, item.Title.Given(lang), d.Item), Head: d.Head, PeriodName: s.PeriodName(lang, d.Period),
		First: d.First, Last: d.Last, Due: d.Due, DueYear: d.DueYear, State: d.State,
		Late: d.Late(today), Entry: d.Entry, PostedOn: d.PostedOn}
}

// AreaName is the name of an area, or its code where it is closed.
func (s *Service) AreaName(code string, lang text.Lang) string {
	if a, ok := s.Registry.Area(code); ok {
		return registry.NameIn(a, lang)
	}
	return code
}

// DutyDetail is a duty with how its due day was reached.
type DutyDetail struct {
	DutyView
	Text  Item       `json:"text" doc:"What the catalogue asks"`
	Count []DayCount `json:"count" doc:"Day by day"`
	May   bool       `json:"may" doc:"The reader may begin an entry"`
}

// ShowDuty is a duty for a member of staff. Errors: NotFound outside of their areas.
func (s faces) ShowDuty(ctx context.Context, id string) (DutyDetail, error) {
	d, err := FindDuty(ctx, s.Log.DB, id)
	if err != nil {
		return DutyDetail{}, err
	}
	actor := authority.From(ctx)
	if !actor.Can(permRead, d.Area) {
		return DutyDetail{}, errs.ErrNotFound
	}
	out := s.Explained(ctx, &d)
	out.May = d.Entry == "" && actor.Can(permWrite, d.Area)
	return out, nil
}

// Explained is a duty with how its due day was counted, in the language of the context.
func (s *Service) Explained(ctx context.Context, d *Duty) DutyDetail {
	item, _ := s.Item(d.Item)
	return DutyDetail{DutyView: s.DutyViewOf(d, text.From(ctx), clock.Day(clock.Now(ctx))), Text: item,
		Count: Explain(s.Calendar.Now(), d.Last, item.Limit)}
}

// EntrySummary is an entry as lists show it.
type EntrySummary struct {
	ID         string `json:"id"`
	Edition    int    `json:"edition" doc:"1 for the first text, 2 for its first correction …"`
	State      string `json:"state" enum:"draft,submitted,returned,posted,replaced,ended,discarded"`
	Title      string `json:"title"`
	Area       string `json:"area"`
	AreaName   string `json:"areaName"`
	Item       string `json:"item"`
	Head       string `json:"head"`
	PeriodName string `json:"periodName"`
	Writer     string `json:"writer"`
	WrittenAt  int64  `json:"writtenAt"`
	PostedAt   int64  `json:"postedAt" doc:"0 until it was approved"`
}

func (s *Service) summary(e *Entry, lang text.Lang) EntrySummary {
	return EntrySummary{ID: e.ID, Edition: e.Edition, State: e.State, Title: e.Title, Area: e.Area,
		AreaName: s.AreaName(e.Area, lang), Item: e.Item, Head: e.Head, PeriodName: s.PeriodName(lang, e.Period),
		Writer: e.Writer, WrittenAt: e.WrittenAt, PostedAt: e.PostedAt}
}

// EditionView is one text of an entry, whole.
type EditionView struct {
	EntrySummary
	Content  Content `json:"content"`
	Hash     string  `json:"hash" doc:"SHA-256 of the posted bytes, hexadecimal; empty before"`
	Issuer   string  `json:"issuer"`
	Approver string  `json:"approver"`
	EndedAt  int64   `json:"endedAt"`
	Reason   string  `json:"reason"`
	Remark   string  `json:"remark"`
	Files    []File  `json:"files"`
	Version  int64   `json:"version"`
}

// Move is a step that the reader may take now.
type Move struct {
	Verb    string       `json:"verb"`
	Fields  []flow.Field `json:"fields"`
	Danger  bool         `json:"danger"`
	Aside   bool         `json:"aside"`
	Version int64        `json:"version" doc:"Of the edition that the step is taken on"`
}

// Detail is an entry with all its texts, the newest first, and what the reader may do.
type Detail struct {
	ID       string        `json:"id"`
	Duty     DutyView      `json:"duty"`
	Text     Item          `json:"text" doc:"What the catalogue asks"`
	Editions []EditionView `json:"editions"`
	Allowed  []Move        `json:"allowed"`
	Editable bool          `json:"editable"`
	Fillable bool          `json:"fillable" doc:"The platform can fill it"`
	Until    string        `json:"until" doc:"Before this day it cannot be taken down; empty before it is posted"`
	Address  string        `json:"address" doc:"Page of the portal, once posted"`
}

// Show is an entry for a member of staff. Errors: NotFound outside of their areas.
func (s *Service) Show(ctx context.Context, id string) (Detail, error) {
	out := Detail{ID: id, Editions: []EditionView{}, Allowed: []Move{}}
	newest, err := s.latest(ctx, s.Log.DB, id)
	if err != nil {
		return out, err
	}
	actor, lang := authority.From(ctx), text.From(ctx)
	if !actor.Can(permRead, newest.Area) {
		return out, errs.ErrNotFound
	}
	d, err := FindDuty(ctx, s.Log.DB, newest.Duty)
	if err != nil {
		return out, err
	}
	out.Duty = s.DutyViewOf(&d, lang, newest.today)
	out.Text, _ = s.Item(newest.Item)
	out.Fillable = out.Text.Source != "" && slices.Contains(s.sourceCodes(), out.Text.Source)
	all, err := Editions(ctx, s.Log.DB, id)
	if err != nil {
		return out, err
	}
	shown := newest
	for i := range all {
		e := s.completed(ctx, all[i])
		files, err := ListFiles(ctx, s.Log.DB, &e)
		if err != nil {
			return out, err
		}
		out.Editions = append(out.Editions, EditionView{EntrySummary: s.summary(&e, lang), Content: e.Content, Hash: e.Hash, Issuer: e.Issuer,
			Approver: e.Approver, EndedAt: e.EndedAt, Reason: e.Reason, Remark: e.Remark, Files: append([]File{}, files...), Version: e.Version})
		if e.State == string(StatePosted) {
			shown, out.Until = e, e.mayEnd
		}
		if e.Public() {
			out.Address = "/disclosures/entries/" + id
		}
	}
	out.Editable = lifecycle.Offers(row(verbChange), &newest, actor)
	for _, st := range steps {
		e := &newest
		if onPosted(st.verb) {
			e = &shown
		}
		if st.verb == verbCorrect && newest.Edition != shown.Edition {
			continue
		}
		if t, ok := lifecycle.Find(flow.State(e.State), st.verb); ok && lifecycle.Offers(t, e, actor) {
			out.Allowed = append(out.Allowed, Move{Verb: string(st.verb), Fields: append([]flow.Field{}, t.Fields...), Danger: t.Danger,
				Aside: t.Aside, Version: e.Version})
		}
	}
	return out, nil
}

// EntryFilter narrows a list of entries.
type EntryFilter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"draft,submitted,returned,posted,ended,discarded"`
	Head   string `query:"head" enum:"party,government,affairs,finance"`
	Words  string `query:"words" maxLength:"60"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// Entries is one page of the entries in the actor's areas, the newest text of each, the last written first. Error: Malformed.
func (s *Service) Entries(ctx context.Context, f EntryFilter) ([]Entry, string, error) {
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	var w db.Where
	w.And(`latest = 1`)
	scopes := authority.Narrow(authority.From(ctx).Scope(permRead), f.Area)
	terms := make([]string, len(scopes))
	for i, area := range scopes {
		terms[i] = w.Term(`area >= %s AND area < %s`, area, authority.PrefixEnd(area))
	}
	w.Any(terms...)
	w.And(`(written_at, id) < (%s, %s)`, at, id)
	if f.State != "" {
		w.And(`state = %s`, f.State)
	}
	if f.Head != "" {
		w.And(`head = %s`, f.Head)
	}
	if f.Words != "" {
		w.And(`LOWER(title) LIKE %s ESCAPE '\'`, db.Containing(f.Words))
	}
	all, err := db.All(ctx, s.Log.DB, ScanEntry, `SELECT `+EntryColumns+` FROM disclosure_entry`+w.String()+
		` ORDER BY written_at DESC, id DESC LIMIT `+w.Arg(f.Limit+1), w.List...)
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].WrittenAt, all[f.Limit-1].ID)
	}
	return all, next, err
}

// Shown are those on the board of an area today, the last posted first.
func (s *Service) Shown(ctx context.Context, area string, skip, most int) ([]Entry, error) {
	return db.All(ctx, s.Log.DB, ScanEntry, `SELECT `+EntryColumns+` FROM disclosure_entry WHERE state = 'posted' AND area >= $1 AND area < $2
		ORDER BY posted_at DESC, id DESC LIMIT $3 OFFSET $4`, area, authority.PrefixEnd(area), most, skip)
}
