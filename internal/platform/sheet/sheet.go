// Package sheet reads and writes tables as offices exchange them.
package sheet

import (
	"encoding/csv"
	"io"
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
