package calendar

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Bounds of a file of special days.
const (
	maxFile   = 1 << 20 // bytes
	maxDays   = 10_000
	maxNotice = 200 // characters
)

// ParseError names the line of a file of special days that cannot be read.
type ParseError struct {
	Line   int // from 1
	Reason string
}

func (e *ParseError) Error() string { return fmt.Sprintf("calendar: line %d: %s", e.Line, e.Reason) }

// Parse reads special days from CSV with the header date,kind,notice. Every error from the text
// itself is a [ParseError]: wrong header, a date that does not exist or occurs twice, a kind other
// than off and work, a notice that is empty, longer than 200 characters or not UTF-8, too many days.
func Parse(r io.Reader) ([]Day, error) {
	limited := &io.LimitedReader{R: r, N: maxFile + 1}
	rows := csv.NewReader(limited)
	rows.FieldsPerRecord = 3
	if err := readHeader(rows); err != nil {
		return nil, err
	}
	var days []Day
	seen := map[string]int{}
	for {
		row, err := rows.Read()
		if limited.N <= 0 {
			return nil, &ParseError{Line: len(days) + 2, Reason: "the file is larger than 1 MiB"}
		}
		if err == io.EOF {
			return days, nil
		}
		if err != nil {
			return nil, readError(err)
		}
		line, _ := rows.FieldPos(0)
		day := Day{Date: row[0], Kind: Kind(row[1]), Notice: strings.TrimSpace(row[2])}
		if reason := checkDay(day); reason != "" {
			return nil, &ParseError{Line: line, Reason: reason}
		}
		if first, twice := seen[day.Date]; twice {
			return nil, &ParseError{Line: line, Reason: fmt.Sprintf("%s is already on line %d", day.Date, first)}
		}
		if len(days) == maxDays {
			return nil, &ParseError{Line: line, Reason: fmt.Sprintf("more than %d days", maxDays)}
		}
		seen[day.Date] = line
		days = append(days, day)
	}
}

func readHeader(rows *csv.Reader) error {
	row, err := rows.Read()
	if err == io.EOF {
		return &ParseError{Line: 1, Reason: "the file is empty"}
	}
	if err != nil {
		return readError(err)
	}
	// Spreadsheet programs put a byte order mark in front of UTF-8.
	if strings.TrimPrefix(row[0], "\ufeff") != "date" || row[1] != "kind" || row[2] != "notice" {
		return &ParseError{Line: 1, Reason: "the header is not date,kind,notice"}
	}
	return nil
}

func checkDay(d Day) string {
	if _, err := dayNumber(d.Date); err != nil {
		return fmt.Sprintf("%.20q %s", d.Date, errDate)
	}
	if d.Kind != Off && d.Kind != Work {
		return fmt.Sprintf("kind %.20q is neither off nor work", d.Kind)
	}
	if d.Notice == "" || !utf8.ValidString(d.Notice) || utf8.RuneCountInString(d.Notice) > maxNotice {
		return fmt.Sprintf("the notice is empty, not UTF-8 or longer than %d characters", maxNotice)
	}
	return ""
}

func readError(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &ParseError{Line: parse.Line, Reason: parse.Err.Error()}
	}
	return err
}
