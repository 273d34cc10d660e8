package admission

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// column is a column of a list as a table: its heading is admission.column.<name>; tables in either language are read.
type column struct {
	name string
	at   func(*Entry) *string // nil for terms
}

var columns = []column{
	{"code", func(e *Entry) *string { return &e.Code }},
	{"text_zh", func(e *Entry) *string { return &e.Text.Zh }},
	{"text_en", func(e *Entry) *string { return &e.Text.En }},
	{"terms", nil},
	{"department", func(e *Entry) *string { return &e.Department }},
	{"department_zh", func(e *Entry) *string { return &e.DepartmentName.Zh }},
	{"department_en", func(e *Entry) *string { return &e.DepartmentName.En }},
	{"law_zh", func(e *Entry) *string { return &e.Law.Zh }},
	{"law_en", func(e *Entry) *string { return &e.Law.En }},
	{"article_zh", func(e *Entry) *string { return &e.Article.Zh }},
	{"article_en", func(e *Entry) *string { return &e.Article.En }},
	{"from", func(e *Entry) *string { return &e.From }},
	{"until", func(e *Entry) *string { return &e.Until }},
	{"certainty", func(e *Entry) *string { return &e.Certainty }},
	{"note_zh", func(e *Entry) *string { return &e.Note.Zh }},
	{"note_en", func(e *Entry) *string { return &e.Note.En }},
}

// cell is the entry's value of a column.
func (c *column) cell(e *Entry) string {
	if c.at == nil {
		return strings.Join(e.Terms, " ")
	}
	return *c.at(e)
}

// writeTable answers with entries as a file: a heading and a line for each.
func (s *Service) writeTable(ctx context.Context, name, format string, entries []Entry) (*huma.StreamResponse, error) {
	var b bytes.Buffer
	t, err := sheet.NewTable(&b, format)
	if err != nil {
		return nil, err
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = s.Texts.T(text.From(ctx), "admission.column."+c.name)
	}
	err = t.Row(cells...)
	for i := range entries {
		for n := range columns {
			cells[n] = columns[n].cell(&entries[i])
		}
		err = errors.Join(err, t.Row(cells...))
	}
	if err = errors.Join(err, t.Close()); err != nil {
		return nil, err
	}
	return httpx.File(sheet.MediaTypes[format], name, "attachment", io.NopCloser(&b)), nil
}

// TableRead is what a table was read as. Nothing is saved: the face shows it in the draft.
type TableRead struct {
	Entries []Entry        `json:"entries"`
	Columns []sheet.Column `json:"columns" doc:"How each column was read"`
	Lines   []LineFinding  `json:"lines" doc:"Lines of the table with something to mend"`
}

// LineFinding is what is wrong with one line of a table.
type LineFinding struct {
	Line   int    `json:"line" doc:"As a spreadsheet numbers it"`
	Column string `json:"column"`
	Detail string `json:"detail"`
}

// ReadTable reads entries from a table for a draft that the actor may change. Errors: those of sheet.Read; Invalid without
// the columns of code and text; Conflict for what is no draft.
func (s *Service) ReadTable(ctx context.Context, id string, r io.Reader) (TableRead, error) {
	out := TableRead{Entries: []Entry{}, Columns: []sheet.Column{}, Lines: []LineFinding{}}
	l, err := s.visible(ctx, id)
	if err != nil {
		return out, err
	}
	if _, err := lifecycle.Take(&l, verbChange, authority.From(ctx)); err != nil {
		return out, err
	}
	lines, err := s.lines(ctx, r)
	if err != nil {
		return out, err
	}
	if len(lines) < 2 {
		return out, errs.ErrInvalid.At("file", "admission.table.empty")
	}
	at := s.heads(lines[0], &out)
	if at["code"] < 0 || at["text_zh"] < 0 {
		return out, errs.ErrInvalid.At("file", "admission.table.columns")
	}
	if len(lines) > MaxEntries+1 {
		return out, errs.ErrInvalid.At("file", "admission.list.long", "max", MaxEntries)
	}
	for _, line := range lines[1:] {
		e := Entry{Kind: l.Kind, Certainty: "U"}
		for _, c := range columns {
			cell := ""
			if i := at[c.name]; i >= 0 && i < len(line.Cells) {
				cell = sheet.Plain(line.Cells[i])
			}
			switch {
			case c.at == nil:
				e.Terms = strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(" ,，、;；|", r) })
			case cell != "":
				*c.at(&e) = cell
			}
		}
		e.tidy()
		for _, f := range e.check(errs.ErrInvalid, "").Fields {
			name := strings.NewReplacer(".", "_", "departmentName", "department").Replace(strings.TrimPrefix(f.Location, "."))
			out.Lines = append(out.Lines, LineFinding{Line: line.Number, Column: s.Texts.T(text.From(ctx), "admission.column."+name),
				Detail: s.Texts.Sentence(text.From(ctx), "error."+f.Key, f.Args)})
		}
		out.Entries = append(out.Entries, e)
	}
	return out, nil
}

// heads finds the place of each column by its heading in either language or its name; -1 where it has none.
func (s *Service) heads(head sheet.Line, out *TableRead) map[string]int {
	at := map[string]int{}
	for _, c := range columns {
		at[c.name] = -1
	}
	for i, cell := range head.Cells {
		n := slices.IndexFunc(columns, func(c column) bool {
			key := "admission.column." + c.name
			heads := []string{fold.Words(s.Texts.T(text.Chinese, key)), fold.Words(s.Texts.T(text.English, key)), c.name}
			return slices.Contains(heads, fold.Words(cell))
		})
		col := sheet.Column{Head: cell, Why: "unknown"}
		switch {
		case n >= 0 && at[columns[n].name] < 0:
			at[columns[n].name], col = i, sheet.Column{Head: cell, Column: columns[n].name, Read: true}
		case n >= 0:
			col.Why = "twice"
		}
		out.Columns = append(out.Columns, col)
	}
	return at
}

// lines reads a table in a process of its own.
func (s *Service) lines(ctx context.Context, r io.Reader) ([]sheet.Line, error) {
	f, err := os.CreateTemp("", "list-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return nil, err
	}
	var lines []sheet.Line
	return lines, s.Sandbox.Run(ctx, sheet.Job.Name, f, &lines)
}
