// Package sheet reads and writes tables as offices exchange them.
package sheet

import (
	"encoding/csv"
	"io"
	"strings"
)

// bom lets spreadsheet programs recognise UTF-8.
const bom = "\ufeff"

// Writer writes CSV that a spreadsheet opens rightly and in which no cell is a formula.
type Writer struct{ csv *csv.Writer }

// NewWriter begins a table.
func NewWriter(w io.Writer) (*Writer, error) {
	if _, err := io.WriteString(w, bom); err != nil {
		return nil, err
	}
	return &Writer{csv.NewWriter(w)}, nil
}

// Row writes one line.
func (w *Writer) Row(cells ...string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = Safe(c)
	}
	return w.csv.Write(safe)
}

// Flush passes on what is buffered.
func (w *Writer) Flush() error {
	w.csv.Flush()
	return w.csv.Error()
}

// Safe makes a cell that no spreadsheet takes for a formula: one that begins like a formula,
// perhaps behind blanks or signs that are not seen, gets an apostrophe in front.
func Safe(cell string) string {
	seen := strings.TrimLeft(cell, " \t\r\n\u00a0\u3000\u200b\ufeff")
	if seen == "" {
		return strings.TrimSpace(cell)
	}
	switch first := []rune(seen)[0]; first {
	case '=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠':
		return "'" + cell
	}
	if seen != cell && (cell[0] == '\t' || cell[0] == '\r' || cell[0] == '\n') {
		return "'" + cell
	}
	return cell
}
