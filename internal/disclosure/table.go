package disclosure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// accountColumns are the columns of accounts as a table: the heading of each is disclosure.column.<name>.
var accountColumns = []string{"day", "what", "in", "out", "voucher"}

// heading is a column's heading in a language.
func (s *Service) heading(lang text.Lang, name string) string {
	return s.Words.T(lang, "disclosure.column."+name)
}

// rowsOf are the rows of an edition as a table, with its heading.
func (s *Service) RowsOf(e *Entry, lang text.Lang) [][]string {
	var out [][]string
	switch {
	case e.Finance != nil:
		var head []string
		for _, c := range accountColumns {
			head = append(head, s.heading(lang, c))
		}
		out = append(out, head, []string{"", s.heading(lang, "opening"), Yuan(e.Finance.Opening), "", ""})
		for _, l := range e.Finance.Lines {
			out = append(out, []string{l.Day, l.What, amount(l.In), amount(l.Out), l.Voucher})
		}
		in, paid := e.Finance.Sums()
		out = append(out, []string{"", s.heading(lang, "sum"), Yuan(in), Yuan(paid), ""},
			[]string{"", s.heading(lang, "closing"), Yuan(e.Finance.Closing), "", ""})
		for _, b := range e.Finance.Balances {
			out = append(out, []string{"", s.heading(lang, "balance") + " " + b.Name, Yuan(b.Amount), "", ""})
		}
	case e.Table != nil:
		var head []string
		for _, c := range e.Table.Columns {
			head = append(head, c.Given(lang))
		}
		out = append(append(out, head), e.Table.Rows...)
	}
	return out
}

// amount is an amount in yuan, empty for none.
func amount(fen int64) string {
	if fen == 0 {
		return ""
	}
	return Yuan(fen)
}

// tableFile answers with rows as a file.
func tableFile(name, format string, rows [][]string) (*huma.StreamResponse, error) {
	var b bytes.Buffer
	t, err := sheet.NewTable(&b, format)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		err = errors.Join(err, t.Row(r...))
	}
	if err = errors.Join(err, t.Close()); err != nil {
		return nil, err
	}
	return httpx.File(sheet.MediaTypes[format], name+"."+format, "attachment", io.NopCloser(&b)), nil
}

// TableRead is what a table was read as. Nothing is saved: the face shows it in the draft.
type TableRead struct {
	Table   *Table   `json:"table,omitempty"`
	Finance *Finance `json:"finance,omitempty" doc:"Receipts and payments; opening, closing and balances stay those of the draft"`
}

// ReadTable reads rows from a file for a draft that the actor may change. Errors: those of sheet.Read; Invalid without the columns
// of accounts, or for a line that is none; Conflict for what is no draft.
func (s faces) ReadTable(ctx context.Context, id string, r io.Reader) (TableRead, error) {
	e, err := s.latest(ctx, s.Log.DB, id)
	if err != nil {
		return TableRead{}, err
	}
	if !authority.From(ctx).Can(permRead, e.Area) {
		return TableRead{}, errs.ErrNotFound
	}
	if _, err := lifecycle.Take(&e, verbChange, authority.From(ctx)); err != nil {
		return TableRead{}, err
	}
	lines, err := s.lines(ctx, r)
	if err != nil {
		return TableRead{}, err
	}
	if len(lines) < 2 {
		return TableRead{}, errs.ErrInvalid.At("file", "disclosure.table.empty")
	}
	if item, _ := s.Item(e.Item); item.Form == FormFinance {
		return s.readAccounts(lines, e.Finance)
	}
	return readRows(lines)
}

func readRows(lines []sheet.Line) (TableRead, error) {
	t := &Table{}
	for _, cell := range lines[0].Cells {
		if cell = strings.TrimSpace(sheet.Plain(cell)); cell != "" {
			t.Columns = append(t.Columns, text.Pair{Zh: cell})
		}
	}
	for _, l := range lines[1:] {
		row := make([]string, len(t.Columns))
		for i := range row {
			if i < len(l.Cells) {
				row[i] = sheet.Plain(l.Cells[i])
			}
		}
		t.Rows = append(t.Rows, row)
	}
	c := Content{Title: "-", Table: t}
	c.tidy()
	return TableRead{Table: t}, c.check()
}

// readAccounts reads receipts and payments. Sums, opening, closing and balances that the platform wrote are passed over.
func (s faces) readAccounts(lines []sheet.Line, kept *Finance) (TableRead, error) {
	at := map[string]int{}
	for i, cell := range lines[0].Cells {
		for _, c := range accountColumns {
			heads := []string{fold.Words(s.heading(text.Chinese, c)), fold.Words(s.heading(text.English, c)), c}
			if _, twice := at[c]; !twice && slices.Contains(heads, fold.Words(cell)) {
				at[c] = i
			}
		}
	}
	for _, c := range []string{"day", "what", "in", "out"} {
		if _, ok := at[c]; !ok {
			return TableRead{}, errs.ErrInvalid.At("file", "disclosure.finance.columns", "column", s.heading(text.Chinese, c))
		}
	}
	out := Finance{Lines: []Line{}, Balances: []Balance{}}
	if kept != nil {
		out.Opening, out.Closing, out.Balances = kept.Opening, kept.Closing, kept.Balances
	}
	for _, l := range lines[1:] {
		cell := func(name string) string {
			if i, ok := at[name]; ok && i < len(l.Cells) {
				return strings.TrimSpace(sheet.Plain(l.Cells[i]))
			}
			return ""
		}
		if cell("day") == "" { // opening, sums, closing and balances
			continue
		}
		in, okIn := Fen(cell("in"))
		paid, okOut := Fen(cell("out"))
		day, okDay := fold.Day(cell("day"))
		if !okIn || !okOut || !okDay || (in > 0) == (paid > 0) {
			return TableRead{}, errs.ErrInvalid.At("file", "disclosure.finance.line", "line", l.Number)
		}
		out.Lines = append(out.Lines, Line{Day: day, What: cell("what"), In: in, Out: paid, Voucher: cell("voucher")})
	}
	return TableRead{Finance: &out}, nil
}

// Fen reads an amount in yuan with at most two decimals, e.g. "1,234.50", as fen; "" is 0. It computes in whole numbers.
func Fen(s string) (int64, bool) {
	s = strings.NewReplacer(",", "", "，", "", "￥", "", "¥", "", " ", "").Replace(fold.Code(s))
	if s == "" {
		return 0, true
	}
	whole, part, _ := strings.Cut(s, ".")
	negative := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	if len(part) > 2 && strings.Trim(part[2:], "0") != "" || len(whole) > 10 || whole == "" && part == "" {
		return 0, false
	}
	part = (part + "00")[:2]
	y, err := strconv.ParseUint("0"+whole, 10, 63)
	f, errPart := strconv.ParseUint(part, 10, 63)
	if err != nil || errPart != nil {
		return 0, false
	}
	n := int64(y)*100 + int64(f) //nolint:gosec // ten digits
	if negative {
		n = -n
	}
	return n, true
}

// lines reads a table in a process of its own.
func (s faces) lines(ctx context.Context, r io.Reader) ([]sheet.Line, error) {
	f, err := os.CreateTemp("", "disclosure-*")
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return nil, err
	}
	var lines []sheet.Line
	return lines, s.Files.Sandbox.Run(ctx, sheet.Job.Name, f, &lines)
}

// dutyRows are duties as a table.
func (s faces) dutyRows(duties []Duty, lang text.Lang, today string) [][]string {
	head := []string{}
	for _, c := range []string{"code", "community", "head", "item", "period", "due", "state", "posted", "late"} {
		head = append(head, s.heading(lang, c))
	}
	out := [][]string{head}
	for i := range duties {
		d := &duties[i]
		v := s.DutyViewOf(d, lang, today)
		lateness := ""
		if v.Late != "" {
			lateness = s.Words.T(lang, "disclosure.late."+v.Late)
		}
		out = append(out, []string{d.Area, v.AreaName, s.Words.T(lang, "disclosure.head."+d.Head), v.Title, v.PeriodName, d.Due,
			s.Words.T(lang, "disclosure.duty."+d.State), d.PostedOn, lateness})
	}
	return out
}

// boardRows is a board as a table.
func (s faces) boardRows(b *Board, lang text.Lang) [][]string {
	head := []string{}
	for _, c := range []string{"code", "area", "fell_due", "on_time", "posted_late", "not_posted", "very_late"} {
		head = append(head, s.heading(lang, c))
	}
	out := [][]string{head}
	for _, a := range b.Below {
		cells := []string{a.Code, a.Name}
		for _, n := range []int{a.Due, a.OnTime, a.PostedLate, a.Late, a.VeryLate} {
			cells = append(cells, fmt.Sprint(n))
		}
		out = append(out, cells)
	}
	return out
}
