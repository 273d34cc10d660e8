package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// Every text comes back from a table as it was, and a spreadsheet executes none of it.
func TestTextsComeBackFromBothFormats(t *testing.T) {
	t.Parallel()
	texts := []string{"-0.3 米", "-0.3", "+5%", "=1+1", "+1-1", "'=1", "''=1", "＋1-1", "@SUM(A1)", "'", "0", "-", "138", "|x",
		"=HYPERLINK(\"a\")", "-1+cmd|' /C calc'!A0"}
	for _, format := range []string{CSV, XLSX} {
		var b bytes.Buffer
		table, err := NewTable(&b, format)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range texts {
			if err := table.Row("x", s); err != nil {
				t.Fatal(err)
			}
		}
		if err := table.Close(); err != nil {
			t.Fatal(err)
		}
		lines, err := Read(b.Bytes(), 100)
		if err != nil || len(lines) != len(texts) {
			t.Fatalf("%s: %d lines, %v", format, len(lines), err)
		}
		for i, s := range texts {
			if lines[i].Cells[1] != s {
				t.Errorf("%s: %q comes back as %q", format, s, lines[i].Cells[1])
			}
		}
	}
	if Safe("-0.3") != "-0.3" || Safe("=1+1") != "'=1+1" {
		t.Error("numbers stay numbers, formulas die")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`['=+@|%＝ \t-]{0,3}[0-9a-z米.+=]{0,4}`).Draw(t, "s")
		if Plain(Safe(s)) != s || Executes(Safe(s)) {
			t.Fatalf("%q: %q, %q", s, Safe(s), Plain(Safe(s)))
		}
	})
}

func TestTextTables(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"commas": "姓名,电话\n王,\"1,2\"\n", "tabs": "\ufeff姓名\t电话\r\n王\t1,2\r\n", "semicolons": "姓名;电话\n王;1,2\n",
		"UTF-16": "\xff\xfe\xd3\x59\x0d\x54\t\x00\x35\x75\xdd\x8b\n\x00\x8b\x73\t\x001\x00,\x002\x00",
	} {
		lines, err := Read([]byte(raw), 10)
		if err != nil || len(lines) != 2 || len(lines[1].Cells) != 2 || lines[1].Cells[1] != "1,2" {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
	}
	for raw, want := range map[string]error{"\xd0\xcf\x11\xe0\xa1": ErrOldFormat, "a\x00b": ErrUnreadable,
		"\xff\xff\xff": ErrEncoding, "PK\x03\x04broken": ErrBroken} {
		if _, err := Read([]byte(raw), 10); fmt.Sprint(err) != fmt.Sprint(want) || !errors.Is(err, want) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestDateCells(t *testing.T) {
	t.Parallel()
	for _, from1904 := range []bool{false, true} {
		f := excelize.NewFile()
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}); err != nil {
			t.Fatal(err)
		}
		day, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		custom := `yyyy"年"m"月"d"日"`
		long, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &custom})
		at := time.Date(2020, 5, 6, 0, 0, 0, 0, time.UTC)
		for cell, style := range map[string]int{"A1": day, "B1": long} {
			_ = f.SetCellValue("Sheet1", cell, at)
			_ = f.SetCellStyle("Sheet1", cell, cell, style)
		}
		_ = f.SetCellValue("Sheet1", "C1", 43957)
		_ = f.SetCellValue("Sheet1", "D1", 13800000000)
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		lines, err := Read(b.Bytes(), 10)
		if err != nil || fmt.Sprint(lines[0].Cells) != "[2020-05-06 2020-05-06 43957 13800000000]" {
			t.Errorf("1904 %v: %v, %v", from1904, lines, err)
		}
	}
}
