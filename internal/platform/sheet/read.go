package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
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
	mostUnpacked = 32 << 20 // bytes of a workbook's parts together
	mostRatio    = 200      // of what a part unpacks to, to what it takes packed; zeros reach 1000
	mostParts    = 1000
	emptyRows    = 10_000 // that a workbook may have beside those that are read
)

// Refusals of a file that is no table, each naming the cause.
var (
	ErrUnreadable = errs.ErrInvalid.At("file", "sheet.unreadable") // neither CSV nor xlsx
	ErrOldFormat  = errs.ErrInvalid.At("file", "sheet.old_format") // .xls, or a locked workbook
	ErrEncoding   = errs.ErrInvalid.At("file", "sheet.encoding")   // neither UTF-8, UTF-16 nor GB 18030
	ErrBroken     = errs.ErrInvalid.At("file", "sheet.broken")     // a workbook of which a part is missing or damaged
)

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

// Read reads a table: an xlsx workbook's first sheet that is not empty, or text in UTF-8, UTF-16 or GB
// 18030 whose cells a comma, a tab or a semicolon parts. Days in date cells are given as YYYY-MM-DD whether
// the workbook counts from 1900 or 1904. Empty rows are left out. Errors: ErrUnreadable, ErrOldFormat,
// ErrEncoding, ErrBroken; Invalid sheet.quote with its line for an unclosed quotation; TooLarge with more than
// most rows.
func Read(raw []byte, most int) ([]Line, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return readWorkbook(raw, most)
	case bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return nil, ErrOldFormat
	}
	return readText(raw, most)
}

func readWorkbook(raw []byte, most int) ([]Line, error) {
	if !modest(raw) {
		return nil, errs.ErrTooLarge
	}
	if err := checkWorkbook(raw); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(raw),
		excelize.Options{UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostUnpacked / 2, RawCellValue: true})
	if err != nil {
		return nil, ErrBroken
	}
	defer book.Close()
	props, err := book.GetWorkbookProps()
	if err != nil || len(book.GetSheetList()) == 0 {
		return nil, ErrBroken
	}
	dates := &dateCells{book: book, from1904: props.Date1904 != nil && *props.Date1904, known: map[int]bool{}}
	for _, name := range book.GetSheetList() {
		out, err := readSheet(book, name, dates, most)
		if err != nil || len(out) > 0 {
			return out, err
		}
	}
	return nil, nil
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

// checkWorkbook reads every sheet's document to its end: excelize stops without a word where one breaks off.
func checkWorkbook(raw []byte) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return ErrBroken
	}
	sheets, left := 0, int64(mostUnpacked)
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		if !strings.HasSuffix(name, ".xml") || !strings.HasPrefix(name, "xl/worksheets/") && name != "xl/sharedstrings.xml" {
			continue
		}
		if strings.HasPrefix(name, "xl/worksheets/") {
			sheets++
		}
		if err := checkPart(f, &left); err != nil {
			return err
		}
	}
	if sheets == 0 {
		return ErrBroken
	}
	return nil
}

func checkPart(f *zip.File, left *int64) error {
	r, err := f.Open()
	if err != nil {
		return ErrBroken
	}
	defer r.Close()
	limited := &io.LimitedReader{R: r, N: *left}
	d := xml.NewDecoder(limited)
	for {
		_, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF) && limited.N > 0:
			*left = limited.N
			if d.InputOffset() == 0 {
				return ErrBroken
			}
			return nil
		case limited.N <= 0:
			return errs.ErrTooLarge
		case err != nil:
			return ErrBroken
		}
	}
}

func readSheet(book *excelize.File, name string, dates *dateCells, most int) ([]Line, error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, ErrBroken
	}
	defer rows.Close()
	var out []Line
	for n := 1; rows.Next(); n++ {
		if n > most+emptyRows {
			return nil, errs.ErrTooLarge
		}
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, ErrBroken
		}
		if len(cells) > mostCells {
			return nil, errs.ErrTooLarge
		}
		for i, c := range cells {
			cells[i] = dates.text(name, i+1, n, c)
		}
		if out, err = keep(out, n, cells, most); err != nil {
			return nil, err
		}
	}
	if rows.Error() != nil {
		return nil, ErrBroken
	}
	return out, nil
}

// dateCells knows which styles of a workbook show a number as a day.
type dateCells struct {
	book     *excelize.File
	from1904 bool
	known    map[int]bool
}

// text is the value of a cell: of a day as YYYY-MM-DD, of a whole number without an exponent, else as it is.
func (d *dateCells) text(sheet string, column, row int, value string) string {
	number, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) {
		return value
	}
	at, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return value
	}
	kind, err := d.book.GetCellType(sheet, at)
	if err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		return value
	}
	style, err := d.book.GetCellStyle(sheet, at)
	if err == nil && number >= 1 && d.isDay(style) {
		if day, err := excelize.ExcelDateToTime(number, d.from1904); err == nil {
			return day.Format(time.DateOnly)
		}
	}
	if strings.ContainsAny(value, "eE") && number == math.Trunc(number) && math.Abs(number) < 1e18 {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return value
}

// isDay tells whether a style shows a number as a day. Numbers of formats as ECMA-376 part 1, 18.8.30 lists
// them, with those of Chinese editions.
func (d *dateCells) isDay(style int) bool {
	if day, ok := d.known[style]; ok {
		return day
	}
	s, err := d.book.GetStyle(style)
	day := err == nil && (s.NumFmt >= 14 && s.NumFmt <= 17 || s.NumFmt == 22 || s.NumFmt >= 27 &&
		s.NumFmt <= 31 || s.NumFmt >= 50 && s.NumFmt <= 58)
	if err == nil && s.CustomNumFmt != nil {
		format := strings.ToLower(*s.CustomNumFmt)
		day = day || strings.Contains(format, "yy") || strings.ContainsRune(format, 'd') && strings.ContainsRune(format, 'm')
	}
	d.known[style] = day
	return day
}

// Decode is a text file's content in UTF-8 without a byte order mark. Errors: ErrEncoding; ErrUnreadable with NUL.
func Decode(raw []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		raw = fromUTF16(raw)
	case !utf8.Valid(raw):
		decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, ErrEncoding
		}
		raw = decoded
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return nil, ErrUnreadable
	}
	return bytes.TrimPrefix(raw, []byte(bom)), nil
}

// fromUTF16 decodes what a spreadsheet saves as Unicode text.
func fromUTF16(raw []byte) []byte {
	low, high := 0, 1
	if raw[0] == 0xfe {
		low, high = 1, 0
	}
	var units []uint16
	for i := 2; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i+low])|uint16(raw[i+high])<<8)
	}
	return []byte(string(utf16.Decode(units)))
}

// Delimiter is the sign that parts the cells of a text: comma, tab or semicolon, whichever stands most
// often in its first line outside of quotations; the comma when none does.
func Delimiter(text []byte) rune {
	count, quoted := map[rune]int{}, false
	for _, r := range string(text[:min(len(text), mostCells*mostCell)]) {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '\n' && !quoted && len(count) > 0:
			return mostOften(count)
		case !quoted:
			if strings.ContainsRune(",\t;", r) {
				count[r]++
			}
		}
	}
	return mostOften(count)
}

func mostOften(count map[rune]int) rune {
	best := ','
	for _, r := range ",\t;" {
		if count[r] > count[best] {
			best = r
		}
	}
	return best
}

// Text reads lines of cells from a text in UTF-8, UTF-16 or GB 18030 whose cells a comma, a tab or a semicolon
// parts; lines may be of any number of cells. Errors: as Decode.
func Text(raw []byte) (*csv.Reader, error) {
	raw, err := Decode(raw)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comma = Delimiter(raw)
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, false, r.Comma != '\t'
	return r, nil
}

func readText(raw []byte, most int) ([]Line, error) {
	r, err := Text(raw)
	if err != nil {
		return nil, err
	}
	var out []Line
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, errs.ErrInvalid.At("file", "sheet.quote", "line", broken.Line)
		}
		if err != nil {
			return nil, ErrUnreadable
		}
		for i := range cells {
			cells[i] = Plain(cells[i])
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
