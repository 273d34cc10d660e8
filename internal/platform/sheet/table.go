package sheet

import (
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"linli/internal/platform/fold"
)

// Formats of a table that is written.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Table is written row by row, in memory that does not grow with it, and then closed.
type Table interface {
	Row(cells ...string) error
	Close() error
}

// MediaTypes are the media types of the formats.
var MediaTypes = map[string]string{
	CSV:  "text/csv; charset=utf-8",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// NewTable begins a table of a format. An xlsx workbook reaches w when it is closed: what is over
// 16 MB of it waits in a file.
func NewTable(w io.Writer, format string) (Table, error) {
	if format == CSV {
		return NewWriter(w)
	}
	book := excelize.NewFile()
	stream, err := book.NewStreamWriter(book.GetSheetName(0))
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	return &workbook{w: w, book: book, stream: stream}, nil
}

// Close passes on what is buffered.
func (w *Writer) Close() error { return w.Flush() }

type workbook struct {
	w      io.Writer
	book   *excelize.File
	stream *excelize.StreamWriter
	rows   int
}

// mostText is what a cell of a workbook holds at most, in characters.
const mostText = 32_767

// Row writes one line of texts as they are: a cell of type text is neither a number nor a formula.
func (b *workbook) Row(cells ...string) error {
	b.rows++
	values := make([]any, len(cells))
	for i, c := range cells {
		values[i] = fold.Cut(strings.ToValidUTF8(c, ""), mostText)
	}
	at, err := excelize.CoordinatesToCellName(1, b.rows)
	if err != nil {
		return err
	}
	return b.stream.SetRow(at, values)
}

func (b *workbook) Close() error {
	err := b.stream.Flush()
	if err == nil {
		err = b.book.Write(b.w)
	}
	return errors.Join(err, b.book.Close())
}
