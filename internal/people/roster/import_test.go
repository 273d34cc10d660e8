package roster_test

import (
	"bytes"
	"context"
	"fmt"
	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func upload(t *testing.T, c *apptest.Caller, area, name string, content []byte) apptest.Answer {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(content)
	m.Close()
	return c.Send("POST", "/people/roster?area="+area, m.FormDataContentType(), &b)
}

func workbook(t *testing.T) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
		cells := []any{}
		for _, c := range strings.Split(line, ",") {
			cells = append(cells, c)
		}
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := book.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRosterImport(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(table))
	if err != nil {
		t.Fatal(err)
	}
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		upload(t, window, apptest.Neighbour, "a.csv", []byte(table)).Want(403)
		upload(t, w.As("city"), apptest.Community, "a.csv", []byte(table)).Want(403)
		for name, bad := range map[string][]byte{"empty": {}, "image": []byte("\x89PNG\r\n\x1a\n\x00\x00"), "no name": []byte("a,b\n1,2\n"),
			"zip": []byte("PK\x03\x04nothing")} {
			upload(t, window, apptest.Community, name, bad).Want(422)
		}
		upload(t, window, apptest.Community, "big", bytes.Repeat([]byte("x"), 9<<20)).Want(413)
		for name, file := range map[string][]byte{"utf8.csv": []byte(table), "gb.csv": gb, "roster.xlsx": workbook(t)} {
			p := upload(t, window, apptest.Community, name, file).Want(201)
			if p.Text("total") != "8" || p.Text("ready") != "3" || p.Text("state") != "preview" {
				t.Errorf("%s: %s", name, p.Raw)
			}
			got := map[string]bool{}
			for _, f := range p.JSON["findings"].([]any) {
				f := f.(map[string]any)
				got[fmt.Sprint(f["line"], " ", f["column"], " ", f["key"])] = true
			}
			for _, want := range []string{"3 name field.required", "4 id_number field.idnumber", "4 phone field.phone",
				"5 id_number people.roster.twice", "6 tags people.roster.tag", "7 since field.date"} {
				if !got[want] {
					t.Errorf("%s: %q is not told: %v", name, want, got)
				}
			}
		}
		if n := len(window.Do("GET", "/people/persons", nil).Want(200).Items()); n != 0 {
			t.Fatalf("previews added %d residents", n)
		}

		take := func(content string) apptest.Answer {
			t.Helper()
			id := upload(t, window, apptest.Community, "a.csv", []byte(content)).Want(201).Text("id")
			w.As("stranger").Do("POST", "/people/roster/"+id+"/start", nil).Want(404)
			window.Do("POST", "/people/roster/"+id+"/start", nil).Want(200)
			window.Do("POST", "/people/roster/"+id+"/start", nil).Want(409, "people.roster.started")
			if err := w.App.Roster.RunImports(w.System()); err != nil {
				t.Fatal(err)
			}
			left, err := db.Value[string](context.Background(), w.App.DB, `SELECT sealed FROM people_import WHERE id = $1`, id)
			if err != nil || left != "" {
				t.Errorf("lines are left in the import: %v", err)
			}
			return window.Do("GET", "/people/roster/"+id, nil).Want(200)
		}
		if got := take(table); got.Text("state") != "done" || got.Text("added") != "3" || got.Text("done") != "3" {
			t.Errorf("first import: %s", got.Raw)
		}
		if got := take("姓名,身份证号,电话\n王建国,11010519491231002X,13911111111\n"); got.Text("changed") != "1" || got.Text("added") != "0" {
			t.Errorf("second import: %s", got.Raw)
		}
		if n := len(window.Do("POST", "/people/search", map[string]any{"q": "13911111111", "purpose": "service"}).Want(200).Items()); n != 1 {
			t.Errorf("the changed number finds %d", n)
		}
		if n := len(window.Do("GET", "/people/persons?tag=lives_alone", nil).Want(200).Items()); n != 1 {
			t.Errorf("%d live alone", n)
		}
		w.Grant("window", "window_worker", apptest.Neighbour)
		other := upload(t, window, apptest.Neighbour, "a.csv", []byte("姓名,身份证号\n王建国,11010519491231002X\n")).Want(201)
		if other.Text("ready") != "0" || !strings.Contains(other.Raw, "people.roster.elsewhere") {
			t.Errorf("another community's roster: %s", other.Raw)
		}
		csv := w.As("dispatcher").Do("GET", "/people/export?area="+apptest.Community, nil).Want(200).Raw
		if strings.Contains(csv, "13911111111") || strings.Contains(csv, "王建国") || !strings.Contains(csv, "'=") {
			t.Errorf("exported %s", csv)
		}
	})
}

const table = `姓名,公民身份号码,联系电话,住址,户号,标签,标签来源,标签日期
王建国,11010519491231002X,13900000001,海棠路1号,1-101,高龄老人;独居,走访,2025/3/1
,34052419800101001X,,,,,,
赵六,110105194912310021,139,,,,,
王建国,11010519491231002X,13900000009,,,,,
李四,,13900000002,海棠路2号,1-102,会飞,走访,2025-03-01
周七,,13900000003,海棠路3号,1-101,低保,民政,2030-01-01
孙八,,13900000004,海棠路4号,1-103,,,
=cmd,,13900000005,海棠路5号,,,,
`
