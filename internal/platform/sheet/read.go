package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/platform/errs"
	"linli/internal/platform/sandbox"
)

// Line is a row of a table with the number that a spreadsheet shows beside it.
type Line struct {
	Number int
	Cells  []string
}

// Limits of a table that is read.
const (
	mostCells    = 100
	mostCell     = 2000     // bytes
	mostUnpacked = 48 << 20 // bytes of a workbook's parts together
	mostRatio    = 200      // of what a part unpacks to, to what it takes packed; zeros reach 1000
	mostParts    = 1000
	emptyRows    = 10_000 // that a workbook may have beside those that are read
)

// ErrUnreadable says that a file is neither CSV nor xlsx.
var ErrUnreadable = errs.ErrInvalid.At("file", "sheet.unreadable")

// Job reads a table in a process of its own: a workbook of some kilobytes may unpack to gigabytes of
// cells, styles or shared strings. What it returns is what Read returns with the most rows of Rows.
var Job = sandbox.Job{Name: "sheet", Do: func(f *os.File) (any, error) {
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return Read(raw, Rows)
}}

// Rows is how many rows Job reads at most.
const Rows = 20_001

// Read reads a table: an xlsx workbook's first sheet, or CSV in UTF-8 or GB 18030. Empty rows are
// left out. Errors: ErrUnreadable; TooLarge with more than most rows.
func Read(raw []byte, most int) ([]Line, error) {
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return readWorkbook(raw, most)
	}
	return readText(raw, most)
}

func readWorkbook(raw []byte, most int) ([]Line, error) {
	if !modest(raw) {
		return nil, errs.ErrTooLarge
	}
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
		if n > most+emptyRows {
			return nil, errs.ErrTooLarge
		}
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

// modest tells whether the parts of a workbook say that they unpack to what is read here. The
// reader bounds what they really unpack to.
func modest(raw []byte) bool {
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return true // the reader says what is wrong
	}
	all := uint64(0)
	for _, part := range archive.File {
		const small = 1 << 20
		if part.UncompressedSize64 > small && part.UncompressedSize64 > mostRatio*part.CompressedSize64 {
			return false
		}
		all += part.UncompressedSize64
	}
	return all <= mostUnpacked && len(archive.File) <= mostParts
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
