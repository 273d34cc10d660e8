package duplicate_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/registry"
)

func at(lng, lat float64) map[string]any {
	return map[string]any{"place": map[string]any{"text": "东门", "lng": lng, "lat": lat}}
}

// alike tells the numbers of what is shown as known already, in order.
func alike(t *testing.T, c *apptest.Caller, area, category, description string, more map[string]any) []string {
	t.Helper()
	body := map[string]any{"category": category, "description": description, "area": area, "place": map[string]any{"text": ""}}
	for k, v := range more {
		body[k] = v
	}
	got := c.Alike(body).Want(200)
	for _, secret := range []string{"画眉", "1398765", description} {
		if len(secret) > 6 && strings.Contains(got.Raw, secret) {
			t.Errorf("%s is told to whoever asks: %s", secret, got.Raw)
		}
	}
	var numbers []string
	for _, k := range got.Items() {
		numbers = append(numbers, k["number"].(string))
	}
	return numbers
}

func TestWhatIsKnownAlreadyIsShown(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, lamp := w.Incident(apptest.Community, "0101", "路灯不亮已经三天，夜里看不清路", "东门", at(119.310, 34.710))
		rubbishID, rubbish := w.Incident(apptest.Community, "0102", "楼道里堆满了旧家具和纸箱", "3号楼")
		nobody := w.Nobody()
		for _, c := range []struct {
			name, area, category, text string
			more                       map[string]any
			want                       []string
		}{
			{"the same words, category and place", apptest.Community, "0101", "路灯不亮已经三天，夜里看不清", at(119.310, 34.710), []string{lamp}},
			{"the same category forty metres away", apptest.Community, "0101", "晚上很黑", at(119.3104, 34.710), []string{lamp}},
			{"the same category half a kilometre away", apptest.Community, "0101", "路灯不亮", at(119.3155, 34.710), nil},
			{"another category and other words", apptest.Community, "0201", "井盖破损", at(119.310, 34.710), nil},
			{"the same words where neither has a point", apptest.Community, "0102", "楼道里堆满旧家具", nil, []string{rubbish}},
			{"other words where neither has a point", apptest.Community, "0102", "树倒了", nil, nil},
			{"another community", apptest.Neighbour, "0102", "楼道里堆满旧家具", nil, nil},
		} {
			if got := alike(t, nobody, c.area, c.category, c.text, c.more); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
		nobody.Alike(map[string]any{"category": "01", "description": "x", "area": apptest.Community, "place": map[string]any{"text": ""}}).Want(422)
		nobody.Alike(map[string]any{"category": "0101", "description": "x", "place": map[string]any{"text": ""}}).Want(422)

		w.Exec(`UPDATE casework_case SET reported_at = reported_at - 16 * 86400000`)
		w.Exec(`UPDATE casework_search SET mark = mark - 16 * CAST(86400000 AS BIGINT) * 1024`)
		if err := w.Reword(); err != nil {
			t.Fatal(err)
		}
		if got := alike(t, nobody, apptest.Community, "0102", "楼道里堆满旧家具", nil); len(got) != 0 {
			t.Errorf("shown after sixteen days: %v", got)
		}
		w.Rule("casework.duplicate.days", "30")
		if got := alike(t, nobody, apptest.Community, "0102", "楼道里堆满旧家具", nil); fmt.Sprint(got) != fmt.Sprint([]string{rubbish}) {
			t.Errorf("within thirty days: %v", got)
		}
		w.As("dispatcher").Step(rubbishID, "dismiss", map[string]any{"note": "已清理"}).Want(200)
		if got := alike(t, nobody, apptest.Community, "0102", "楼道里堆满旧家具", nil); len(got) != 0 {
			t.Errorf("shown after its end: %v", got)
		}
	})
}

// Every way of merging that makes no sense is refused, and says why.
func TestMergingIsRefused(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher := w.As("dispatcher")
		one, oneNumber := w.Incident(apptest.Community, "0101", "路灯不亮", "东门")
		main, mainNumber := w.Incident(apptest.Community, "0101", "东门路灯坏了", "东门", at(119.310, 34.710))
		merged, mergedNumber := w.Incident(apptest.Community, "0101", "灯坏了", "东门")
		ended, endedNumber := w.Incident(apptest.Community, "0101", "灯不亮", "东门")
		near, _ := w.Incident(apptest.Neighbour, "0101", "路灯不亮", "西门",
			map[string]any{"place": map[string]any{"text": "西门", "lng": 119.312, "lat": 34.710}})
		_, far := w.Incident(apptest.Elsewhere, "0101", "路灯不亮", "西门")
		dispatcher.Step(ended, "dismiss", map[string]any{"note": "没有坏"}).Want(200)
		merge := func(c *apptest.Caller, id, number string) apptest.Answer {
			return c.Step(id, "merge", map[string]any{"case": number, "note": "同一问题"})
		}
		merge(dispatcher, merged, mainNumber).Want(200)
		second, err := w.App.Accounts.FindLogin(w.System(), "window2")
		if err != nil {
			t.Fatal(err)
		}
		for _, area := range []string{apptest.Community, apptest.Neighbour, apptest.Elsewhere} {
			if _, err := w.App.Accounts.Grant(w.System(), second.ID,
				access.Grant{Role: registry.RoleDispatcher, Area: area, Body: w.Body[area+" station"]}); err != nil {
				t.Fatal(err)
			}
		}
		both := w.As("window2")
		for _, c := range []struct {
			name       string
			caller     *apptest.Caller
			id, number string
			status     int
			key        string
		}{
			{"into itself", dispatcher, one, oneNumber, 409, "casework.merge.itself"},
			{"into a closed one", dispatcher, one, endedNumber, 409, "casework.merge.closed"},
			{"into a merged one", dispatcher, one, mergedNumber, 409, "casework.merge.merged"},
			{"into one that is not there", dispatcher, one, "20260101-320703-99999", 422, "invalid"},
			{"into words", dispatcher, one, "路灯", 422, "invalid"},
			{"into nothing", dispatcher, one, "", 422, "invalid"},
			{"into another's", dispatcher, one, far, 422, "invalid"},
			{"into a far one", both, one, far, 409, "casework.merge.far"},
			{"one that is closed", dispatcher, ended, mainNumber, 409, "flow.not_from"},
			{"one that is merged", dispatcher, merged, mainNumber, 409, "flow.not_from"},
			{"by a window worker", w.As("window"), one, mainNumber, 403, "forbidden"},
			{"by another county's dispatcher", w.As("stranger"), one, mainNumber, 404, "not_found"},
			{"into one close by in the next community", both, near, mainNumber, 200, ""},
		} {
			if got := merge(c.caller, c.id, c.number); got.Status != c.status || c.key != "" && got.Text("key") != c.key {
				t.Errorf("%s: %d %s, want %d %s", c.name, got.Status, got.Raw, c.status, c.key)
			}
		}
		if got := merge(both, one, far); !strings.Contains(got.Raw, "500") || got.JSON["rule"] == nil {
			t.Errorf("the distance is not told with its rule: %s", got.Raw)
		}
		dispatcher.Step(one, "unmerge", map[string]any{"note": "不是"}).Want(409)
		dispatcher.Step(main, "close_with", map[string]any{}).Want(404)
	})
}

// A merged case waits with its main case and ends with it; its reporter keeps code, photos and
// rating, and learns nothing of who reported the main case.
func TestMergedCasesEndWithTheirMainCase(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, urban := w.As("dispatcher"), w.As("urban")
		nobody := w.Nobody()
		report := func(text, join string) (id, number, code string) {
			got := nobody.OpenCase(
				map[string]any{"category": "0101", "description": text, "area": apptest.Community, "main": join,
					"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "欧阳画眉", "phone": "13987650123"},
					"files": []string{nobody.Upload("照片.png", apptest.OnePixel).Want(200).Text("id")}}).Want(201)
			return got.Text("id"), got.Text("number"), got.Text("code")
		}
		main, mainNumber, mainCode := report("路灯不亮", "")
		second, secondNumber, secondCode := report("路灯坏了", "")
		third, _, thirdCode := report("路灯又坏了", secondNumber)
		follow := func(code string) apptest.Answer {
			return nobody.Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
		}
		if got := follow(thirdCode); got.Text("state") != "merged" || !strings.Contains(got.Raw, secondNumber) {
			t.Fatalf("joined at once: %s", got.Raw)
		}
		dispatcher.Step(second, "merge", map[string]any{"case": mainNumber, "note": "同一盏灯"}).Want(200)

		unit := w.Body[apptest.County+" urban_management"]
		dispatcher.Step(main, "establish", map[string]any{}).Want(200)
		dispatcher.Step(main, "dispatch", map[string]any{"unit": unit, "note": "不公开的话"}).Want(200)
		for name, code := range map[string]string{"second": secondCode, "third": thirdCode} {
			got := follow(code)
			main, _ := got.JSON["main"].(map[string]any)
			if main == nil || main["number"] != mainNumber || main["state"] != "dispatched" || main["id"] != nil {
				t.Errorf("%s follows %v", name, got.JSON["main"])
			}
			if strings.Contains(got.Raw, "不公开的话") || len(got.JSON["files"].([]any)) != 1 || strings.Contains(got.Raw, "姓名") {
				t.Errorf("%s sees %s", name, got.Raw)
			}
		}
		if got := follow(mainCode); strings.Contains(got.Raw, secondNumber) || strings.Contains(got.Raw, second) {
			t.Errorf("the main case's reporter learns of the other's: %s", got.Raw)
		}
		if got := dispatcher.Do("GET", "/casework/cases/"+main, nil).Want(200); len(got.JSON["merged"].([]any)) != 2 {
			t.Errorf("merged into the main case: %v", got.JSON["merged"])
		}

		dispatcher.Step(third, "unmerge", map[string]any{"note": "是另一盏"}).Want(200)
		if got := follow(thirdCode); got.Text("state") != "reported" || got.JSON["main"] != nil || got.JSON["unit"] == nil {
			t.Errorf("taken out again: %s", got.Raw)
		}
		urban.Step(main, "handle", map[string]any{}).Want(200)
		urban.Step(main, "feed_back", map[string]any{"note": "已换灯泡"}).Want(200)
		w.As("grid").Step(main, "verify", map[string]any{}).Want(200)
		dispatcher.Step(main, "close", map[string]any{"note": "已修好，谢谢"}).Want(200)

		got := follow(secondCode)
		if got.Text("state") != "closed" || !strings.Contains(got.Raw, "已修好，谢谢") {
			t.Errorf("the merged one has not ended, or is not told: %s", got.Raw)
		}
		if got := follow(thirdCode).Text("state"); got != "reported" {
			t.Errorf("the one taken out is %s", got)
		}
		for code, level := range map[string]int{mainCode: 5, secondCode: 2} {
			nobody.Do("POST", "/casework/follow/rate", map[string]any{"code": code, "level": level}).Want(200)
		}
		b := w.As("county").Do("GET", "/casework/board?area="+apptest.County, nil).Want(200)
		month := b.JSON["thisMonth"].(map[string]any)
		for name, want := range map[string]float64{"received": 3, "closed": 2, "rated": 2, "points": 7} {
			if month[name] != want {
				t.Errorf("%s is %v, want %v", name, month[name], want)
			}
		}
		for _, verb := range []string{"merge", "merge_own", "unmerge", "close_with"} {
			if n := w.Entries(apptest.CaseKey(verb)); n != 1 {
				t.Errorf("%s stands %d times in the audit log", verb, n)
			}
		}
	})
}

// On the portal, without a script: what seems to be known is shown before the report is sent, and
// the reporter goes on or follows it instead.
func TestThePortalAsksWhetherItIsKnown(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, number := w.Incident(apptest.Community, "0101", "路灯不亮已经三天，夜里看不清路", "东门传达室旁")
		for _, answer := range []string{"none", number, "20260101-320703-99999"} {
			c := w.Nobody()
			c.Page("POST", "/report/what", url.Values{"category": {"0101"}, "description": {"路灯不亮三天，看不清路"}})
			sent := c.Page("POST", "/report/where", url.Values{"community": {apptest.Community}, "area": {apptest.Community}, "text": {"东门"}})
			if got := sent.Header.Get("Location"); !strings.HasPrefix(got, "/report/alike?draft=") {
				t.Fatalf("sent on to %q: %s", got, sent.Raw)
			}
			shown := c.Page("GET", sent.Header.Get("Location"), nil)
			if !strings.Contains(shown.Raw, number) || !strings.Contains(shown.Raw, "东门传达室旁") || strings.Contains(shown.Raw, "已经三天") ||
				strings.Contains(shown.Raw, "画眉") {
				t.Fatalf("shown: %s", shown.Raw)
			}
			c.Page("POST", "/report/alike", url.Values{"main": {answer}})
			c.Page("POST", "/report/send", url.Values{"name": {"李梅"}, "phone": {"19900004321"}})
			done := c.Page("GET", "/track/done", nil)
			code := done.Raw[strings.Index(done.Raw, `class="code">`)+13:][:21]
			want := "reported"
			if answer == number {
				want = "merged"
			}
			if got := c.Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200); got.Text("state") != want {
				t.Errorf("after %s: %s, want %s", answer, got.Text("state"), want)
			}
			c.Page("POST", "/track", url.Values{"code": {code}})
			page := c.Page("GET", "/track/case", nil)
			if strings.Contains(page.Raw, number) != (answer == number) {
				t.Errorf("after %s the page is %s", answer, page.Raw)
			}
		}
		c := w.Nobody()
		c.Page("POST", "/report/what", url.Values{"category": {"0201"}, "description": {"井盖破损"}})
		sent := c.Page("POST", "/report/where", url.Values{"area": {apptest.Community}, "text": {"东门"}})
		if got := c.Page("GET", sent.Header.Get("Location"), nil).Header.Get("Location"); !strings.HasPrefix(got, "/report/send?draft=") {
			t.Errorf("with nothing known: sent on to %q", got)
		}
	})
}
