package worklist_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/app/apptest"
	"linli/internal/casework/worklist"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

func TestFilters(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		first, _ := w.Incident(apptest.Community, "0101", "垃圾未清", "东门")
		second, _ := w.Incident(apptest.Community, "0102", "路面不洁", "西门")
		third, _ := w.Incident(apptest.Neighbour, "0101", "垃圾未清", "东门")
		dispatcher, street, window := w.As("dispatcher"), w.As("street"), w.As("window")
		unit := w.Body[apptest.County+" urban_management"]
		dispatcher.Step(second, "establish", map[string]any{}).Want(200)
		dispatcher.Step(second, "dispatch", map[string]any{"unit": unit}).Want(200)
		account, err := w.App.Accounts.FindLogin(w.System(), "urban")
		if err != nil {
			t.Fatal(err)
		}
		handler := account.ID
		w.As("urban").Step(second, "handle", map[string]any{}).Want(200)
		w.Exec(`UPDATE casework_case SET due_at = 1 WHERE id = $1`, first)
		w.Exec(`UPDATE casework_case SET rating = 1 WHERE id = $1`, third)
		if err := w.Reword(); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name   string
			caller *apptest.Caller
			query  string
			want   []string
		}{
			{"category", street, "view=all&subject=0101", []string{third, first}},
			{"category of the open ones", street, "view=open&subject=0102", []string{second}},
			{"unit", street, "view=all&unit=" + unit, []string{second}},
			{"unit of the open ones", street, "view=open&unit=" + unit, []string{second}},
			{"handler", street, "view=all&handler=" + handler, []string{second}},
			{"channel", street, "view=all&channel=field", nil},
			{"overdue", street, "view=all&overdue=true", []string{first}},
			{"low rating", street, "view=all&low=true", []string{third}},
			{"low rating, to whom it is not told", window, "view=all&low=true", nil},
			{"today", street, "view=all&from=2026-01-01", []string{third, second, first}},
			{"before", street, "view=all&to=2026-01-01", nil},
			{"days of what is overdue", street, "view=overdue&from=2026-01-01", []string{first}},
			{"two at once", street, "view=all&subject=0101&overdue=true", []string{first}},
			{"words and a category", street, "view=all&subject=0101&area=" + apptest.Neighbour + "&q=" + url.QueryEscape("未清"), []string{third}},
		} {
			if got := finds(t, c.caller, c.query); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
		street.Do("GET", "/casework/cases?from=yesterday", nil).Want(422)
	})
}

func TestSavedViews(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, street, stranger := w.As("window"), w.As("street"), w.As("stranger")
		own := window.Do("POST", "/casework/views",
			map[string]any{"name": " 我的  超期 ", "query": map[string]string{"view": "overdue", "columns": "number,state", "evil": "x"}}).Want(201)
		shared := street.Do("POST", "/casework/views",
			map[string]any{"name": "街道关注", "area": apptest.Street, "query": map[string]string{"q": "路灯"}}).Want(201)
		window.Do("POST", "/casework/views", map[string]any{"name": "共享", "area": apptest.Community, "query": map[string]string{}}).Want(403)
		street.Do("POST", "/casework/views", map[string]any{"name": "越界", "area": apptest.Elsewhere, "query": map[string]string{}}).Want(403)
		street.Do("POST", "/casework/views", map[string]any{"name": "", "query": map[string]string{"q": strings.Repeat("长", 500)}}).Want(422)
		names := func(c *apptest.Caller) string {
			var out []string
			for _, v := range c.Do("GET", "/casework/views", nil).Want(200).Items() {
				out = append(out, fmt.Sprint(v["name"], v["mine"], v["query"]))
			}
			return strings.Join(out, "; ")
		}
		if got, want := names(window), "我的 超期true map[columns:number,state view:overdue]; 街道关注false map[q:路灯]"; got != want {
			t.Errorf("the worker sees %s, want %s", got, want)
		}
		if got := names(stranger); got != "" {
			t.Errorf("another county sees %s", got)
		}
		if got := names(w.As("county")); got != "" {
			t.Errorf("who works above sees %s", got)
		}
		stranger.Do("DELETE", "/casework/views/"+own.Text("id"), nil).Want(404)
		window.Do("DELETE", "/casework/views/"+shared.Text("id"), nil).Want(404)
		w.As("county").Do("DELETE", "/casework/views/"+shared.Text("id"), nil).Want(204)
		window.Do("DELETE", "/casework/views/"+own.Text("id"), nil).Want(204)
		if got := names(window); got != "" {
			t.Errorf("after removal: %s", got)
		}
		w.Rule("casework.view.most", "1")
		window.Do("POST", "/casework/views", map[string]any{"name": "一", "query": map[string]string{}}).Want(201)
		if got := window.Do("POST", "/casework/views",
			map[string]any{"name": "二", "query": map[string]string{}}).Want(409); got.Text("key") != "casework.view.many" {
			t.Error(got.Raw)
		}
	})
}

// A view with values that mean nothing is refused with a reason for each; one that lost its meaning since says which part.
func TestSavedViewsMeanSomething(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		for part, value := range map[string]string{"view": "nonsense", "kind": "x", "state": "flying",
			"subject": "no-such", "area": "999999", "unit": "no-such",
			"handler": "no-such", "channel": "pigeon", "from": "yesterday", "to": "2026-02-30", "overdue": "perhaps",
			"low": "7x", "columns": "number,evil"} {
			for _, lang := range []string{"zh", "en"} {
				window.Lang = lang
				got := window.Do("POST", "/casework/views", map[string]any{"name": part, "query": map[string]string{part: value}}).Want(422)
				if want := w.App.Catalogue.T(text.Parse(lang), "error.casework.view.part."+part); !strings.Contains(got.Raw, want) ||
					!strings.Contains(got.Raw, "query."+part) {
					t.Errorf("%s=%s: %s, want %s", part, value, got.Raw, want)
				}
			}
		}
		saved := window.Do("POST", "/casework/views",
			map[string]any{"name": "旧", "query": map[string]string{"view": "open", "area": apptest.Community}}).Want(201)
		err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE casework_view SET query = $1 WHERE id = $2`,
				`{"view":"open","area":"320799999"}`, saved.Text("id"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := window.Do("GET", "/casework/views", nil).Want(200).Items(); fmt.Sprint(got[0]["wrong"]) != "[area]" {
			t.Errorf("an area that is gone: %v", got)
		}
	})
}

func TestBulk(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		one, _ := w.Incident(apptest.Community, "0101", "甲", "东门")
		two, _ := w.Incident(apptest.Community, "0101", "乙", "东门")
		done, _ := w.Incident(apptest.Community, "0101", "丙", "东门")
		far, _ := w.Incident(apptest.Elsewhere, "0101", "丁", "东门")
		dispatcher := w.As("dispatcher")
		dispatcher.Step(done, "establish", map[string]any{}).Want(200)
		seen := func(ids ...string) []map[string]any {
			var out []map[string]any
			for _, id := range ids {
				out = append(out, map[string]any{"id": id, "version": 1})
			}
			return out
		}
		got := dispatcher.Do("POST", "/casework/bulk", map[string]any{"verb": "establish", "cases": seen(one, done, far, two, one)}).Want(200)
		var said []string
		for _, r := range got.JSON["results"].([]any) {
			row := r.(map[string]any)
			key := "taken"
			if refused, ok := row["refused"].(map[string]any); ok {
				key = refused["key"].(string)
				if refused["title"] == "" {
					t.Errorf("no sentence for %s", key)
				}
			}
			said = append(said, row["id"].(string)+" "+row["state"].(string)+" "+key)
		}
		want := []string{one + " established taken", done + " established flow.not_from", far + "  not_found", two + " established taken"}
		if strings.Join(said, "\n") != strings.Join(want, "\n") || got.JSON["taken"] != 2.0 || got.JSON["refused"] != 2.0 {
			t.Errorf("%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(want, "\n"))
		}
		if n := w.Entries(apptest.CaseKey("establish")); n != 3 {
			t.Errorf("%d steps are recorded", n)
		}
		stale := dispatcher.Do("POST", "/casework/bulk",
			map[string]any{"verb": "dispatch", "unit": w.Body[apptest.Community+" station"], "cases": seen(one)}).Want(200)
		if stale.JSON["taken"] != 0.0 || !strings.Contains(stale.Raw, "stale") {
			t.Errorf("moved by somebody who saw an older version: %s", stale.Raw)
		}
		dispatcher.Do("POST", "/casework/bulk", map[string]any{"verb": "establish", "cases": []any{}}).Want(422)
		dispatcher.Do("POST", "/casework/bulk", map[string]any{"verb": "establish", "cases": seen(make([]string, 101)...)}).Want(422)
		if got := w.As("window").Do("POST", "/casework/bulk",
			map[string]any{"verb": "dismiss", "note": "否", "cases": seen(two)}).Want(200); got.JSON["taken"] != 0.0 {
			t.Errorf("dismissed by who may not: %s", got.Raw)
		}
	})
}

func TestExport(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Incident(apptest.Community, "0101", "=HYPERLINK(\"http://x\") 请打13912345678", "东门")
		w.Incident(apptest.Community, "0101", "@路灯不亮", "东门")
		w.Incident(apptest.Elsewhere, "0101", "别处的事", "东门")
		street := w.As("street")
		raw := street.Do("GET", "/casework/export?view=all&format=csv", nil).Want(200)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(raw.Raw, "\ufeff"))).ReadAll()
		if err != nil || len(rows) != 3 || len(rows[0]) != len(worklist.ColumnNames()) || rows[0][0] != "编号" {
			t.Fatalf("%v %v", rows, err)
		}
		book, err := excelize.OpenReader(bytes.NewReader([]byte(street.Do("GET",
			"/casework/export?view=all&format=xlsx&columns=title,number", nil).Want(200).Raw)))
		if err != nil {
			t.Fatal(err)
		}
		cells, err := book.GetRows(book.GetSheetName(0))
		if err != nil || len(cells) != 3 || len(cells[0]) != 2 {
			t.Fatalf("%v %v", cells, err)
		}
		for i, row := range rows[1:] {
			title, cell := row[3], cells[i+1][0]
			if title != "'"+cell || strings.Contains(title, "13912345678") { // a workbook's text is never a formula
				t.Errorf("the cells are %q and %q", title, cell)
			}
			formula, err := book.GetCellFormula(book.GetSheetName(0), fmt.Sprintf("A%d", i+2))
			if kind, _ := book.GetCellType(book.GetSheetName(0), fmt.Sprintf("A%d", i+2)); err != nil ||
				formula != "" || kind != excelize.CellTypeInlineString {
				t.Errorf("a cell holds the formula %q of type %d: %v", formula, kind, err)
			}
		}
		for _, secret := range []string{"画眉", "1398765", "别处"} {
			if strings.Contains(raw.Raw, secret) {
				t.Errorf("%s is in the table", secret)
			}
		}
		if n := w.Entries("casework.case.export"); n != 2 {
			t.Errorf("%d exports are recorded", n)
		}
		w.As("window").Do("GET", "/casework/export?view=all", nil).Want(403)
		street.Do("GET", "/casework/export?view=all&area="+apptest.Elsewhere, nil).Want(403)
		street.Do("GET", "/casework/export?view=all&columns=reporter", nil).Want(422)
		w.Rule("casework.export.rows", "1")
		short := street.Do("GET", "/casework/export?view=all&format=csv&columns=number", nil).Want(200)
		if lines := strings.Split(strings.TrimSpace(short.Raw), "\n"); len(lines) != 3 || !strings.Contains(lines[2], "前 1 行") {
			t.Errorf("over the limit: %s", short.Raw)
		}
	})
}
