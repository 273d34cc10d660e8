package disclosure_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/disclosure"
	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
)

type object = map[string]any

func service(w *apptest.World) *disclosure.Service {
	return module.Of[*disclosure.Service](w.App.Modules)
}

// on is the platform itself at noon of a day.
func on(w *apptest.World, day string) context.Context {
	t, err := time.ParseInLocation(time.DateOnly, day, clock.City)
	if err != nil {
		w.T.Fatal(err)
	}
	return clock.With(w.System(), t.Add(12*time.Hour))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func dutyID(item, period string) string {
	return "320703-" + apptest.Community + "-" + item + "-" + period
}

// step takes a verb on the version that the caller is offered, else on the first.
func step(c *apptest.Caller, id, verb, note string) apptest.Answer {
	at := 1
	if shown := c.Do("GET", "/disclosure/entries/"+id, nil); shown.Status == http.StatusOK {
		at = int(shown.JSON["editions"].([]any)[0].(object)["version"].(float64))
		for _, m := range shown.JSON["allowed"].([]any) {
			if m.(object)["verb"] == verb {
				at = int(m.(object)["version"].(float64))
			}
		}
	}
	return c.Do("POST", "/disclosure/entries/"+id+"/"+verb, object{"version": at, "note": note})
}

func newest(c *apptest.Caller, id string) object {
	return c.Do("GET", "/disclosure/entries/"+id, nil).Want(200).JSON["editions"].([]any)[0].(object)
}

// event opens a duty outside of periods and begins its entry.
func event(w *apptest.World, title string) (duty, entry string) {
	w.T.Helper()
	today := clock.Day(clock.Now(w.System()))
	duty = w.As("committee").Do("POST", "/disclosure/duties", object{"area": apptest.Community, "item": "affairs.major", "title": title,
		"day": today}).Want(201).Text("id")
	return duty, w.As("window").Do("POST", "/disclosure/duties/"+duty+"/entry", object{}).Want(201).Text("id")
}

// The list of the first quarter is due on 20 April: that day it is in time, on the 21st it is late, shown to residents and to
// the street; after ten more working days it is very late.
func TestAQuarterlyListIsLateOnTheDayAfter(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		must(t, s.Open(on(w, "2026-02-10")))
		id := dutyID("affairs.decisions", "2026Q1")
		lateOn := func(day string) string {
			all, _, err := s.DutiesIn(on(w, day), disclosure.DutyFilter{State: disclosure.Late, Limit: 100}, []string{apptest.Community})
			must(t, err)
			for i := range all {
				if all[i].ID == id {
					return all[i].Late(day)
				}
			}
			return ""
		}
		for day, want := range map[string]string{"2026-04-19": "", "2026-04-20": "", "2026-04-21": "late", "2026-05-07": "late", "2026-05-08": "very_late"} {
			if got := lateOn(day); got != want {
				t.Errorf("on %s: %q, want %q", day, got, want)
			}
		}
		b, err := s.BoardOf(on(w, "2026-04-20"), disclosure.BoardInput{Area: apptest.Street, From: "2026-04-01", To: "2026-04-30"})
		must(t, err)
		if b.Total.Late != 0 {
			t.Errorf("on its due day %d are late", b.Total.Late)
		}
		if b, err = s.BoardOf(on(w, "2026-04-21"), disclosure.BoardInput{Area: apptest.Street, From: "2026-04-01", To: "2026-04-30"}); err != nil ||
			b.Total.Late == 0 || b.Total.Late != b.Total.Due {
			t.Errorf("on the day after, %d of %d are late (%v)", b.Total.Late, b.Total.Due, err)
		}
		page := w.Nobody().Page("GET", "/disclosures?area="+apptest.Community, nil)
		if page.Status != 200 || !strings.Contains(page.Raw, `id="late"`) || !strings.Contains(page.Raw, id) {
			t.Error("residents do not see that it is late")
		}
		if got := w.As("street").Do("GET", "/disclosure/duties?state=late", nil).Want(200); !strings.Contains(got.Raw, id) {
			t.Error("the street does not see that it is late")
		}
		if got := w.Nobody().Page("GET", "/disclosures/duties/"+id, nil); got.Status != 200 || strings.Count(got.Raw, "<li>") < 20 {
			t.Errorf("the due day is not counted day by day: %d", got.Status)
		}
		if got := w.As("stranger").Do("GET", "/disclosure/duties/"+id, nil); got.Status != 404 {
			t.Errorf("another county's community sees it: %d", got.Status)
		}
		before, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM disclosure_duty`)
		must(t, err)
		must(t, s.Open(on(w, "2026-02-11")))
		if after, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM disclosure_duty`); err != nil || after != before {
			t.Errorf("the second run makes %d of %d, %v", after, before, err)
		}
	})
}

// A holiday decreed later moves the running duties; a year that is not loaded leaves the day open.
func TestAHolidayDecreedLaterMovesRunningDuties(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		must(t, s.Open(on(w, "2026-11-10")))
		id := dutyID("affairs.decisions", "2026Q4")
		read := func() disclosure.Duty {
			d, err := disclosure.FindDuty(w.System(), w.App.DB, id)
			must(t, err)
			return d
		}
		if d := read(); d.Due != "" || d.DueYear != 2027 {
			t.Fatalf("due on %q, waits for %d", d.Due, d.DueYear)
		}
		if got := w.Nobody().Page("GET", "/disclosures/duties/"+id, nil); got.Status != 200 || !strings.Contains(got.Raw, "2027") {
			t.Errorf("the page does not say what it waits for: %d", got.Status)
		}
		w.LoadYear(2027)
		if _, err := w.App.Settle.Settle(w.System()); err != nil {
			t.Fatal(err)
		}
		if d := read(); d.Due != "2027-01-20" || d.DueYear != 0 || d.Very == "" {
			t.Fatalf("once the year is loaded it is due on %q", d.Due)
		}
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			return w.App.Calendar.Put(w.System(), tx, []calendar.Day{{Date: "2027-01-20", Kind: calendar.Off, Notice: "late"}})
		}))
		must(t, w.App.Calendar.Refresh(w.System(), w.App.DB))
		if _, err := w.App.Settle.Settle(w.System()); err != nil {
			t.Fatal(err)
		}
		if d := read(); d.Due != "2027-01-21" {
			t.Errorf("after the holiday was decreed it is due on %q", d.Due)
		}
	})
}

// An entry is posted by a second person, stays fifteen days, never changes; a correction is a new edition, and the old hash
// stays reachable and in the audit log.
func TestAnEntryFromDraftToCorrection(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		window, committee, nobody := w.As("window"), w.As("committee"), w.Nobody()
		duty, id := event(w, "电梯费用")
		window.Do("POST", "/disclosure/duties/"+duty+"/entry", object{}).Want(409)
		step(window, id, "submit", "").Want(422) // nothing is disclosed
		window.Do("PUT", "/disclosure/entries/"+id, object{"title": "电梯费用", "text": "联系人 13912345678", "version": 1}).Want(200)
		if got := step(window, id, "submit", ""); got.Status != 422 || !strings.Contains(got.Raw, "个人信息保护法") {
			t.Errorf("a telephone number of a person was taken: %d %s", got.Status, got.Raw)
		}
		window.Do("PUT", "/disclosure/entries/"+id, object{"title": "电梯费用", "text": "总价 62 万元", "version": 1}).Want(409)
		window.Do("PUT", "/disclosure/entries/"+id, object{"title": "电梯费用", "text": "总价 62 万元", "version": 2}).Want(200)
		if got := nobody.Page("GET", "/disclosures/entries/"+id, nil); got.Status != 404 {
			t.Fatalf("a draft is shown: %d", got.Status)
		}
		step(window, id, "submit", "").Want(200)
		if got := step(window, id, "post", ""); got.Status != 403 {
			t.Errorf("a window worker approves: %d", got.Status)
		}
		step(committee, id, "return", "请写明补贴").Want(200)
		window.Do("PUT", "/disclosure/entries/"+id, object{"title": "电梯费用", "text": "总价 62 万元，补贴 20 万元", "version": 5}).Want(200)
		step(window, id, "submit", "").Want(200)
		step(committee, id, "post", "").Want(200)
		first := newest(window, id)["hash"].(string)
		bytes1 := nobody.Page("GET", "/disclosures/entries/"+id+"/document", nil)
		if sum := sha256.Sum256([]byte(bytes1.Raw)); hex.EncodeToString(sum[:]) != first {
			t.Error("the posted bytes have another hash")
		}
		if got := step(window, id, "end", "不再需要"); got.Status != 409 || !strings.Contains(got.Raw, "第三十四条") {
			t.Errorf("taken down before fifteen days: %d %s", got.Status, got.Raw)
		}
		if d, err := disclosure.FindDuty(w.System(), w.App.DB, duty); err != nil || d.State != disclosure.DutyPosted || d.Entry != id {
			t.Errorf("the duty is %+v, %v", d, err)
		}

		step(window, id, "correct", "总价有误").Want(200)
		step(window, id, "correct", "再次").Want(409)
		window.Do("PUT", "/disclosure/entries/"+id, object{"title": "电梯费用", "text": "总价 58 万元", "version": 1}).Want(200)
		step(window, id, "submit", "").Want(200)
		step(committee, id, "post", "").Want(200)
		second := newest(window, id)["hash"].(string)
		page := nobody.Page("GET", "/disclosures/entries/"+id, nil)
		for _, want := range []string{"58 万元", "总价有误", first, second, "edition=1"} {
			if !strings.Contains(page.Raw, want) {
				t.Errorf("the corrected page lacks %q", want)
			}
		}
		if old := nobody.Page("GET", "/disclosures/entries/"+id+"?edition=1", nil); old.Status != 200 || !strings.Contains(old.Raw, "62 万元") {
			t.Errorf("the first edition: %d", old.Status)
		}
		var d disclosure.Document
		must(t, json.Unmarshal([]byte(nobody.Page("GET", "/disclosures/entries/"+id+"/document", nil).Raw), &d))
		if d.Previous != first || d.Edition != 2 || nobody.Page("GET", "/disclosures/entries/"+id+"/document?edition=1", nil).Raw != bytes1.Raw {
			t.Error("the bytes of the first edition changed, or the second does not name them")
		}
		for _, hash := range []string{first, second} {
			rows, err := w.App.Log.Of(w.System(), id, 100, "disclosure.entry.approve")
			if err != nil || !slices.ContainsFunc(rows, func(r audit.Row) bool { return strings.Contains(r.After, hash) }) {
				t.Errorf("%s is in none of %d records of the audit log, %v", hash, len(rows), err)
			}
		}
		s := service(w)
		if v, err := s.Verify(w.System()); err != nil || v.Checked != 2 || len(v.Findings) > 0 {
			t.Errorf("verified: %+v, %v", v, err)
		}
		w.Exec(`UPDATE disclosure_entry SET document = REPLACE(document, '62', '63') WHERE id = $1 AND edition = 1`, id)
		if v, err := s.Verify(w.System()); err != nil || len(v.Findings) != 1 || v.Findings[0].Kind != "bytes" {
			t.Errorf("one altered byte: %+v, %v", v, err)
		}
		for path, want := range map[string]string{"/print?paper=a3": "size: A3", "/print": "size: A4"} {
			if got := nobody.Page("GET", "/disclosures/entries/"+id+path, nil); got.Status != 200 || !strings.Contains(got.Raw, want) {
				t.Errorf("%s: %d", path, got.Status)
			}
		}
		for path, want := range map[string]string{"/disclosures/feed": "urn:linli:disclosure:" + id, "/disclosures/calendar.ics": "BEGIN:VCALENDAR",
			"/disclosures/powers": "小微权力"} {
			if got := nobody.Page("GET", path+"?area="+apptest.Community, nil); got.Status != 200 || !strings.Contains(got.Raw, want) {
				t.Errorf("%s: %d", path, got.Status)
			}
		}
	})
}

// Every step is refused in every state that the table does not name, and taken in those that it does.
func TestStepsByState(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		ways := map[string][]string{"draft": {}, "submitted": {"submit"}, "returned": {"submit", "return"}, "posted": {"submit", "post"},
			"discarded": {"discard"}}
		legal := map[string][]string{"draft": {"submit", "discard"}, "submitted": {"post", "return", "recall"}, "returned": {"submit", "discard"},
			"posted": {"correct"}, "discarded": {}}
		by := map[string]string{"post": "committee", "return": "committee"}
		for state, way := range ways {
			for _, verb := range []string{"submit", "recall", "post", "return", "discard", "correct", "end"} {
				_, id := event(w, fmt.Sprintf("%s %s", state, verb))
				w.As("window").Do("PUT", "/disclosure/entries/"+id, object{"title": "t", "text": "x", "version": 1}).Want(200)
				take := func(verb string) apptest.Answer {
					login := by[verb]
					if login == "" {
						login = "window"
					}
					return step(w.As(login), id, verb, "原因")
				}
				for _, v := range way {
					take(v).Want(200)
				}
				got := take(verb)
				if want := slices.Contains(legal[state], verb); (got.Status == 200) != want || !want && got.Status != 409 {
					t.Errorf("%s in %s: %d", verb, state, got.Status)
				}
			}
		}
	})
}

// Accounts are read from a file, refused while they do not balance, and go on where those before ended.
func TestAccountsOfAQuarter(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		must(t, s.Open(on(w, "2026-01-10")))
		must(t, s.Open(on(w, "2026-04-10")))
		window, committee := w.As("window"), w.As("committee")
		begin := func(period string) string {
			return window.Do("POST", "/disclosure/duties/"+dutyID("finance.quarter", period)+"/entry", object{}).Want(201).Text("id")
		}
		id := begin("2026Q1")
		read := window.File("/disclosure/entries/"+id+"/table", "a.csv",
			[]byte("日期,摘要,收入（元）,支出（元）,凭证号\n2026-01-05,拨款,\"15,000.00\",,1\n2026-02-01,水电,,210.55,2\n")).Want(200)
		if n := len(read.JSON["finance"].(object)["lines"].([]any)); n != 2 {
			t.Fatalf("%d lines were read", n)
		}
		window.File("/disclosure/entries/"+id+"/table", "a.csv", []byte("日期,摘要,收入,支出\n2026-01-05,拨款,1.234,\n")).Want(422)
		finance := read.JSON["finance"].(object)
		put := func(id string, version int, opening, closing, bank int64) apptest.Answer {
			finance["opening"], finance["closing"] = opening, closing
			finance["balances"] = []any{object{"name": "银行存款", "amount": bank}}
			return window.Do("PUT", "/disclosure/entries/"+id, object{"title": "财务收支", "finance": finance, "version": version})
		}
		put(id, 1, 100, 1_479_045, 1_479_045).Want(200)
		if got := step(window, id, "submit", ""); got.Status != 200 {
			t.Fatalf("balanced accounts: %d %s", got.Status, got.Raw)
		}
		step(window, id, "recall", "").Want(200)
		put(id, 4, 100, 1_479_046, 1_479_046).Want(200)
		if got := step(window, id, "submit", ""); got.Status != 422 || !strings.Contains(got.Raw, "14790.45") {
			t.Errorf("a fen too many: %d %s", got.Status, got.Raw)
		}
		put(id, 5, 100, 1_479_045, 1_479_000).Want(200)
		step(window, id, "submit", "").Want(422)
		put(id, 6, 100, 1_479_045, 1_479_045).Want(200)
		step(window, id, "submit", "").Want(200)
		step(committee, id, "post", "").Want(200)
		for _, format := range []string{"csv", "xlsx"} {
			if got := w.Nobody().Page("GET", "/disclosures/entries/"+id+"/table?format="+format, nil); got.Status != 200 {
				t.Errorf("%s: %d", format, got.Status)
			}
		}
		next := begin("2026Q2")
		if o := newest(window, next)["content"].(object)["finance"].(object)["opening"].(float64); o != 1_479_045 {
			t.Errorf("the next quarter opens with %v", o)
		}
		finance["lines"] = []any{}
		put(next, 1, 1, 1, 1).Want(200)
		if got := step(window, next, "submit", ""); got.Status != 422 || !strings.Contains(got.Raw, "14790.45") {
			t.Errorf("an opening balance of its own: %d %s", got.Status, got.Raw)
		}
	})
}

// What the platform knows fills an entry, which a person confirms: members of bodies, tasks, services, burden, notices, admissions.
func TestThePlatformFillsEntries(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		must(t, s.Open(on(w, "2026-05-10")))
		committee := w.As("committee")
		committee.Do("POST", "/registry/bodies/"+w.Body[apptest.Community+" committee"]+"/members",
			object{"name": "王小明", "post": "director", "termFrom": "2026-01-01"})
		filled := 0
		for _, item := range s.Catalogue() {
			if item.Source == "" || item.Source == "decision" {
				continue
			}
			key := disclosure.SpanOf(item.Period, "2026-05-10").Key
			got := w.As("window").Do("POST", "/disclosure/duties/"+dutyID(item.Code, key)+"/entry", object{}).Want(201)
			content := got.JSON["editions"].([]any)[0].(object)["content"].(object)
			if content["source"] != item.Source {
				t.Errorf("%s was not filled from %s", item.Code, item.Source)
				continue
			}
			filled++
			id := got.Text("id")
			w.As("window").Do("POST", "/disclosure/entries/"+id+"/fill", object{"version": 1}).Want(200)
			step(w.As("window"), id, "submit", "").Want(200)
		}
		if filled < 5 {
			t.Errorf("%d sources fill entries", filled)
		}
	})
}

// The catalogue is the city's to change, but not below what the law asks of villages; a changed limit moves open duties.
func TestTheCatalogueIsChanged(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := service(w)
		must(t, s.Open(on(w, "2026-02-10")))
		item, _ := s.Item("affairs.decisions")
		city := w.As("city")
		item.Period = disclosure.Yearly
		if got := city.Do("PUT", "/disclosure/items/affairs.decisions", item); got.Status != 422 || !strings.Contains(got.Raw, "第三十五条") {
			t.Errorf("rarer than quarterly: %d %s", got.Status, got.Raw)
		}
		item.Period, item.Limit = disclosure.Quarterly, calendar.Workdays(5)
		w.As("committee").Do("PUT", "/disclosure/items/affairs.decisions", item).Want(403)
		city.Do("PUT", "/disclosure/items/affairs.decisions", item).Want(200)
		city.Do("PUT", "/disclosure/items/affairs.decisions", item).Want(409) // of an older version
		if d, err := disclosure.FindDuty(w.System(), w.App.DB, dutyID("affairs.decisions", "2026Q1")); err != nil || d.Due != "2026-04-08" {
			t.Errorf("due on %q, %v", d.Due, err)
		}
		// Busy accounts are due monthly, and quarterly no more.
		committee := w.As("committee")
		c := committee.Do("GET", "/disclosure/communities/"+apptest.Community, nil).Want(200)
		committee.Do("PUT", "/disclosure/communities/"+apptest.Community, object{"busy": true, "version": c.JSON["version"]}).Want(200)
		today := clock.Day(clock.Now(w.System()))
		if _, err := disclosure.FindDuty(w.System(), w.App.DB, dutyID("finance.month", disclosure.SpanOf(disclosure.Monthly, today).Key)); err != nil {
			t.Errorf("accounts of the month: %v", err)
		}
	})
}

// What is changed of an item is known to every process.
func TestAChangedItemReachesEveryProcess(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Reaches("disclosure.catalogue", func() {
			item, _ := service(w).Item("affairs.decisions")
			item.Limit = calendar.Workdays(5)
			w.As("city").Do("PUT", "/disclosure/items/affairs.decisions", item).Want(200)
		}, func(a *app.App) string {
			item, _ := module.Of[*disclosure.Service](a.Modules).Item("affairs.decisions")
			return item.Limit.String()
		})
	})
}

// A list of ten thousand duties is read by its index, page by page, each once.
func TestTenThousandDutiesAreReadByTheIndex(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		must(t, w.App.DB.Write(ctx, func(tx *db.Tx) error {
			for i := range 100 { // each doubles a hundred rows
				if _, err := tx.Exec(ctx, `INSERT INTO disclosure_duty (shard, id, area, item, head, period, cause, title, first_on, last_on, due_on,
					very_on, due_year, state, entry_id, posted_on, version)
					WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99)
					SELECT '320703', '320703-many-' || CAST($1 AS TEXT) || '-' || i, CAST($2 AS TEXT), 'affairs.major', 'affairs', CAST($1 AS TEXT) || '#' || i,
					'event', '', '2026-01-01', '2026-01-01', '2026-01-0' || (1 + i % 9), '', 0, 'open', '', '', 1 FROM n`,
					fmt.Sprint(i), apptest.Community); err != nil {
					return err
				}
			}
			return nil
		}))
		seen, cursor := map[string]bool{}, ""
		street := w.As("street")
		for {
			got := street.Do("GET", "/disclosure/duties?state=open&limit=100&cursor="+cursor, nil).Want(200)
			for _, row := range got.Items() {
				if seen[row["id"].(string)] {
					t.Fatalf("%v stands twice", row["id"])
				}
				seen[row["id"].(string)] = true
			}
			if cursor, _ = got.JSON["next"].(string); cursor == "" {
				break
			}
			cursor = strings.ReplaceAll(cursor, "|", "%7C")
		}
		if len(seen) != 10_000 {
			t.Errorf("%d duties were listed", len(seen))
		}
		if w.App.DB.Dialect != db.SQLite {
			return
		}
		plan, err := db.All(ctx, w.App.DB, func(r db.Scanner) (detail string, err error) {
			var a, b, c int
			return detail, r.Scan(&a, &b, &c, &detail)
		}, `EXPLAIN QUERY PLAN SELECT id FROM disclosure_duty WHERE area >= $1 AND area < $2 AND state = 'open' AND (due_on, id) > ($3, $4)
			ORDER BY due_on, id LIMIT 101`, apptest.Street, apptest.Street+":", "2026-01-03", "")
		must(t, err)
		if all := strings.Join(plan, "; "); !strings.Contains(all, "USING COVERING INDEX disclosure_duty_list") || strings.Contains(all, "TEMP B-TREE") {
			t.Errorf("plan: %s", all)
		}
	})
}
