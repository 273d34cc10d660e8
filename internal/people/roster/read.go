package roster

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// Limits of a roster file.
const (
	MaxRoster     = 8 << 20 // bytes
	mostResidents = 20_000
	mostFindings  = 500 // that are told
)

//go:embed roster-columns.csv
var rosterColumns []byte

// columnOf maps the heads that a roster may have, in small letters, to columns.
var columnOf = func() map[string]string {
	rows, err := csv.NewReader(bytes.NewReader(rosterColumns)).ReadAll()
	if err != nil {
		panic(err) // it is part of the program
	}
	out := map[string]string{}
	for _, r := range rows[1:] {
		for name := range strings.SplitSeq(r[1], "|") {
			out[foldHead(name)] = r[0]
		}
	}
	return out
}()

// headNotes are what lists put behind a head in brackets: 姓名（必填）.
var headNotes = regexp.MustCompile(`[(\[].*$`)

// foldHead is the head of a column as it is compared: folded, without stars, colons, blanks and notes in brackets.
func foldHead(head string) string {
	return strings.NewReplacer("*", "", ":", "", " ", "", "_", "").Replace(headNotes.ReplaceAllString(fold.Words(head), ""))
}

// Column is a column of a roster file, and whether it is read.
type Column = sheet.Column

// Finding is what is wrong or noteworthy in one line of a roster. It tells no value.
type Finding struct {
	Line   int    `json:"line" doc:"As a spreadsheet numbers it"`
	Column string `json:"column"`
	Key    string `json:"key" doc:"Key of the sentence: error.<key>"`
	Other  int    `json:"other,omitempty" doc:"Line that it repeats"`
	Skips  bool   `json:"skips" doc:"The line is not taken"`
}

// entry is one line of a roster that can be taken.
type entry struct {
	Line int           `json:"l"`
	P    people.Person `json:"p"`
	Home string        `json:"h,omitempty"`
	Tags []people.Tag  `json:"t,omitempty"`
	Same string        `json:"s,omitempty"` // id of the person on the roster whom the line tells of
	Seen int64         `json:"v,omitempty"` // version of that person when the file was read
}

// reading goes through a roster file.
type reading struct {
	s        *Service
	ctx      context.Context
	area     string
	columns  map[string]int
	shown    []Column
	today    string
	tagWords map[string]string
	entries  []entry
	findings []Finding
	lines    map[string]int // mark of an identity number, or of name and phone → line
	total    int
}

var errNoName = errs.ErrInvalid.At("file", "people.roster.no_name")

// lines reads the rows of a roster in a process of its own.
func (s *Service) lines(ctx context.Context, raw []byte) ([]sheet.Line, error) {
	f, err := os.CreateTemp(s.Spool, "roster-*") // a folder of the city's own: it holds what is personal
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := f.Write(raw); err != nil {
		return nil, err
	}
	var lines []sheet.Line
	if err := s.Sandbox.Run(ctx, sheet.Job.Name, f, &lines); err != nil {
		return nil, err
	}
	if len(lines) > mostResidents+1 {
		return nil, errs.ErrTooLarge
	}
	return lines, nil
}

func (s *Service) read(ctx context.Context, area string, raw []byte) (*reading, error) {
	lines, err := s.lines(ctx, raw)
	if err != nil {
		return nil, err
	}
	r := &reading{s: s, ctx: ctx, area: area, columns: map[string]int{}, today: clock.Day(clock.Now(ctx)),
		lines: map[string]int{}, tagWords: s.tagWords()}
	if len(lines) == 0 {
		return nil, errNoName
	}
	r.readColumns(lines)
	if _, ok := r.columns["name"]; !ok {
		return nil, errNoName
	}
	if len(lines) == 1 {
		return nil, errs.ErrInvalid.At("file", "people.roster.empty")
	}
	for _, l := range lines[1:] {
		r.total++
		r.line(l)
	}
	return r, r.findRegistered()
}

// readColumns finds out what each column is. Of two that mean the same the first that is not empty is read.
func (r *reading) readColumns(lines []sheet.Line) {
	width := 0
	for _, l := range lines {
		width = max(width, len(l.Cells))
	}
	filled := make([]bool, width)
	for _, l := range lines[1:] {
		for i, c := range l.Cells {
			filled[i] = filled[i] || c != ""
		}
	}
	for i := range width {
		c := Column{}
		if i < len(lines[0].Cells) {
			c.Head = fold.Clip(fold.Line(lines[0].Cells[i]), 60)
		}
		c.Column = columnOf[foldHead(c.Head)]
		first, twice := r.columns[c.Column]
		switch {
		case c.Head == "" && !filled[i]:
			continue
		case c.Head == "":
			c.Why = "unnamed"
		case c.Column == "":
			c.Why = "unknown"
		case twice && (filled[first] || !filled[i]):
			c.Why = "twice"
		default:
			c.Read = true
			if twice {
				for k := range r.shown {
					if r.shown[k].Column == c.Column {
						r.shown[k].Read, r.shown[k].Why = false, "empty"
					}
				}
			}
			if r.columns[c.Column] = i; !filled[i] {
				c.Why = "empty"
			}
		}
		r.shown = append(r.shown, c)
	}
}

// tagWords are the names by which a roster may call a tag.
func (s *Service) tagWords() map[string]string {
	out := map[string]string{}
	for _, t := range people.Tags {
		out[t] = t
		for _, lang := range text.Languages {
			out[strings.ToLower(s.People.Words.T(lang, "people.tag."+t))] = t
		}
	}
	return out
}

func (r *reading) cell(l sheet.Line, column string) string {
	i, ok := r.columns[column]
	if !ok || i >= len(l.Cells) {
		return ""
	}
	return strings.TrimPrefix(l.Cells[i], "'")
}

func (r *reading) find(f Finding) { r.findings = append(r.findings, f) }

// cut is what a spreadsheet makes of 18 digits that it keeps as a number: the last three are lost.
var cut = regexp.MustCompile(`^\d(\.\d+)?[Ee]\+1[67]$|^\d{15}000$`)

func (r *reading) line(l sheet.Line) {
	e := entry{Line: l.Number, Home: fold.Code(r.cell(l, "household")),
		P: people.Person{Name: r.cell(l, "name"), Number: r.cell(l, "id_number"), Phone: r.cell(l, "phone"), Address: r.cell(l, "address")}}
	wrong := false
	if e.P.Name == "" {
		wrong = true
		r.find(Finding{Line: l.Number, Column: "name", Key: "field.required", Skips: true})
	}
	var refusal *errs.Error
	if err := e.P.Check(r.ctx, ""); errors.As(err, &refusal) {
		wrong = true
		for _, f := range refusal.Fields {
			column := map[string]string{"idNumber": "id_number"}[f.Location]
			if column == "" {
				column = f.Location
			}
			key := f.Key
			if column == "id_number" && cut.MatchString(r.cell(l, column)) {
				key = "people.roster.cut"
			}
			r.find(Finding{Line: l.Number, Column: column, Key: key, Skips: true})
		}
	}
	if !fold.Within(e.Home, 30) {
		wrong = true
		r.find(Finding{Line: l.Number, Column: "household", Key: "field.too_long", Skips: true})
	}
	tags, ok := r.tags(l)
	if e.Tags = tags; wrong || !ok {
		return
	}
	mark := r.mark(&e.P)
	if first, twice := r.lines[mark]; twice {
		r.find(Finding{Line: l.Number, Column: "id_number", Key: "people.roster.twice", Other: first, Skips: true})
		return
	}
	r.lines[mark] = l.Number
	r.entries = append(r.entries, e)
}

// mark tells the same person in two lines: by identity number, else by name and phone.
func (r *reading) mark(p *people.Person) string {
	if p.Number != "" {
		return p.Number
	}
	return p.Name + "|" + p.Phone + "|" + p.Address
}

func (r *reading) tags(l sheet.Line) ([]people.Tag, bool) {
	words := strings.FieldsFunc(fold.Code(r.cell(l, "tags")), func(c rune) bool { return strings.ContainsRune(";,、/ ", c) })
	var out []people.Tag
	for _, w := range words {
		tag, known := r.tagWords[strings.ToLower(strings.TrimSpace(w))]
		if !known {
			r.find(Finding{Line: l.Number, Column: "tags", Key: "people.roster.tag", Skips: true})
			return nil, false
		}
		t := people.Tag{Tag: tag, Source: r.cell(l, "source"), Since: fold.KeepDay(r.cell(l, "since"))}
		if err := t.Check("", r.today); err != nil {
			f := errs.Of(err).Fields[0]
			r.find(Finding{Line: l.Number, Column: f.Location, Key: f.Key, Skips: true})
			return nil, false
		}
		if !slices.ContainsFunc(out, func(o people.Tag) bool { return o.Tag == t.Tag }) {
			out = append(out, t)
		}
	}
	return out, true
}

// findRegistered looks the identity numbers up in the county's rosters that the actor may read, some at a time. Who stands
// in the same community is changed by the line; who stands in another is left alone.
func (r *reading) findRegistered() error {
	const batch = 200
	shard := db.Shard(r.area)
	byMark := map[string]*entry{}
	for i := range r.entries {
		if n := r.entries[i].P.Number; n != "" {
			byMark[r.s.People.Ring.Index("number", n)] = &r.entries[i]
		}
	}
	marks := make([]string, 0, len(byMark))
	for m := range byMark {
		marks = append(marks, m)
	}
	slices.Sort(marks)
	drop := map[int]bool{}
	reads := func(area string) bool { return authority.From(r.ctx).Can(people.PermissionRead, area) }
	for part := range slices.Chunk(marks, batch) {
		found, err := people.ListMarked(r.ctx, r.s.People.Log.DB, shard, part)
		if err != nil {
			return err
		}
		for _, f := range found {
			e := byMark[f.Mark]
			if !reads(f.Area) {
				continue // nobody, to whoever may not read there
			}
			if people.Community(f.Area) != people.Community(r.area) {
				r.find(Finding{Line: e.Line, Column: "id_number", Key: "people.roster.elsewhere", Skips: true})
				drop[e.Line] = true
				continue
			}
			e.Same, e.Seen = f.ID, f.Version
			r.find(Finding{Line: e.Line, Column: "id_number", Key: "people.roster.known"})
		}
	}
	if err := r.findUnnumbered(drop); err != nil {
		return err
	}
	r.entries = slices.DeleteFunc(r.entries, func(e entry) bool { return drop[e.Line] })
	slices.SortStableFunc(r.findings, func(a, b Finding) int { return a.Line - b.Line })
	return nil
}

// findUnnumbered finds the persons of lines without an identity number among the community's own: by name
// and telephone, or by name and address where the line has no telephone. A line that fits several is not taken.
func (r *reading) findUnnumbered(drop map[int]bool) error {
	if !slices.ContainsFunc(r.entries, func(e entry) bool { return e.P.Number == "" }) {
		return nil
	}
	all, err := r.s.People.RosterOf(r.ctx, r.s.People.Log.DB, people.Community(r.area), mostResidents)
	if err != nil {
		return err
	}
	known := map[string][]*people.Record{}
	for i := range all {
		p := &all[i]
		if p.State != people.Active {
			continue
		}
		if p.Phone != "" {
			known[p.Name+"|"+p.Phone] = append(known[p.Name+"|"+p.Phone], p)
		}
		known[p.Name+"||"+p.Address] = append(known[p.Name+"||"+p.Address], p)
	}
	for i := range r.entries {
		e := &r.entries[i]
		if e.P.Number != "" {
			continue
		}
		same := known[e.P.Name+"|"+e.P.Phone]
		if e.P.Phone == "" {
			same = known[e.P.Name+"||"+e.P.Address]
		}
		switch {
		case len(same) > 1:
			drop[e.Line] = true
			r.find(Finding{Line: e.Line, Column: "name", Key: "people.roster.ambiguous", Skips: true})
		case len(same) == 1:
			e.Same, e.Seen = same[0].ID, same[0].Version
			r.find(Finding{Line: e.Line, Column: "name", Key: "people.roster.known"})
		}
	}
	return nil
}

func (e *entry) resident(area string) people.NewResident {
	return people.NewResident{Person: e.P, Area: area, Household: e.Home, Tags: e.Tags}
}

func (e *entry) String() string { return fmt.Sprintf("line %d", e.Line) } // never the person
