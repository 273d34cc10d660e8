package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/platform/errs"
	"linli/internal/platform/sandbox"
	"linli/internal/platform/sheet"
)

func TestMain(m *testing.M) {
	sandbox.Main(sheet.Job)
	os.Exit(m.Run())
}

// workbook packs the parts that a reader asks for around a sheet and its shared strings.
func workbook(t *testing.T, rows, strs string) []byte {
	t.Helper()
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const links = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	const office = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	const part = `application/vnd.openxmlformats-officedocument.spreadsheetml.`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range [][2]string{
		{"[Content_Types].xml", head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + part + `sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + part + `worksheet+xml"/>` +
			`<Override PartName="/xl/sharedStrings.xml" ContentType="` + part + `sharedStrings+xml"/></Types>`},
		{"_rels/.rels", head + `<Relationships ` + links + `><Relationship Id="rId1" Type="` + office +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", head + `<workbook ` + main + ` xmlns:r="` + office +
			`"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", head + `<Relationships ` + links + `><Relationship Id="rId1" Type="` + office +
			`/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="` + office + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", head + `<worksheet ` + main + `><sheetData>` + rows + `</sheetData></worksheet>`},
		{"xl/sharedStrings.xml", head + `<sst ` + main + `>` + strs + `</sst>`},
	} {
		w, err := z.Create(p[0])
		if err == nil {
			_, err = io.WriteString(w, p[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A workbook that unpacks to more cells, rows or strings than a roster has is refused, in bounded
// memory; one with a cell far to the right or far below, too.
func TestWorkbooksThatUnpackToMuch(t *testing.T) {
	t.Parallel()
	pool := sandbox.New(1)
	read := func(raw []byte) ([]sheet.Line, error) {
		f, err := os.Create(filepath.Join(t.TempDir(), "file"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.Write(raw); err != nil {
			t.Fatal(err)
		}
		var lines []sheet.Line
		return lines, pool.Run(context.Background(), sheet.Job.Name, f, &lines)
	}
	good := `<row r="1"><c r="A1" t="s"><v>0</v></c></row>`
	if raw := workbook(t, good, `<si><t>姓名</t></si>`); true {
		if lines, err := read(raw); err != nil || len(lines) != 1 || lines[0].Cells[0] != "姓名" {
			t.Fatalf("%v %v", lines, err)
		}
	}
	random := func(n int) string { // what hardly packs, so that the ratio looks right
		var b strings.Builder
		for x := uint32(1); b.Len() < n; x = x*1664525 + 1013904223 {
			b.WriteString(`<si><t>`)
			b.WriteByte(byte('a' + x>>24%26))
			b.WriteByte(byte('a' + x>>12%26))
			b.WriteString(`</t></si>`)
		}
		return b.String()
	}
	for name, raw := range map[string][]byte{
		"strings":         workbook(t, good, strings.Repeat(`<si><t/></si>`, 3_000_000)),
		"many strings":    workbook(t, good, random(40<<20)),
		"rows":            workbook(t, strings.Repeat(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, 700_000), ""),
		"a cell below":    workbook(t, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`, ""),
		"a cell far away": workbook(t, strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 20_000), ""),
	} {
		_, err := read(raw)
		if e := errs.Of(err); err == nil || e.Kind == errs.Internal && !errors.Is(err, sandbox.ErrEnded) {
			t.Errorf("%s (%d bytes): %v", name, len(raw), err)
		}
	}
}
