package meeting_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/council/meeting"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/threshold"
)

type object = map[string]any

// in is a day so many days ahead.
func in(w *apptest.World, days int) string {
	return clock.Day(clock.Now(w.System()).AddDate(0, 0, days))
}

// content is a meeting of a body so many days ahead.
func content(w *apptest.World, body, mode string, days int) object {
	c := object{"body": body, "mode": mode, "title": "小区电动车棚改造", "place": "社区活动室", "day": in(w, days), "time": "23:59", "called": "committee",
		"items": []any{object{"id": "i1", "title": "车棚改造方案", "public": true, "decides": true, "party": in(w, 0), "materials": "预算 8 万元"},
			object{"id": "i2", "title": "内部分工", "public": false, "decides": false}}}
	if body == "assembly" {
		c["entitled"] = 30
	}
	return c
}

func draft(w *apptest.World, c *apptest.Caller, content object) apptest.Answer {
	return c.Do("POST", "/council/meetings", object{"area": apptest.Community, "content": content})
}

func version(c *apptest.Caller, id string) int {
	got := c.Do("GET", "/council/meetings/"+id, nil)
	if got.Status != http.StatusOK {
		return 1
	}
	return int(got.JSON["version"].(float64))
}

func step(c *apptest.Caller, id, verb string) apptest.Answer {
	return c.Do("POST", "/council/meetings/"+id+"/"+verb, object{"version": version(c, id), "note": "说明"})
}

func send(c *apptest.Caller, id, path string, body object) apptest.Answer {
	body["version"] = version(c, id)
	return c.Do("POST", "/council/meetings/"+id+path, body)
}

// seat gives the community five committee members and so many representatives, a third of them women.
func seat(w *apptest.World, c *apptest.Caller, representatives int) {
	dispatcher := w.As("dispatcher")
	for i := range 5 {
		dispatcher.Do("POST", "/registry/bodies/"+w.Body[apptest.Community+" committee"]+"/members", object{"name": fmt.Sprintf("委员%d", i),
			"post": "member", "termFrom": "2020-01-01"}).Want(201)
	}
	for i := range representatives {
		c.Do("POST", "/council/representatives", object{"area": apptest.Community, "name": fmt.Sprintf("代表人%d", i), "constituency": "第一小组",
			"households": 30, "woman": i%3 == 0, "termFrom": "2020-01-01"}).Want(201)
	}
}

// An assembly is convened ten days ahead: on the ninth day only in a special case, with its reason; without the Party branch's discussion
// or an agenda not at all.
func TestNotice(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("committee")
		id := draft(w, c, content(w, "assembly", "voters", 10)).Want(201).Text("id")
		step(c, id, "convene").Want(200)
		for path, want := range map[string]int{"": 1, "?body=assembly&state=convened": 1, "?body=party": 0, "?area=" + apptest.Elsewhere: 0} {
			if got := c.Do("GET", "/council/meetings"+path, nil).Want(200).Items(); len(got) != want {
				t.Errorf("the list%s has %d meetings", path, len(got))
			}
		}
		late := draft(w, c, content(w, "assembly", "voters", 9)).Want(201).Text("id")
		got := step(c, late, "convene").Want(409, "council.meeting.notice")
		for _, want := range []string{"第二十六条", "10 天", in(w, -1)} {
			if !strings.Contains(got.Raw, want) {
				t.Errorf("the refusal lacks %q: %s", want, got.Raw)
			}
		}
		special := content(w, "assembly", "voters", 9)
		special["short"] = "台风将至，须当日安排转移"
		c.Do("PUT", "/council/meetings/"+late, object{"version": version(c, late), "content": special}).Want(200)
		step(c, late, "convene").Want(200)
		unspoken := content(w, "assembly", "households", 20)
		delete(unspoken["items"].([]any)[0].(object), "party")
		id = draft(w, c, unspoken).Want(201).Text("id")
		if got := step(c, id, "convene").Want(409, "council.meeting.party_first"); !strings.Contains(got.Raw, "第三十条") {
			t.Errorf("no article: %s", got.Raw)
		}
		called := content(w, "assembly", "voters", 20)
		called["called"], called["calledOf"], called["calledBy"] = "voters", 301, 30
		id = draft(w, c, called).Want(201).Text("id")
		step(c, id, "convene").Want(409, "council.meeting.call")
		called["calledBy"] = 31
		c.Do("PUT", "/council/meetings/"+id, object{"version": version(c, id), "content": called}).Want(200)
		step(c, id, "convene").Want(200)
		empty := content(w, "committee", "members", 20)
		empty["items"] = []any{}
		id = draft(w, c, empty).Want(201).Text("id")
		step(c, id, "convene").Want(409, "council.meeting.agenda")
		past := content(w, "committee", "members", -1)
		id = draft(w, c, past).Want(201).Text("id")
		step(c, id, "convene").Want(409, "council.meeting.past")
		draft(w, c, content(w, "assembly", "representatives", 20)).Want(422)
		draft(w, c, content(w, "supervisory", "members", 20)).Want(409, "council.meeting.own")
	})
}

// The notice of ten days in villages: by the law of 2018 a special case does not shorten it.
func TestNoticeByTheLawOfTheDay(t *testing.T) {
	t.Parallel()
	if _, ok := threshold.FigureOf("assembly.notice.short", threshold.Villagers, "", "2025-12-31"); ok {
		t.Error("short notice by the law of 2018")
	}
	if _, ok := threshold.FigureOf("assembly.notice.short", threshold.Villagers, "", "2026-01-01"); !ok {
		t.Error("no short notice by the law of 2025")
	}
}

// Of thirty members twenty open an assembly and nineteen do not; eleven of twenty pass and ten do not; once the quorum is lost votes
// stop, and the hour is said; the minutes are signed with a presence list, votes and signers alone.
func TestAMeetingFromNoticeToSignedMinutes(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c, nobody := w.As("committee"), w.Nobody()
		seat(w, c, 25)
		body := content(w, "representatives", "representatives", 3)
		id := draft(w, c, body).Want(201).Text("id")
		if page := nobody.Page("GET", "/meetings/"+id, nil); page.Status != http.StatusNotFound {
			t.Error("a draft is public")
		}
		got := step(c, id, "convene").Want(200)
		if got.JSON["entitled"] != 30.0 || got.JSON["need"] != 20.0 {
			t.Fatalf("entitled %v, need %v", got.JSON["entitled"], got.JSON["need"])
		}
		step(c, id, "open").Want(409, "council.meeting.early")
		w.Exec(`UPDATE council_meeting SET content = REPLACE(content, '` + in(w, 3) + `', '` + in(w, 0) + `') WHERE id = '` + id + `'`)
		absent := got.JSON["absent"].([]any)
		if len(absent) != 30 || strings.Contains(got.Raw, "代表人") {
			t.Fatalf("%d on the roster, or their names are not masked", len(absent))
		}
		enter := func(from, to int) apptest.Answer {
			people := []any{}
			for _, a := range absent[from:to] {
				people = append(people, object{"member": a.(object)["id"]})
			}
			return send(c, id, "/attendance", object{"people": people})
		}
		enter(0, 19).Want(200)
		enter(0, 1).Want(409, "council.attendance.twice")
		send(c, id, "/attendance", object{"people": []any{object{"member": "nobody"}}}).Want(409, "council.attendance.roster")
		refused := step(c, id, "open").Want(409, "council.meeting.quorum")
		for _, want := range []string{"19", "20", "第二十九条"} {
			if !strings.Contains(refused.Raw, want) {
				t.Errorf("the refusal lacks %q: %s", want, refused.Raw)
			}
		}
		send(c, id, "/votes", object{"item": "i1", "yes": 10, "no": 0, "abstain": 0}).Want(409)
		enter(19, 20).Want(200)
		now := step(c, id, "open").Want(200)
		hands := func(question string, yes int) apptest.Answer {
			return send(c, id, "/votes", object{"item": "i1", "question": question, "yes": yes, "no": 5, "abstain": 0})
		}
		hands("方案一", 16).Want(422, "council.vote.hands")
		send(c, id, "/votes", object{"item": "i2", "yes": 1, "no": 0, "abstain": 0}).Want(422, "council.vote.item")
		ten, eleven := hands("方案一", 10).Want(200), hands("方案二", 11).Want(200)
		votes := eleven.JSON["votes"].([]any)
		if votes[0].(object)["passes"] != false || votes[1].(object)["passes"] != true {
			t.Errorf("ten of twenty pass, or eleven do not: %v", votes)
		}
		hands("方案二", 12).Want(409, "council.vote.already")
		entry := now.JSON["attended"].([]any)[0].(object)["id"].(string)
		lost := send(c, id, "/attendance/"+entry+"/leave", object{}).Want(200)
		if lost.JSON["lostAt"].(float64) == 0 || lost.JSON["present"] != 19.0 {
			t.Error("the lost quorum is not noticed")
		}
		since := clock.Instant(int64(lost.JSON["lostAt"].(float64))).Format("15:04")
		if got := hands("方案三", 19).Want(409, "council.meeting.quorum_lost"); !strings.Contains(got.Raw, since) {
			t.Errorf("the hour %s is not said: %s", since, got.Raw)
		}
		if page := nobody.Page("GET", "/meetings/"+id+"/screen", nil); !strings.Contains(page.Raw, since) || strings.Contains(page.Raw, "委员0") {
			t.Error("the screen does not say that votes have stopped, or shows names")
		}
		if got := send(c, id, "/attendance/"+entry+"/return", object{}).Want(200); got.JSON["lostAt"].(float64) != 0 {
			t.Error("the quorum does not hold again")
		}
		hands("方案三", 15).Want(200)
		second := votes[1].(object)["id"].(string)
		wrong := object{"yes": 9, "no": 8, "abstain": 3, "reason": "计票员看错一排"}
		fixed := send(c, id, "/votes/"+second+"/correct", wrong).Want(200)
		if all := fixed.JSON["votes"].([]any); len(all) != 4 {
			t.Errorf("the earlier count is gone: %d", len(all))
		}
		send(c, id, "/votes/"+second+"/correct", object{"yes": 9, "no": 8, "abstain": 3, "reason": "再改"}).Want(404)
		step(c, id, "close").Want(200)
		minutes := func(text, chair, recorder string) apptest.Answer {
			return c.Do("PUT", "/council/meetings/"+id+"/minutes", object{"version": version(c, id), "text": text, "chair": chair, "recorder": recorder})
		}
		step(c, id, "sign").Want(409, "council.minutes.text")
		second2 := now.JSON["attended"].([]any)[1].(object)["id"].(string)
		minutes("会议讨论了三个方案。", entry, entry).Want(200)
		step(c, id, "sign").Want(409, "council.minutes.signers")
		minutes("会议讨论了三个方案。", entry, second2).Want(200)
		signed := step(c, id, "sign").Want(200)
		if signed.Text("state") != "signed" || len(signed.Text("digest")) != 64 {
			t.Errorf("signed: %s", signed.Raw)
		}
		minutes("改写", entry, second2).Want(409)
		send(c, id, "/votes/"+second+"/correct", wrong).Want(409)
		page := nobody.Page("GET", "/meetings/"+id, nil)
		for _, want := range []string{"车棚改造方案", "方案二", "未通过", "不公开的议题", "应到 30", "更正", signed.Text("digest")} {
			if !strings.Contains(page.Raw, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		for _, hidden := range []string{"内部分工", "代表人", "会议讨论了三个方案"} {
			if strings.Contains(page.Raw, hidden) {
				t.Errorf("the page shows %q", hidden)
			}
		}
		for _, path := range []string{"/resolution", "/notice", "/calendar.ics"} {
			nobody.Page("GET", "/meetings/"+id+path, nil).Want(200)
		}
		if ics := nobody.Page("GET", "/communities/"+apptest.Community+"/meetings/calendar.ics", nil); !strings.Contains(ics.Raw, "SUMMARY:小区电动车棚改造") {
			t.Errorf("the calendar: %s", ics.Raw)
		}
		names := c.Do("POST", "/council/meetings/"+id+"/names", object{"purpose": "打印"}).Want(200)
		if !strings.Contains(names.Raw, "代表人") {
			t.Error("who keeps the meeting gets no names")
		}
		c.Do("POST", "/council/meetings/"+id+"/names", object{"purpose": " "}).Want(422)
		w.As("street").Do("POST", "/council/meetings/"+id+"/names", object{"purpose": "打印"}).Want(403)
		_ = ten
	})
}

// Minutes without a presence list, without a vote on what was to be decided, or without signers are refused; a reason stands for a vote.
func TestMinutesNeedPresenceVotesAndSigners(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("committee")
		body := content(w, "party", "members", 2)
		body["entitled"] = 3
		id := draft(w, c, body).Want(201).Text("id")
		step(c, id, "convene").Want(200)
		w.Exec(`UPDATE council_meeting SET state = 'closed' WHERE id = '` + id + `'`)
		minutes := func(fields object) {
			fields["version"], fields["text"] = version(c, id), "记录"
			c.Do("PUT", "/council/meetings/"+id+"/minutes", fields).Want(200)
		}
		minutes(object{})
		step(c, id, "sign").Want(409, "council.minutes.presence")
		w.Exec(`UPDATE council_meeting SET state = 'convened' WHERE id = '` + id + `'`)
		got := send(c, id, "/attendance", object{"people": []any{object{"name": "张一"}, object{"name": "李二"}}}).Want(200)
		w.Exec(`UPDATE council_meeting SET state = 'closed' WHERE id = '` + id + `'`)
		step(c, id, "sign").Want(409, "council.minutes.votes")
		there := got.JSON["attended"].([]any)
		first, second := there[0].(object)["id"], there[1].(object)["id"]
		minutes(object{"noVote": object{"i1": "材料不全，下次再议"}})
		step(c, id, "sign").Want(409, "council.minutes.signers")
		minutes(object{"chair": first, "recorder": second})
		step(c, id, "sign").Want(200)
	})
}

// In an assembly one person is entered once, a household has one voice, and nobody speaks for more than three, nor for anybody while
// absent; representatives send nobody in their place.
func TestWhoAttends(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("committee")
		id := draft(w, c, content(w, "assembly", "voters", 20)).Want(201).Text("id")
		step(c, id, "convene").Want(200)
		enter := func(people ...any) apptest.Answer { return send(c, id, "/attendance", object{"people": people}) }
		got := enter(object{"name": "王大力", "household": "3-101"}).Want(200)
		if strings.Contains(got.Raw, "王大力") {
			t.Error("a name is not masked")
		}
		holder := got.JSON["attended"].([]any)[0].(object)["id"]
		enter(object{"name": "王 大力", "household": "3-101"}).Want(409, "council.attendance.twice")
		for i := range 3 {
			enter(object{"name": fmt.Sprintf("外出人%d", i), "holder": holder}).Want(200)
		}
		refused := enter(object{"name": "外出人九", "holder": holder}).Want(409, "council.attendance.proxies")
		if !strings.Contains(refused.Raw, "第十九条") {
			t.Errorf("no article: %s", refused.Raw)
		}
		enter(object{"name": "外出人八", "holder": "nobody"}).Want(409, "council.attendance.holder")
		if got := send(c, id, "/attendance/"+holder.(string)+"/leave", object{}).Want(200); got.JSON["present"] != 0.0 {
			t.Errorf("who speaks for others has left, and they are present: %v", got.JSON["present"])
		}
		id = draft(w, c, content(w, "assembly", "households", 20)).Want(201).Text("id")
		step(c, id, "convene").Want(200)
		enter(object{"name": "甲"}).Want(422)
		enter(object{"name": "甲", "household": "1-101"}).Want(200)
		enter(object{"name": "乙", "household": "1-101"}).Want(409, "council.attendance.household")
		seat(w, c, 20)
		id = draft(w, c, content(w, "representatives", "representatives", 20)).Want(201).Text("id")
		got = step(c, id, "convene").Want(200)
		first := got.JSON["absent"].([]any)[0].(object)["id"]
		enter(object{"member": first, "holder": "x"}).Want(409, "council.attendance.proxy")
	})
}

// Four fifths of a representatives' assembly are representatives: one short of it is refused with the article.
func TestHowTheAssemblyIsComposed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("committee")
		seat(w, c, 19) // of 24: 19 are short of four fifths
		id := draft(w, c, content(w, "representatives", "representatives", 20)).Want(201).Text("id")
		if got := step(c, id, "convene").Want(409, "council.meeting.shares"); !strings.Contains(got.Raw, "第二十八条") {
			t.Errorf("no article: %s", got.Raw)
		}
		roster := c.Do("GET", "/council/representatives?area="+apptest.Community, nil).Want(200)
		if roster.JSON["representatives"] != 19.0 || roster.JSON["short"] == nil || strings.Contains(roster.Raw, "代表人") {
			t.Errorf("the roster: %s", roster.Raw)
		}
		again := object{"area": apptest.Community, "name": "代表人0", "constituency": "第一小组", "woman": false, "termFrom": "2020-01-01"}
		c.Do("POST", "/council/representatives", again).Want(409, "council.representative.twice")
		again["name"] = "新代表"
		c.Do("POST", "/council/representatives", again).Want(201)
		step(c, id, "convene").Want(200)
		first := roster.JSON["items"].([]any)[0].(object)
		end := object{"version": 1, "termTo": in(w, -1), "reason": "迁出"}
		c.Do("POST", "/council/representatives/"+first["id"].(string)+"/end", end).Want(204)
		if got := c.Do("GET", "/council/representatives?area="+apptest.Community, nil).Want(200); got.JSON["representatives"] != 19.0 {
			t.Errorf("an ended term counts: %v", got.JSON["representatives"])
		}
		w.As("street").Do("POST", "/council/representatives", again).Want(403)
	})
}

// Only what the table allows is done in each state.
func TestEveryVerbInEveryState(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{"draft": {"convene", "cancel"}, "convened": {"open", "cancel"}, "sitting": {"close"}, "closed": {"sign"},
		"signed": {}, "cancelled": {}}
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("committee")
		for state, verbs := range allowed {
			for _, verb := range []string{"convene", "open", "close", "sign", "cancel"} {
				id := draft(w, c, content(w, "assembly", "voters", 20)).Want(201).Text("id")
				w.Exec(`UPDATE council_meeting SET state = '` + state + `', entitled = 30 WHERE id = '` + id + `'`)
				got := step(c, id, verb)
				legal := false
				for _, v := range verbs {
					legal = legal || v == verb
				}
				if notFrom := strings.Contains(got.Raw, "flow.not_from"); notFrom == legal {
					t.Errorf("%s from %s: %d %s", verb, state, got.Status, got.Raw)
				}
			}
		}
	})
}

// A vote on which something else rests must have passed in a meeting whose minutes are signed.
func TestWhatRestsOnAVote(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := module.Of[*meeting.Service](w.App.Modules)
		ctx := clock.With(w.System(), time.Date(2026, 5, 1, 9, 0, 0, 0, clock.City))
		m, err := s.Write(ctx, "", apptest.Community, 0, meeting.MeetingContent{Body: meeting.Assembly, Mode: threshold.Voters, Title: "公约表决",
			Place: "广场", Day: "2026-05-20", Time: "09:00", Called: "committee", Entitled: 3,
			Items: []meeting.AgendaItem{{ID: "i1", Title: "居民公约", Public: true, Decides: true, Party: "2026-04-20"}}})
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(err)
		m, err = s.Step(ctx, m.ID, "convene", m.Version, flow.Input{})
		must(err)
		ctx = clock.With(w.System(), time.Date(2026, 5, 20, 9, 0, 0, 0, clock.City))
		m, err = s.Attend(ctx, m.ID, m.Version, []meeting.NewAttendance{{Name: "甲"}, {Name: "乙"}})
		must(err)
		m, err = s.Step(ctx, m.ID, "open", m.Version, flow.Input{})
		must(err)
		m, err = s.Count(ctx, m.ID, m.Version, meeting.Hands{Item: "i1", Yes: 2})
		must(err)
		d, err := s.Show(ctx, m.ID)
		must(err)
		vote := d.Votes[0].ID
		if _, _, err := s.Passed(ctx, w.App.DB, m.ID, vote); errs.Of(err).Key != "council.vote.unsigned" {
			t.Errorf("before the signature: %v", err)
		}
		m, err = s.Step(ctx, m.ID, "close", m.Version, flow.Input{})
		must(err)
		m, err = s.Minute(ctx, m.ID, m.Version, meeting.MeetingMinutes{Text: "通过", Chair: d.Attended[0].ID, Recorder: d.Attended[1].ID}, nil)
		must(err)
		m, err = s.Step(ctx, m.ID, "sign", m.Version, flow.Input{})
		must(err)
		if _, v, err := s.Passed(ctx, w.App.DB, m.ID, vote); err != nil || !v.Passes {
			t.Errorf("after the signature: %v", err)
		}
	})
}

// A committee is told when its representatives must meet again within thirty days, and of minutes that wait.
func TestWhatWaitsForTheCommittee(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := w.As("committee")
		waits := func(kind string) bool {
			return strings.Contains(c.Do("GET", "/casework/todo", nil).Want(200).Raw, kind)
		}
		id := draft(w, c, content(w, "representatives", "representatives", 20)).Want(201).Text("id")
		since := func(days int) {
			w.Exec(fmt.Sprintf(`UPDATE council_meeting SET state = 'signed', starts_at = %d WHERE id = '%s'`,
				clock.Millis(clock.Now(w.System()).AddDate(0, -6, 30-days)), id))
		}
		if since(-1); waits("council.todo.representatives") {
			t.Error("told too early")
		}
		if since(1); !waits("council.todo.representatives") {
			t.Error("not told")
		}
		w.Exec(`UPDATE council_meeting SET state = 'closed' WHERE id = '` + id + `'`)
		if !waits("council.todo.minutes") {
			t.Error("minutes that wait are not told")
		}
	})
}
