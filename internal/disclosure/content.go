package disclosure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/text"
)

// Bounds of an entry, in characters, rows and fen.
const (
	maxTitle   = 80
	maxText    = 10_000
	maxColumns = 12
	maxRows    = 2000
	maxCell    = 300
	maxLines   = 2000
	maxBanks   = 20
	maxFen     = 1_000_000_000_000 // ten billion yuan
	maxFiles   = 20
)

// Table is what is disclosed as rows. Headings are in both languages where the platform knows them.
type Table struct {
	Columns []text.Pair `json:"columns" maxItems:"12"`
	Rows    [][]string  `json:"rows" maxItems:"2000"`
}

// Line is one receipt or payment, in fen. One of In and Out is 0.
type Line struct {
	Day     string `json:"day" maxLength:"10"`
	What    string `json:"what" maxLength:"300"`
	In      int64  `json:"in" minimum:"0" maximum:"1000000000000" doc:"Received, in fen"`
	Out     int64  `json:"out" minimum:"0" maximum:"1000000000000" doc:"Paid, in fen"`
	Voucher string `json:"voucher,omitempty" maxLength:"200" doc:"Number of the voucher"`
}

// Balance is what an account holds at the end of the period, in fen.
type Balance struct {
	Name   string `json:"name" maxLength:"60" doc:"Bank or cash; no account number"`
	Amount int64  `json:"amount" minimum:"-1000000000000" maximum:"1000000000000" doc:"In fen"`
}

// Finance are the accounts of a period, in fen: Opening plus what came in less what went out is Closing, and the balances sum
// up to it.
type Finance struct {
	Opening  int64     `json:"opening" minimum:"-1000000000000" maximum:"1000000000000"`
	Lines    []Line    `json:"lines" maxItems:"2000"`
	Closing  int64     `json:"closing" minimum:"-1000000000000" maximum:"1000000000000"`
	Balances []Balance `json:"balances" maxItems:"20"`
}

// Sums are what came in and what went out, in fen.
func (f *Finance) Sums() (in, out int64) {
	for _, l := range f.Lines {
		in, out = in+l.In, out+l.Out
	}
	return in, out
}

// Content is what a writer sets.
type Content struct {
	Title   string   `json:"title" maxLength:"80"`
	Text    string   `json:"text,omitempty" maxLength:"60000" doc:"Plain text; an empty line separates paragraphs"`
	None    bool     `json:"none,omitempty" doc:"There was nothing of the kind in the period"`
	Table   *Table   `json:"table,omitempty"`
	Finance *Finance `json:"finance,omitempty"`
	Source  string   `json:"source,omitempty" maxLength:"40" doc:"Source that filled the table; empty where it was written"`
	Filled  int64    `json:"filled,omitempty" doc:"When the source was read"`
}

// tidy brings a content into the form in which it is kept.
func (c *Content) tidy() {
	c.Title = fold.Line(c.Title)
	c.Text = strings.TrimSpace(strings.ReplaceAll(c.Text, "\r\n", "\n"))
	if t := c.Table; t != nil {
		for i := range t.Columns {
			t.Columns[i].Zh, t.Columns[i].En = fold.Line(t.Columns[i].Zh), fold.Line(t.Columns[i].En)
		}
		for _, row := range t.Rows {
			for i := range row {
				row[i] = fold.Line(row[i])
			}
		}
		t.Rows = slices.DeleteFunc(t.Rows, func(row []string) bool { return strings.Join(row, "") == "" })
		if len(t.Columns) == 0 && len(t.Rows) == 0 {
			c.Table = nil
		}
	}
	if f := c.Finance; f != nil {
		for i := range f.Lines {
			l := &f.Lines[i]
			l.Day, l.What, l.Voucher = fold.KeepDay(l.Day), fold.Line(l.What), fold.Line(l.Voucher)
		}
		for i := range f.Balances {
			f.Balances[i].Name = fold.Line(f.Balances[i].Name)
		}
	}
}

// check refuses a content over its bounds: Invalid, naming every field. Whether it may be posted is asked by [Content.ready].
func (c *Content) check() error {
	refused := errs.ErrInvalid
	if c.Title == "" {
		refused = refused.At("title", "field.required")
	} else if !fold.Within(c.Title, maxTitle) {
		refused = refused.At("title", "field.too_long", "max", maxTitle)
	}
	if !fold.Within(c.Text, maxText) {
		refused = refused.At("text", "field.too_long", "max", maxText)
	}
	if t := c.Table; t != nil {
		refused = t.check(refused)
	}
	if f := c.Finance; f != nil {
		refused = f.check(refused)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

func (t *Table) check(refused *errs.Error) *errs.Error {
	if len(t.Columns) == 0 || len(t.Columns) > maxColumns {
		return refused.At("table", "disclosure.table.columns", "max", maxColumns)
	}
	if len(t.Rows) > maxRows {
		return refused.At("table", "field.too_long", "max", maxRows)
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return refused.At("table", "disclosure.table.row", "row", i+1)
		}
		for _, cell := range row {
			if !fold.Within(cell, maxCell) {
				return refused.At("table", "disclosure.table.cell", "row", i+1, "max", maxCell)
			}
		}
	}
	return refused
}

func (f *Finance) check(refused *errs.Error) *errs.Error {
	if len(f.Lines) > maxLines || len(f.Balances) > maxBanks {
		return refused.At("finance", "field.too_long", "max", maxLines)
	}
	for i, l := range f.Lines {
		at := fmt.Sprintf("finance.lines[%d]", i)
		switch _, day := fold.Day(l.Day); {
		case !day:
			refused = refused.At(at+".day", "field.date")
		case l.What == "" || !fold.Within(l.What, maxCell):
			refused = refused.At(at+".what", "field.required")
		case l.In < 0 || l.Out < 0 || l.In > maxFen || l.Out > maxFen || (l.In > 0) == (l.Out > 0):
			refused = refused.At(at+".in", "disclosure.finance.side")
		}
	}
	for i, b := range f.Balances {
		if b.Name == "" || !fold.Within(b.Name, 60) {
			refused = refused.At(fmt.Sprintf("finance.balances[%d].name", i), "field.required")
		}
	}
	return refused
}

// ready refuses what may not be posted: nothing disclosed, numbers of persons, accounts that do not balance or do not go on
// where those before ended, days outside of the period. Before is the closing of the period before, known when it is posted.
func (c *Content) ready(form string, first, last string, before int64, known bool) error {
	if err := c.check(); err != nil {
		return err
	}
	refused := errs.ErrInvalid
	table := c.Table != nil && len(c.Table.Rows) > 0
	if form == FormFinance {
		if c.Finance == nil {
			return refused.At("finance", "field.required")
		}
		refused = c.Finance.balanced(refused, first, last, before, known)
	} else if !c.None && c.Text == "" && !table {
		refused = refused.At("text", "disclosure.empty")
	}
	if c.None && table {
		refused = refused.At("none", "disclosure.none_with_rows")
	}
	if idcode.HoldsPersonal(c.words()) {
		refused = refused.At("text", "disclosure.personal").By(rulePersonal)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// words are all texts in which a number of a person could stand.
func (c *Content) words() string {
	out := []string{c.Title, c.Text}
	if c.Table != nil {
		for _, row := range c.Table.Rows {
			out = append(out, row...)
		}
	}
	if c.Finance != nil {
		for _, l := range c.Finance.Lines {
			out = append(out, l.What)
		}
		for _, b := range c.Finance.Balances {
			out = append(out, b.Name)
		}
	}
	return strings.Join(out, "\n")
}

func (f *Finance) balanced(refused *errs.Error, first, last string, before int64, known bool) *errs.Error {
	in, out := f.Sums()
	if want := f.Opening + in - out; want != f.Closing {
		refused = refused.At("finance.closing", "disclosure.finance.balance", "want", Yuan(want), "is", Yuan(f.Closing)).By(ruleBalance)
	}
	var held int64
	for _, b := range f.Balances {
		held += b.Amount
	}
	if len(f.Balances) == 0 || held != f.Closing {
		refused = refused.At("finance.balances", "disclosure.finance.held", "want", Yuan(f.Closing), "is", Yuan(held)).By(ruleBalance)
	}
	if known && f.Opening != before {
		refused = refused.At("finance.opening", "disclosure.finance.opening", "want", Yuan(before), "is", Yuan(f.Opening)).By(ruleBalance)
	}
	for i, l := range f.Lines {
		if first != "" && (l.Day < first || l.Day > last) {
			refused = refused.At(fmt.Sprintf("finance.lines[%d].day", i), "disclosure.finance.outside", "first", first, "last", last)
		}
	}
	return refused
}

// Yuan writes fen as yuan with two decimals.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%d.%02d", sign, fen/100, fen%100)
}

// Attached is a file as the posted bytes name it.
type Attached struct {
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size"`
	Digest    string `json:"sha256"`
}

// Document is a posted edition as its bytes say it.
type Document struct {
	Format   string     `json:"format"`
	ID       string     `json:"id"`
	Edition  int        `json:"edition"`
	Previous string     `json:"previous"` // hash of the edition that it corrects, or ""
	Reason   string     `json:"reason"`   // of a correction
	Area     string     `json:"area"`
	AreaName string     `json:"areaName"`
	Item     string     `json:"item"`
	ItemName text.Pair  `json:"itemName"`
	Head     string     `json:"head"`
	Period   string     `json:"period"`
	Issuer   string     `json:"issuer"`
	Writer   string     `json:"writer"`
	Approver string     `json:"approver"`
	PostedAt string     `json:"postedAt"` // RFC 3339, city time
	Content  Content    `json:"content"`
	Files    []Attached `json:"files"`
}

// documentFormat names the form of the bytes.
const documentFormat = "linli-disclosure/1"

// bytes are what is posted, and their SHA-256 in hexadecimal.
func (d *Document) bytes() (raw, hash string, err error) {
	b, err := json.Marshal(d)
	return string(b), hashOf(string(b)), err
}

func hashOf(raw string) string {
	sum := sha256.Sum256([]byte(raw))
	return hex.EncodeToString(sum[:])
}
