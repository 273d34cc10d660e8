package worklist_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// finds tells the ids that a query answers, in order.
func finds(t *testing.T, c *apptest.Caller, query string) []string {
	t.Helper()
	var ids []string
	for _, item := range c.Do("GET", "/casework/cases?"+query, nil).Want(200).Items() {
		ids = append(ids, item["id"].(string))
	}
	return ids
}

func words(q string) string { return "view=all&q=" + url.QueryEscape(q) }

func TestSearch(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		lamp, number := w.Incident(apptest.Community, "0101", "3号楼2单元门口的路灯不亮，联系13912345678", "海棠路与瀛洲路路口")
		rubbish, _ := w.Incident(apptest.Community, "0101", strings.Repeat("前面的话", 30)+"垃圾堆在 Block A12 旁", "东门")
		far, _ := w.Incident(apptest.Elsewhere, "0101", "文昌社区的路灯不亮", "西门")
		dispatcher, city, stranger := w.As("dispatcher"), w.As("city"), w.As("stranger")
		for _, c := range []struct {
			name   string
			caller *apptest.Caller
			query  string
			want   []string
		}{
			{"two characters", dispatcher, words("路灯"), []string{lamp}},
			{"across figures", dispatcher, words("3号楼2单"), []string{lamp}},
			{"of the place", dispatcher, words("海棠路"), []string{lamp}},
			{"two words", dispatcher, words("路灯 门口"), []string{lamp}},
			{"two words of two cases", dispatcher, words("路灯 堆在"), nil},
			{"beyond the title", dispatcher, words("堆在"), []string{rubbish}},
			{"beginning of a Latin word", dispatcher, words("blo"), []string{rubbish}},
			{"capitals and full width", dispatcher, words("Ａ12"), []string{rubbish}},
			{"inside a Latin word", dispatcher, words("lock"), nil},
			{"name of the category", dispatcher, words("暴露垃圾"), []string{rubbish, lamp}},
			{"English name of the category", dispatcher, words("litter"), nil},
			{"a single character, wherever it stands", dispatcher, words("亮"), []string{lamp}},
			{"the last character of a text", city, words("旁"), []string{rubbish}},
			{"a single character beyond the title", dispatcher, words("堆"), []string{rubbish}},
			{"a single character of the category's name", dispatcher, words("圾"), []string{rubbish, lamp}},
			{"a single character beside a word", dispatcher, words("路灯 旁"), nil},
			{"a single character of the place", dispatcher, words("瀛"), []string{lamp}},
			{"a single character of nobody's", city, words("鑫"), nil},
			{"a phrase", city, words("路灯不亮"), []string{far, lamp}},
			{"a phrase beyond the title", dispatcher, words("垃圾堆在"), []string{rubbish}},
			{"pairs that stand apart", dispatcher, words("门口的话"), nil},
			{"the whole city, newest first", city, words("路灯"), []string{far, lamp}},
			{"narrowed to an area", city, words("路灯") + "&area=" + apptest.County, []string{lamp}},
			{"another county's dispatcher", stranger, words("路灯"), []string{far}},
			{"another's area", stranger, words("路灯") + "&area=" + apptest.Community, nil},
			{"not in their hands", w.As("urban"), words("路灯"), nil},
			{"telephone number in the text", city, words("13912345678"), nil},
			{"telephone number of the reporter", city, words("13987650123"), nil},
			{"name of the reporter", city, words("画眉"), nil},
			{"the number", city, words(number), []string{lamp}},
			{"a kind", city, words("路灯") + "&kind=application", nil},
			{"a channel", city, "view=all&channel=portal&area=" + apptest.County, []string{rubbish, lamp}},
			{"a category", city, "view=all&subject=0101&q=" + url.QueryEscape("文昌"), []string{far}},
			{"a state", city, words("路灯") + "&state=closed", nil},
			{"signs that an index reads", city, words(`") OR ("路灯" ' | ! & NOT * §320703`), nil},
		} {
			if got := finds(t, c.caller, c.query); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
		dispatcher.Do("GET", "/casework/cases?"+words("，"), nil).Want(422)
		dispatcher.Do("GET", "/casework/cases?"+words("路灯")+"&cursor=eyJhIjoxLCJpIjoieCJ9", nil).Want(400)

		for _, verb := range []string{"establish", "dispatch"} {
			dispatcher.Step(lamp, verb, map[string]any{"unit": w.Body[apptest.County+" urban_management"]}).Want(200)
		}
		if got := finds(t, w.As("urban"), words("路灯")); len(got) != 1 || got[0] != lamp {
			t.Errorf("in their hands: %v", got)
		}
		if got := finds(t, w.As("clerk"), words("路灯")); len(got) != 0 {
			t.Errorf("in another department's hands: %v", got)
		}
	})
}

// What was there before the search, or has moved since, is worded anew while serving.
func TestSearchIsMadeAnew(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		var want []string
		dispatcher := w.As("dispatcher")
		for i := range 130 {
			id := dispatcher.OpenCase(map[string]any{"category": "0101", "description": fmt.Sprintf("第%d处井盖破损", i),
				"area": apptest.Community, "place": map[string]any{"text": "东门"}}).Want(201).Text("id")
			want = append([]string{id}, want...)
		}
		ctx := context.Background()
		blank := "UPDATE casework_search SET stale = 1, words = ''"
		if w.App.DB.Dialect == db.SQLite {
			blank = "UPDATE casework_search SET stale = 1"
		}
		err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, blank); err != nil || w.App.DB.Dialect == db.Postgres {
				return err
			}
			_, err := tx.Exec(ctx, "DELETE FROM casework_words")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		city := w.As("city")
		if got := finds(t, city, words("井盖")); len(got) != 0 {
			t.Fatalf("%d are found before they are worded", len(got))
		}
		if err := w.App.Worklist.RefreshWords(w.System()); err != nil {
			t.Fatal(err)
		}
		var got []string
		cursor := ""
		for pages := 0; ; pages++ {
			answer := city.Do("GET", "/casework/cases?limit=20&cursor="+cursor+"&"+words("井盖"), nil).Want(200)
			for _, item := range answer.Items() {
				got = append(got, item["id"].(string))
			}
			if cursor = answer.Text("next"); cursor == "" || pages > 20 {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%d found, want %d, the newest first", len(got), len(want))
		}
	})
}

// All pairs of a phrase may stand in a case, and the phrase not; and what a single character finds is
// gone through a page at a time, however rare it is.
func TestSearchReadsTheText(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		apart, _ := w.Incident(apptest.Community, "0101", strings.Repeat("前面的话", 30)+"，红砖墙体，墙体开裂，开裂严重", "东门")
		whole, _ := w.Incident(apptest.Community, "0101", strings.Repeat("前面的话", 30)+"，墙体开裂严重", "东门")
		city, dispatcher := w.As("city"), w.As("dispatcher")
		if got := finds(t, city, words("墙体开裂严重")); fmt.Sprint(got) != fmt.Sprint([]string{whole}) {
			t.Errorf("the phrase is found in %v, want %v", got, whole)
		}
		if got := finds(t, city, words("墙体 开裂 严重")); fmt.Sprint(got) != fmt.Sprint([]string{whole, apart}) {
			t.Errorf("the words are found in %v", got)
		}
		var want []string
		for i := range 70 {
			id := dispatcher.OpenCase(map[string]any{"category": "0101", "description": fmt.Sprintf("第%d处井盖破损", i),
				"area": apptest.Community, "place": map[string]any{"text": "西门"}}).Want(201).Text("id")
			want = append([]string{id}, want...)
		}
		if got := finds(t, city, "limit=5&"+words("砖")); fmt.Sprint(got) != fmt.Sprint([]string{apart}) {
			t.Errorf("a rare character is found in %v, want %v", got, apart)
		}
		var all []string
		cursor := ""
		for pages := 0; pages < 30; pages++ {
			answer := city.Do("GET", "/casework/cases?limit=30&cursor="+cursor+"&"+words("井"), nil).Want(200)
			for _, item := range answer.Items() {
				all = append(all, item["id"].(string))
			}
			if cursor = answer.Text("next"); cursor == "" {
				break
			}
		}
		if fmt.Sprint(all) != fmt.Sprint(want) {
			t.Errorf("%d are found, want %d, the newest first", len(all), len(want))
		}
	})
}
