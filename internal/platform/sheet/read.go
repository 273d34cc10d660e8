package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/platform/errs"
)

// Line is a row of a table with the number that a spreadsheet shows beside it.
type Line struct {
	Number int
	Cells  []string
}

// Limits of a table that is read.
const (
	mostCells    = 100
	mostCell     = 2000 // bytes
	mostUnpacked = 64 << 20
)

// ErrUnreadable says that a file is neither CSV nor xlsx.
var ErrUnreadable = errs.ErrInvalid.At("file", "sheet.unreadable")

// Read reads a table: an xlsx workbook's first sheet, or CSV in UTF-8 or GB 18030. Empty rows are
// left out. Errors: ErrUnreadable; TooLarge with more than most rows.
func Read(raw []byte, most int) ([]Line, error) {
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return readWorkbook(raw, most)
	}
	return readText(raw, most)
}

func readWorkbook(raw []byte, most int) ([]Line, error) {
	book, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked / 2, RawCellValue: true})
	if err != nil {
		return nil, ErrUnreadable
	}
	defer book.Close()
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return nil, ErrUnreadable
	}
	defer rows.Close()
	var out []Line
	for n := 1; rows.Next(); n++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, ErrUnreadable
		}
		if out, err = keep(out, n, cells, most); err != nil {
			return nil, err
		}
	}
	if rows.Error() != nil {
		return nil, ErrUnreadable
	}
	return out, nil
}

func readText(raw []byte, most int) ([]Line, error) {
	raw = bytes.TrimPrefix(raw, []byte(bom))
	if !utf8.Valid(raw) {
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, ErrUnreadable
		}
		raw = decoded
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return nil, ErrUnreadable
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, false, true
	var out []Line
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, ErrUnreadable
		}
		n, _ := r.FieldPos(0)
		if out, err = keep(out, n, cells, most); err != nil {
			return nil, err
		}
	}
}

func keep(out []Line, number int, cells []string, most int) ([]Line, error) {
	full := false
	if len(cells) > mostCells {
		return nil, errs.ErrTooLarge
	}
	for i, c := range cells {
		if len(c) > mostCell {
			return nil, errs.ErrTooLarge
		}
		cells[i] = strings.TrimSpace(c)
		full = full || cells[i] != ""
	}
	if !full {
		return out, nil
	}
	if len(out) >= most {
		return nil, errs.ErrTooLarge
	}
	return append(out, Line{number, cells}), nil
}
