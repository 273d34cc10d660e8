package calendar

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"linli/internal/platform/fold"
	"linli/internal/platform/sheet"
)

// Bounds of a file of special days.
const (
	maxFile   = 1 << 20 // bytes
	maxDays   = 10_000
	maxNotice = 200 // characters
)

// ParseError names the line of a file of special days that cannot be read. Key is that of its
// sentence, "calendar.line.<what>"; Value is what stands there and First the line that it repeats.
type ParseError struct {
	Line  int // from 1
	Key   string
	Value string
	First int
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("calendar: line %d: %s %.40q", e.Line, e.Key, e.Value)
}

// Parse reads special days from CSV with the header date,kind,notice. Every error from the text
// itself is a [ParseError]: wrong header, a date that does not exist or occurs twice, a kind other
// than off and work, a notice that is empty, longer than 200 characters or not UTF-8, too many days.
func Parse(r io.Reader) ([]Day, error) {
	days, _, err := parse(r)
	return days, err
}

// parse tells of each day the line on which it stands, too.
func parse(r io.Reader) ([]Day, []int, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(raw) > maxFile {
		return nil, nil, &ParseError{Line: 1 + bytes.Count(raw, []byte{'\n'}), Key: "calendar.line.large"}
	}
	rows, err := sheet.Text(raw)
	if err != nil {
		return nil, nil, &ParseError{Line: 1, Key: "calendar.line.encoding"}
	}
	rows.FieldsPerRecord = 3
	if err := readHeader(rows); err != nil {
		return nil, nil, err
	}
	var days []Day
	var lines []int
	seen := map[string]int{}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return days, lines, nil
		}
		if err != nil {
			return nil, nil, readError(err)
		}
		line, _ := rows.FieldPos(0)
		day := Day{Date: fold.KeepDay(row[0]), Kind: Kind(fold.Compact(row[1])), Notice: strings.TrimSpace(row[2])}
		if key, value := checkDay(day); key != "" {
			return nil, nil, &ParseError{Line: line, Key: key, Value: value}
		}
		if first, twice := seen[day.Date]; twice {
			return nil, nil, &ParseError{Line: line, Key: "calendar.line.twice", Value: day.Date, First: first}
		}
		if len(days) == maxDays {
			return nil, nil, &ParseError{Line: line, Key: "calendar.line.many"}
		}
		seen[day.Date] = line
		days, lines = append(days, day), append(lines, line)
	}
}

func readHeader(rows *csv.Reader) error {
	row, err := rows.Read()
	if err == io.EOF {
		return &ParseError{Line: 1, Key: "calendar.line.empty"}
	}
	if err != nil {
		return readError(err)
	}
	if fold.Compact(row[0]) != "date" || fold.Compact(row[1]) != "kind" || fold.Compact(row[2]) != "notice" {
		return &ParseError{Line: 1, Key: "calendar.line.header"}
	}
	return nil
}

func checkDay(d Day) (key, value string) {
	if _, err := dayNumber(d.Date); err != nil {
		return "calendar.line.date", clip(d.Date)
	}
	if d.Kind != Off && d.Kind != Work {
		return "calendar.line.kind", clip(string(d.Kind))
	}
	if !isNotice(d.Notice) {
		return "calendar.line.notice", ""
	}
	return "", ""
}

func isNotice(s string) bool {
	return s != "" && utf8.ValidString(s) && fold.Within(s, maxNotice)
}

// clip is the beginning of what somebody typed, fit to be shown.
func clip(s string) string {
	return fold.Cut(strings.ToValidUTF8(s, "�"), 20)
}

func readError(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &ParseError{Line: parse.Line, Key: "calendar.line.columns"}
	}
	return err
}
