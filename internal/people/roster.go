package people

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
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
			out[name] = r[0]
		}
	}
	return out
}()

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
	Line int    `json:"l"`
	P    Person `json:"p"`
	Home string `json:"h,omitempty"`
	Tags []Tag  `json:"t,omitempty"`
	Same string `json:"s,omitempty"` // id of the person on the roster whom the line tells of
}

// reading goes through a roster file.
type reading struct {
	s        *Service
	ctx      context.Context
	area     string
	columns  map[string]int
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
	r := &reading{s: s, ctx: ctx, area: area, columns: map[string]int{}, today: clock.Day(clock.Now(ctx)), lines: map[string]int{}, tagWords: s.tagWords()}
	if len(lines) == 0 {
		return nil, errNoName
	}
	for i, head := range lines[0].Cells {
		if column, ok := columnOf[strings.ToLower(strings.Trim(head, "* "))]; ok {
			r.columns[column] = i
		}
	}
	if _, ok := r.columns["name"]; !ok {
		return nil, errNoName
	}
	for _, l := range lines[1:] {
		r.total++
		r.line(l)
	}
	return r, r.findRegistered()
}

// tagWords are the names by which a roster may call a tag.
func (s *Service) tagWords() map[string]string {
	out := map[string]string{}
	for _, t := range Tags {
		out[t] = t
		for _, lang := range text.Languages {
			out[strings.ToLower(s.Words.T(lang, "people.tag."+t))] = t
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

func (r *reading) line(l sheet.Line) {
	e := entry{Line: l.Number, Home: r.cell(l, "household"), P: Person{Name: r.cell(l, "name"), Number: r.cell(l, "id_number"), Phone: r.cell(l, "phone"), Address: r.cell(l, "address")}}
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
			r.find(Finding{Line: l.Number, Column: column, Key: f.Key, Skips: true})
		}
	}
	if len([]rune(e.Home)) > 30 {
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
func (r *reading) mark(p *Person) string {
	if p.Number != "" {
		return p.Number
	}
	return p.Name + "|" + p.Phone + "|" + p.Address
}

func (r *reading) tags(l sheet.Line) ([]Tag, bool) {
	words := strings.FieldsFunc(r.cell(l, "tags"), func(c rune) bool { return strings.ContainsRune(";；,，、/", c) })
	var out []Tag
	for _, w := range words {
		tag, known := r.tagWords[strings.ToLower(strings.TrimSpace(w))]
		if !known {
			r.find(Finding{Line: l.Number, Column: "tags", Key: "people.roster.tag", Skips: true})
			return nil, false
		}
		t := Tag{Tag: tag, Source: r.cell(l, "source"), Since: strings.NewReplacer("/", "-", ".", "-").Replace(r.cell(l, "since"))}
		if day, err := time.Parse("2006-1-2", t.Since); err == nil {
			t.Since = day.Format(time.DateOnly)
		}
		if err := t.check("", r.today); err != nil {
			f := errs.Of(err).Fields[0]
			r.find(Finding{Line: l.Number, Column: f.Location, Key: f.Key, Skips: true})
			return nil, false
		}
		if !slices.ContainsFunc(out, func(o Tag) bool { return o.Tag == t.Tag }) {
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
			byMark[r.s.Ring.Index("number", n)] = &r.entries[i]
		}
	}
	marks := make([]string, 0, len(byMark))
	for m := range byMark {
		marks = append(marks, m)
	}
	slices.Sort(marks)
	drop := map[int]bool{}
	reads := func(area string) bool { return authority.From(r.ctx).Can(permRead, area) }
	for part := range slices.Chunk(marks, batch) {
		in, args := db.In([]any{shard}, part)
		found, err := db.All(r.ctx, r.s.Log.DB, func(row db.Scanner) (f [3]string, err error) { return f, row.Scan(&f[0], &f[1], &f[2]) },
			`SELECT number_index, id, area FROM people_person WHERE shard = $1 AND roster = 1 AND number_index <> '' AND number_index IN `+in, args...)
		if err != nil {
			return err
		}
		for _, f := range found {
			e := byMark[f[0]]
			if !reads(f[2]) {
				continue // nobody, to whoever may not read there
			}
			if community(f[2]) != community(r.area) {
				r.find(Finding{Line: e.Line, Column: "id_number", Key: "people.roster.elsewhere", Skips: true})
				drop[e.Line] = true
				continue
			}
			e.Same = f[1]
			r.find(Finding{Line: e.Line, Column: "id_number", Key: "people.roster.known"})
		}
	}
	r.entries = slices.DeleteFunc(r.entries, func(e entry) bool { return drop[e.Line] })
	slices.SortStableFunc(r.findings, func(a, b Finding) int { return a.Line - b.Line })
	return nil
}

// community is the code of the community that an area is or lies in.
func community(area string) string { return area[:min(len(area), 12)] }

func (e *entry) resident(area string) NewResident {
	return NewResident{Person: e.P, Area: area, Household: e.Home, Tags: e.Tags}
}

func (e *entry) String() string { return fmt.Sprintf("line %d", e.Line) } // never the person
