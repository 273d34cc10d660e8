package notice_test

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

type object = map[string]any

// day is so many days from today, in city time.
func day(w *apptest.World, n int) string { return clock.Day(clock.Now(w.System()).AddDate(0, 0, n)) }

func content(w *apptest.World, title string, areas ...string) object {
	return object{"areas": areas, "kind": "other", "title": object{"zh": title}, "body": object{"zh": "正文\n\n第二段"}, "from": day(w, 0)}
}

func with(o object, pairs ...any) object {
	for i := 0; i < len(pairs); i += 2 {
		o[pairs[i].(string)] = pairs[i+1]
	}
	return o
}

// newest is the first edition of a detail.
func newest(got apptest.Answer) object { return got.JSON["editions"].([]any)[0].(object) }

func version(got apptest.Answer) int { return int(newest(got)["version"].(float64)) }

func verbs(got apptest.Answer) []string {
	out := []string{}
	for _, m := range got.JSON["allowed"].([]any) {
		out = append(out, m.(object)["verb"].(string))
	}
	slices.Sort(out)
	return out
}

// step takes a verb on the version that the caller is offered, else on the newest.
func step(c *apptest.Caller, id, verb, note string) apptest.Answer {
	shown := c.Do("GET", "/notice/notices/"+id, nil)
	if shown.Status != http.StatusOK {
		return c.Do("POST", "/notice/notices/"+id+"/"+verb, object{"version": 1, "note": note})
	}
	at := version(shown)
	for _, m := range shown.JSON["allowed"].([]any) {
		if m.(object)["verb"] == verb {
			at = int(m.(object)["version"].(float64))
		}
	}
	return c.Do("POST", "/notice/notices/"+id+"/"+verb, object{"version": at, "note": note})
}

// publish has one write a notice and another approve it.
func publish(w *apptest.World, writer, approver *apptest.Caller, c object) string {
	w.T.Helper()
	id := writer.Do("POST", "/notice/notices", c).Want(201).Text("id")
	step(writer, id, "submit", "").Want(200)
	step(approver, id, "approve", "").Want(200)
	return id
}

// What is written is shown only once a second person has approved it; a correction is a new edition, and
// both stay readable; a withdrawal says why.
func TestANoticeFromDraftToWithdrawal(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, committee, nobody := w.As("window"), w.As("committee"), w.Nobody()
		id := window.Do("POST", "/notice/notices",
			with(content(w, "停水通知", apptest.Community), "urgent", true, "until", day(w, 1))).Want(201).Text("id")
		page := func() apptest.Answer { return nobody.Page("GET", "/notices/"+id, nil) }
		front := func() string { return nobody.Page("GET", "/communities/"+apptest.Community, nil).Raw }
		if got := page(); got.Status != 404 {
			t.Fatalf("a draft is shown: %d", got.Status)
		}
		step(window, id, "submit", "").Want(200)
		if got := step(window, id, "approve", ""); got.Status != 403 {
			t.Errorf("a window worker approves: %d %s", got.Status, got.Raw)
		}
		step(committee, id, "return", "").Want(422)
		step(committee, id, "return", "请写明楼号").Want(200)
		window.Do("PUT", "/notice/notices/"+id,
			with(content(w, "停水通知", apptest.Community), "urgent", true, "until", day(w, 1), "version", 3)).Want(200)
		step(window, id, "submit", "").Want(200)
		if strings.Contains(front(), "停水通知") {
			t.Error("what waits is shown")
		}
		step(committee, id, "approve", "").Want(200)
		if got := page(); got.Status != 200 || !strings.Contains(got.Raw, "停水通知") {
			t.Fatalf("not shown: %d", got.Status)
		}
		if got := front(); !strings.Contains(got, `class="alert"`) || !strings.Contains(got, "停水通知") {
			t.Error("no banner on the community's page")
		}
		if got := nobody.Page("GET", "/communities/"+apptest.Neighbour, nil).Raw; strings.Contains(got, "停水通知") {
			t.Error("shown in a community that it is not for")
		}

		step(window, id, "correct", "时间有误").Want(200)
		window.Do("PUT", "/notice/notices/"+id,
			with(content(w, "停水通知（更正）", apptest.Community), "urgent", true, "until", day(w, 2), "version", 1)).Want(200)
		if got := page(); strings.Contains(got.Raw, "（更正）") {
			t.Error("a correction is shown before it is approved")
		}
		step(window, id, "submit", "").Want(200)
		step(committee, id, "approve", "").Want(200)
		got := page()
		for _, want := range []string{"停水通知（更正）", "时间有误", "edition=1"} {
			if !strings.Contains(got.Raw, want) {
				t.Errorf("the corrected page lacks %q", want)
			}
		}
		if old := nobody.Page("GET", "/notices/"+id+"?edition=1", nil); old.Status != 200 || !strings.Contains(old.Raw, "更正前的版本") {
			t.Errorf("the first edition: %d", old.Status)
		}

		step(committee, id, "withdraw", "").Want(422)
		step(committee, id, "withdraw", "已提前恢复供水").Want(200)
		if got := page(); got.Status != 200 || !strings.Contains(got.Raw, "已提前恢复供水") {
			t.Errorf("a withdrawn notice says no reason: %d", got.Status)
		}
		if strings.Contains(front(), "停水通知") {
			t.Error("a withdrawn notice is still listed")
		}
		if n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM audit_entry WHERE subject = 'notice.notice' AND subject_id = $1`,
			id); err != nil || n < 10 {
			t.Errorf("%d records of it in the audit log, %v", n, err)
		}
	})
}

// The one who wrote a text never approves it, whatever their roles; who only returned it may.
func TestTheWriterNeverApproves(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		committee, dispatcher, street := w.As("committee"), w.As("dispatcher"), w.As("street")
		id := committee.Do("POST", "/notice/notices", content(w, "通知", apptest.Community)).Want(201).Text("id")
		dispatcher.Do("PUT", "/notice/notices/"+id, with(content(w, "通知二", apptest.Community), "version", 1)).Want(200)
		step(committee, id, "submit", "").Want(200)
		for name, c := range map[string]*apptest.Caller{"who began it": committee, "who changed it": dispatcher} {
			got := step(c, id, "approve", "")
			if got.Status != 409 || got.Text("key") != "notice.not_writer" {
				t.Errorf("%s approves: %d %s", name, got.Status, got.Raw)
			}
			if slices.Contains(verbs(c.Do("GET", "/notice/notices/"+id, nil)), "approve") {
				t.Errorf("%s is offered to approve", name)
			}
		}
		step(street, id, "approve", "").Want(200)
	})
}

// Who approves at a level is data.
func TestApproversAreData(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, dispatcher, committee := w.As("window"), w.As("dispatcher"), w.As("committee")
		w.Rule("notice.approvers.community", "committee_member")
		id := window.Do("POST", "/notice/notices", content(w, "通知", apptest.Community)).Want(201).Text("id")
		step(window, id, "submit", "").Want(200)
		if got := step(dispatcher, id, "approve", ""); got.Status != 409 || got.Text("key") != "notice.not_level" {
			t.Errorf("a dispatcher approves: %d %s", got.Status, got.Raw)
		}
		step(committee, id, "approve", "").Want(200)
	})
}

// Every verb in every state answers as the table says: the steps to each state, and what is then allowed.
func TestEveryStepOfTheTable(t *testing.T) {
	t.Parallel()
	all := []string{"submit", "recall", "approve", "return", "discard", "correct", "withdraw"}
	ways := map[string][]string{"draft": {}, "submitted": {"submit"}, "returned": {"submit", "return"}, "published": {"submit", "approve"},
		"withdrawn": {"submit", "approve", "withdraw"}, "discarded": {"discard"}}
	legal := map[string][]string{"draft": {"submit", "discard"}, "returned": {"submit", "discard"},
		"submitted": {"recall", "approve", "return"},
		"published": {"correct", "withdraw"}}
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, county := w.As("dispatcher"), w.As("county")
		for state, way := range ways {
			for _, verb := range all {
				id := dispatcher.Do("POST", "/notice/notices", content(w, "通知", apptest.Community)).Want(201).Text("id")
				by := func(v string) *apptest.Caller {
					if slices.Contains([]string{"approve", "return", "withdraw"}, v) {
						return county
					}
					return dispatcher
				}
				for _, v := range way {
					step(by(v), id, v, "说明").Want(200)
				}
				before := by(verb).Do("GET", "/notice/notices/"+id, nil)
				if newest(before)["state"] != state {
					t.Fatalf("%s is %s", state, newest(before)["state"])
				}
				want := http.StatusConflict
				if slices.Contains(legal[state], verb) {
					want = http.StatusOK
				}
				if offered := slices.Contains(verbs(before), verb); offered != (want == http.StatusOK) {
					t.Errorf("%s of %s is offered: %v", verb, state, offered)
				}
				if got := step(by(verb), id, verb, "说明"); got.Status != want {
					t.Errorf("%s of %s: %d, want %d: %s", verb, state, got.Status, want, got.Raw)
				}
			}
		}
	})
}

// What is wrong with a text is named field by field, and lengths count characters as people see them.
func TestWrongContents(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		for name, wrong := range map[string]struct {
			body     object
			location string
		}{
			"no title":               {with(content(w, "", apptest.Community)), "title.zh"},
			"long title":             {with(content(w, strings.Repeat("长", 61), apptest.Community)), "title.zh"},
			"long text":              {with(content(w, "通知", apptest.Community), "body", object{"zh": strings.Repeat("长", 5001)}), "body.zh"},
			"half English":           {with(content(w, "通知", apptest.Community), "title", object{"zh": "通知", "en": "Notice"}), "body.en"},
			"urgent without an end":  {with(content(w, "通知", apptest.Community), "urgent", true), "until"},
			"end before beginning":   {with(content(w, "通知", apptest.Community), "until", day(w, -1)), "until"},
			"affairs for a week":     {with(content(w, "通知", apptest.Community), "kind", "affairs", "until", day(w, 6)), "until"},
			"no such area":           {content(w, "通知", "320703999999"), "areas"},
			"no day of the calendar": {with(content(w, "通知", apptest.Community), "from", "2026-02-30"), "from"},
		} {
			got := window.Do("POST", "/notice/notices", wrong.body)
			if got.Status != 422 || !strings.Contains(got.Raw, `"`+wrong.location+`"`) {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		family := strings.Repeat("👨‍👩‍👧‍👦", 60)
		window.Do("POST", "/notice/notices", content(w, family, apptest.Community)).Want(201)
		window.Do("POST", "/notice/notices", with(content(w, "公开", apptest.Community), "kind", "affairs", "until", day(w, 14))).Want(201)
	})
}

// A notice is for areas inside the writer's own, and outside the reader's it is not there.
func TestAreasOfWriterAndReader(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, street, stranger := w.As("window"), w.As("street"), w.As("stranger")
		for _, areas := range [][]string{{apptest.Elsewhere}, {apptest.Community, apptest.Neighbour}, {apptest.Street}} {
			if got := window.Do("POST", "/notice/notices", content(w, "通知", areas...)); got.Status != 403 {
				t.Errorf("a window worker writes for %v: %d", areas, got.Status)
			}
		}
		id := street.Do("POST", "/notice/notices", content(w, "街道通知", apptest.Community, apptest.Neighbour)).Want(201).Text("id")
		if got := stranger.Do("GET", "/notice/notices/"+id, nil); got.Status != 404 {
			t.Errorf("another county reads it: %d", got.Status)
		}
		for _, verb := range []string{"submit", "approve", "withdraw"} {
			if got := step(stranger, id, verb, "x"); got.Status != 404 {
				t.Errorf("another county takes %s: %d", verb, got.Status)
			}
		}
		step(street, id, "submit", "").Want(200)
		step(w.As("county"), id, "approve", "").Want(200)
		for _, area := range []string{apptest.Community, apptest.Neighbour} {
			if got := w.Nobody().Page("GET", "/notices?area="+area, nil).Raw; !strings.Contains(got, "街道通知") {
				t.Errorf("not listed in %s", area)
			}
		}
		if got := w.Nobody().Page("GET", "/notices?area="+apptest.Elsewhere, nil).Raw; strings.Contains(got, "街道通知") {
			t.Error("listed elsewhere")
		}
	})
}

// A notice is listed from its first day to its last, whether or not the job has run; afterwards it is
// readable by its address and says so.
func TestDaysOfANotice(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, committee, nobody := w.As("window"), w.As("committee"), w.Nobody()
		later := publish(w, window, committee, with(content(w, "下周活动", apptest.Community), "from", day(w, 7)))
		if got := nobody.Page("GET", "/notices/"+later, nil); got.Status != 404 {
			t.Errorf("shown before its first day: %d", got.Status)
		}
		past := publish(w, window, committee, with(content(w, "昨日活动", apptest.Community), "until", day(w, 0)))
		list := func() string { return nobody.Page("GET", "/notices?area="+apptest.Community, nil).Raw }
		if !strings.Contains(list(), "昨日活动") {
			t.Error("not listed on its last day")
		}
		yesterday := func(query string) {
			if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
				_, err := tx.Exec(w.System(), query, day(w, -1), past)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		yesterday(`UPDATE notice_edition SET until_on = $1, from_on = $1 WHERE id = $2`)
		yesterday(`UPDATE notice_place SET until_on = $1, from_on = $1 WHERE notice_id = $2`)
		for _, ran := range []bool{false, true} {
			if strings.Contains(list(), "昨日活动") {
				t.Errorf("listed after its last day, job ran: %v", ran)
			}
			if got := nobody.Page("GET", "/notices/"+past, nil); got.Status != 200 || !strings.Contains(got.Raw, "到期") {
				t.Errorf("by its address, job ran %v: %d", ran, got.Status)
			}
			for _, j := range w.App.Jobs.Jobs {
				if j.Name == "notice.expire" {
					if err := j.Do(w.System()); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if got := newest(window.Do("GET", "/notice/notices/"+past, nil))["state"]; got != "expired" {
			t.Errorf("it is %v", got)
		}
	})
}

func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)))
	return b.Bytes()
}

// Files go through the storage as those of cases do, go on with a correction, and outlive the sweep.
func TestFilesOfANotice(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, committee, nobody := w.As("window"), w.As("committee"), w.Nobody()
		id := window.Do("POST", "/notice/notices", content(w, "通知", apptest.Community)).Want(201).Text("id")
		files := "/notice/notices/" + id + "/files"
		if got := window.File(files, "x.html", []byte("<script>alert(1)</script>")); got.Status != 422 {
			t.Errorf("a page is taken: %d", got.Status)
		}
		file := window.File(files, "照片.png", picture()).Want(200).Text("id")
		paper := window.File(files, "表.pdf", apptest.PDF("table")).Want(200).Text("id")
		gone := window.File(files, "错.png", picture()).Want(200).Text("id")
		window.Do("DELETE", files+"/"+gone, nil).Want(204)
		window.Do("GET", files+"/"+file, nil).Want(200)
		if got := nobody.Page("GET", "/notices/"+id+"/files/"+file, nil); got.Status != 404 {
			t.Errorf("a draft's file is shown: %d", got.Status)
		}
		step(window, id, "submit", "").Want(200)
		if got := window.File(files, "晚.png", picture()); got.Status != 409 {
			t.Errorf("a file is added to what waits: %d", got.Status)
		}
		step(committee, id, "approve", "").Want(200)
		if _, err := w.App.CaseFiles.SweepFiles(clock.With(w.System(), clock.Now(w.System()).AddDate(1, 0, 0))); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/notices/" + id + "/files/" + file, "/notices/" + id + "/files/" + file + "/thumbnail",
			"/notices/" + id + "/files/" + paper} {
			got := nobody.Page("GET", path, nil)
			if got.Status != 200 || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%s: %d %s", path, got.Status, got.Header.Get("Content-Security-Policy"))
			}
		}
		step(window, id, "correct", "更正").Want(200)
		if got := newest(window.Do("GET", "/notice/notices/"+id, nil))["files"].([]any); len(got) != 2 {
			t.Errorf("the correction has %d files", len(got))
		}
	})
}

// Feed, calendar and screen show what is listed, in well-formed documents.
func TestFeedCalendarAndScreen(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, committee, nobody := w.As("window"), w.As("committee"), w.Nobody()
		text := "第一段，分号;逗号,\n\n" + strings.Repeat("这是很长的一句话。", 60)
		publish(w, window, committee, with(content(w, "停水 <b>&", apptest.Community), "urgent", true,
			"until", day(w, 1), "body", object{"zh": text}))
		feed := nobody.Page("GET", "/notices/feed?area="+apptest.Community, nil).Want(200)
		var atom struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
			ID      string   `xml:"id"`
			Updated string   `xml:"updated"`
			Entry   []struct {
				Title string `xml:"title"`
				Link  struct {
					Href string `xml:"href,attr"`
				} `xml:"link"`
				Updated string `xml:"updated"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(feed.Raw), &atom); err != nil || len(atom.Entry) != 1 || atom.Entry[0].Title != "停水 <b>&" {
			t.Fatalf("%v %s", err, feed.Raw)
		}
		if _, err := time.Parse(time.RFC3339, atom.Entry[0].Updated); err != nil || !strings.HasPrefix(atom.Entry[0].Link.Href, "http") {
			t.Errorf("%v %s", err, atom.Entry[0].Link.Href)
		}
		calendar := nobody.Page("GET", "/notices/calendar.ics?area="+apptest.Community, nil).Want(200)
		for line := range strings.SplitSeq(strings.TrimSuffix(calendar.Raw, "\r\n"), "\r\n") {
			if len(line) > 75 || strings.Contains(line, "\n") {
				t.Errorf("a line of %d bytes: %q", len(line), line)
			}
		}
		whole := strings.ReplaceAll(calendar.Raw, "\r\n ", "")
		for _, want := range []string{"DTSTART;VALUE=DATE:" + strings.ReplaceAll(day(w, 0), "-", ""), "DTEND;VALUE=DATE:" +
			strings.ReplaceAll(day(w, 2), "-", ""), `分号\;逗号\,\n\n`} {
			if !strings.Contains(whole, want) {
				t.Errorf("the calendar lacks %q: %s", want, whole)
			}
		}
		seen := ""
		for _, n := range []string{"1", "2", "3", "99"} {
			got := nobody.Page("GET", "/notices/screen?area="+apptest.Community+"&page="+n, nil).Want(200)
			if strings.Contains(got.Raw, "姓名window") || strings.Contains(got.Raw, "姓名committee") {
				t.Error("the screen names people")
			}
			if !strings.Contains(got.Raw, "data-turn-to=") {
				t.Error("the screen does not turn")
			}
			seen += got.Raw
		}
		if n := strings.Count(seen, "这是很长的一句话。"); n < 60 {
			t.Errorf("the pages show %d of 60 sentences", n)
		}
		nobody.Page("GET", "/notices/screen?area="+apptest.Elsewhere, nil).Want(200)
	})
}

// A notice goes along when its area is given another code, and what is shown there with it.
func TestANoticeFollowsItsArea(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		publish(w, w.As("window"), w.As("committee"), content(w, "院前通知", apptest.Community))
		if _, err := w.App.Changes.Change(w.System(),
			change.NewChange{Kind: registry.ChangeMerge, Area: apptest.Community, To: apptest.Neighbour, Reason: "合并"}); err != nil {
			t.Fatal(err)
		}
		if got := w.Nobody().Page("GET", "/notices?area="+apptest.Neighbour, nil).Raw; !strings.Contains(got, "院前通知") {
			t.Error("the merged community does not show it")
		}
	})
}

// The portal's search finds what is shown today, by title or text, and its bar leads to the notices.
func TestVisitorsFindNotices(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, committee, nobody := w.As("window"), w.As("committee"), w.Nobody()
		shown := publish(w, window, committee, with(content(w, "停水通知", apptest.Community),
			"title", object{"zh": "停水通知", "en": "Water off"},
			"body", object{"zh": "八号楼检修水管 100%", "en": "Pipes of block 8 are MENDED"}))
		publish(w, window, committee, with(content(w, "停水预告", apptest.Community), "from", day(w, 3)))
		window.Do("POST", "/notice/notices", content(w, "停水草稿", apptest.Community)).Want(201)
		gone := publish(w, window, committee, content(w, "停水撤回", apptest.Community))
		step(committee, gone, "withdraw", "已恢复").Want(200)
		for words, found := range map[string]bool{"停水": true, "检修": true, "mended": true, "100%": true,
			"检%水": false, "停_通": false, "停电": false} {
			got := nobody.Page("GET", "/search?q="+url.QueryEscape(words), nil)
			if got.Status != 200 || strings.Contains(got.Raw, `href="/notices/`+shown) != found {
				t.Errorf("%s: %d, expected found %v", words, got.Status, found)
			}
			for _, hidden := range []string{"停水预告", "停水草稿", "停水撤回"} {
				if strings.Contains(got.Raw, hidden) {
					t.Errorf("%s finds %s", words, hidden)
				}
			}
		}
		if front := nobody.Page("GET", "/", nil).Raw; !strings.Contains(front, `<a href="/notices">公告</a>`) {
			t.Error("no door to the notices")
		}
	})
}
