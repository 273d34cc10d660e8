package survey_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

type object = map[string]any

func day(w *apptest.World, n int) string { return clock.Day(clock.Now(w.System()).AddDate(0, 0, n)) }

func content(w *apptest.World) object {
	return object{"title": object{"zh": "满意度调查", "en": "Survey"}, "area": apptest.County, "year": 2026, "perCommunity": 60,
		"opens": day(w, 0), "closes": day(w, 3),
		"frame": []object{{"community": apptest.Community, "ordinary": 200, "special": 40},
			{"community": apptest.Neighbour, "ordinary": 100, "special": 10}}}
}

// step takes a verb on the version that is shown.
func step(c *apptest.Caller, kind, id, verb, note string) apptest.Answer {
	shown := c.Do("GET", "/assessment/"+kind+"/"+id, nil)
	version := 1.0
	if v, ok := shown.JSON["version"].(float64); ok {
		version = v
	}
	body := object{"version": version}
	if kind == "schemes" {
		body["note"] = note
	}
	return c.Do("POST", "/assessment/"+kind+"/"+id+"/"+verb, body)
}

// drawn is a survey that takes answers, with the slips of a community.
func drawn(w *apptest.World, builder *apptest.Caller) (id string, slips []object) {
	w.T.Helper()
	id = builder.Do("POST", "/assessment/surveys", object{"content": content(w)}).Want(201).Text("id")
	step(builder, "surveys", id, "draw", "").Want(200)
	return id, builder.Do("GET", "/assessment/surveys/"+id+"/slips?community="+apptest.Community, nil).Want(200).Items()
}

// answer sends what a household says, by the page that its code opens.
func answer(w *apptest.World, code any, overall, service int) int {
	return w.Nobody().Page("POST", "/survey/"+code.(string), url.Values{"overall": {fmt.Sprint(overall)},
		"service": {fmt.Sprint(service)}}).Status
}

// A survey is drawn, answered by residents and collectors, closed, computed, and gives a scheme its satisfaction; results
// are public only after the appeals, by a second person.
func TestFromDrawToFrozenResults(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("second", registry.RoleCommunityBuilding, apptest.County)
		builder, second, committee, street := w.As("builder"), w.As("second"), w.As("committee"), w.As("street")
		id, slips := drawn(w, builder)
		special := 0
		for _, s := range slips {
			if s["stratum"] == "special" {
				special++
			}
		}
		if len(slips) != 60 || special != 12 {
			t.Fatalf("%d slips, %d special", len(slips), special)
		}
		for i, s := range slips[:55] {
			level := 5
			if i%10 == 0 {
				level = 2
			}
			if got := answer(w, s["code"], level, 4); got != http.StatusOK {
				t.Fatalf("answer %d: %d", i, got)
			}
		}
		if got := answer(w, slips[0]["code"], 1, 1); got != http.StatusConflict {
			t.Errorf("a spent code opens again: %d", got)
		}
		at := func(s object) string {
			return fmt.Sprintf("/assessment/surveys/%s/slips/%s/%s/%v/", id, s["community"], s["stratum"], s["number"])
		}
		street.Do("POST", at(slips[55])+"answer", object{"channel": "door", "levels": object{"overall": 4}}).Want(204)
		street.Do("POST", at(slips[56])+"miss", object{"channel": "phone", "state": "refused"}).Want(204)
		street.Do("POST", at(slips[56])+"answer", object{"channel": "door", "levels": object{"overall": 4}}).Want(409, "assessment.survey.spent")
		street.Do("POST", at(slips[57])+"miss", object{"channel": "door", "state": "moved"}).Want(204)
		committee.Do("POST", at(slips[58])+"answer", object{"channel": "door", "levels": object{"overall": 5}}).Want(403)
		w.Grant("street", registry.RoleGridWorker, apptest.Community)
		w.As("street").Do("POST", at(slips[58])+"answer",
			object{"channel": "door", "levels": object{"overall": 5}}).Want(409, "assessment.survey.collector")
		if open := builder.Do("GET", "/assessment/surveys/"+id, nil).Want(200); open.JSON["results"] != nil {
			t.Error("results are shown before the survey is closed")
		}

		scheme := builder.Do("POST", "/assessment/schemes", object{"content": object{"name": object{"zh": "2026年社区考核", "en": ""}, "year": 2026,
			"area": apptest.County, "subjects": "communities", "survey": id, "indicators": []object{
				{"name": object{"zh": "居民总体满意度", "en": ""}, "source": "survey", "code": "overall", "weight": 60.5,
					"basis": object{"law": "", "article": ""}},
				{"name": object{"zh": "台账完整率", "en": ""}, "source": "computed", "code": "closing_on_time", "weight": 39.5,
					"basis": object{"law": "某条例", "article": "第一条"}}}}}).Want(201)
		sid := scheme.Text("id")
		if got := step(builder, "schemes", sid, "propose", ""); got.Status != 422 || !strings.Contains(got.Raw, "assessment.banned.ledger") {
			t.Fatalf("a ledger is proposed: %d %s", got.Status, got.Raw)
		}
		body := scheme.JSON["content"].(object)
		body["indicators"].([]any)[1].(object)["name"] = object{"zh": "居民诉求按时办结率", "en": ""}
		builder.Do("PUT", "/assessment/schemes/"+sid, object{"content": body, "version": 1}).Want(200)
		w.As("clerk").Do("POST", "/assessment/schemes", object{"content": body}).Want(403)
		step(builder, "schemes", sid, "propose", "").Want(200)
		step(builder, "schemes", sid, "publish", "").Want(409, "assessment.own")
		step(second, "schemes", sid, "publish", "").Want(200)
		step(builder, "schemes", sid, "compute", "").Want(409, "assessment.survey.not_closed")
		step(builder, "surveys", id, "close", "").Want(200)
		closed := builder.Do("GET", "/assessment/surveys/"+id, nil).Want(200)
		line := closed.JSON["results"].(object)["lines"].([]any)[0].(object)
		overall := line["questions"].(object)["overall"].(object)
		if line["answered"] != 56.0 || line["refused"] != 1.0 || line["moved"] != 1.0 || overall["n"] != 50.0 || overall["d"] != 56.0 ||
			line["response"] != 9492.0 || closed.JSON["holds"] != true {
			t.Errorf("results: %v, hold %v", line, closed.JSON["holds"])
		}
		if other := closed.JSON["results"].(object)["lines"].([]any)[1].(object); other["band"] != 0.0 ||
			other["questions"].(object)["overall"].(object)["value"] != nil {
			t.Errorf("a community without answers is judged: %v", other)
		}

		computed := step(builder, "schemes", sid, "compute", "").Want(200)
		if computed.JSON["holds"] != true || len(computed.Text("digest")) != 64 {
			t.Errorf("results: %s", computed.Raw)
		}
		public := func() string { return w.Nobody().Page("GET", "/assessments/"+sid, nil).Raw }
		if strings.Contains(public(), computed.Text("digest")) {
			t.Error("results are public before the appeals")
		}
		committee.Do("POST", "/assessment/schemes/"+sid+"/appeals", object{"area": apptest.Community, "body": "样本有误"}).
			Want(409, "assessment.no_appeal")
		step(builder, "schemes", sid, "open", "").Want(200)
		if own := committee.Do("GET", "/assessment/schemes/"+sid, nil).Want(200); len(own.JSON["results"].(object)["lines"].([]any)) != 1 {
			t.Error("a community sees the results of others before they are public")
		}
		appealed := committee.Do("POST", "/assessment/schemes/"+sid+"/appeals", object{"area": apptest.Community, "body": "样本有误"}).Want(201)
		appeal := appealed.JSON["appeals"].([]any)[0].(object)["id"].(string)
		w.Exec("UPDATE assessment_scheme SET appeal_until = '2020-01-01' WHERE id = $1", sid)
		step(second, "schemes", sid, "freeze", "").Want(409, "assessment.appeals_wait")
		decide := "/assessment/schemes/" + sid + "/appeals/" + appeal + "/decide"
		builder.Do("POST", decide, object{"outcome": "declined", "answer": "已核实"}).Want(409, "assessment.own_results")
		second.Do("POST", decide, object{"outcome": "declined", "answer": "已核实"}).Want(200)
		step(builder, "schemes", sid, "freeze", "").Want(409, "assessment.own_results")
		step(second, "schemes", sid, "freeze", "").Want(200)
		if !strings.Contains(public(), computed.Text("digest")) {
			t.Error("frozen results are not public")
		}
		step(second, "surveys", id, "publish", "").Want(200)
		if got := w.Nobody().Page("GET", "/surveys/"+id, nil); got.Status != 200 || !strings.Contains(got.Raw, closed.Text("seed")) {
			t.Errorf("the survey is not public: %d", got.Status)
		}
		w.Exec("UPDATE assessment_tally SET n = n + 1 WHERE question = 'overall' AND level = 5 AND community = $1", apptest.Community)
		if got := builder.Do("GET", "/assessment/surveys/"+id, nil); got.JSON["holds"] != false {
			t.Error("a changed counter goes unnoticed")
		}
	})
}

// Whoever answered what, the stored rows are the same: two households that swap their answers leave no difference, in
// neither order. Every counter of the community is written by every answer, so the last writer of a row tells nothing.
func TestAnswersCannotBeJoinedToHouseholds(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder := w.As("builder")
		var kept []string
		for _, swap := range []bool{false, true} {
			for _, late := range []bool{false, true} {
				id, slips := drawn(w, builder)
				slips = slices.DeleteFunc(slips, func(o object) bool { return o["stratum"] != "ordinary" })
				order := []int{0, 1}
				if late {
					order = []int{1, 0}
				}
				for _, i := range order {
					level := 5
					if (i == 0) != swap {
						level = 1
					}
					if got := answer(w, slips[i]["code"], level, level); got != http.StatusOK {
						t.Fatal(got)
					}
				}
				kept = append(kept, rows(t, w, id))
			}
		}
		for _, k := range kept[1:] {
			if k != kept[0] {
				t.Fatalf("the rows tell who answered what:\n%s\n%s", kept[0], k)
			}
		}
		if w.App.Log.DB.Dialect == db.Postgres {
			n, err := db.Value[int](t.Context(), w.App.Log.DB,
				`SELECT COUNT(DISTINCT CAST(xmin AS TEXT)) FROM assessment_tally WHERE n >= 0 AND community = $1
				AND survey_id = (SELECT MAX(survey_id) FROM assessment_tally)`, apptest.Community)
			if err != nil || n != 1 {
				t.Errorf("the counters of a community were written last by %d transactions: %v", n, err)
			}
		}
	})
}

// rows are slips and counters of a survey as they are stored, each slip by its place in the sample.
func rows(t *testing.T, w *apptest.World, id string) string {
	t.Helper()
	var out []string
	add := func(row db.Scanner) (none struct{}, err error) {
		var a, b, c string
		err = row.Scan(&a, &b, &c)
		out = append(out, a+" "+b+" "+c)
		return none, err
	}
	if _, err := db.All(t.Context(), w.App.Log.DB, add, `SELECT stratum || question, CAST(level AS TEXT), CAST(n AS TEXT)
		FROM assessment_tally WHERE survey_id = $1 AND community = $2 ORDER BY stratum, question, level`, id, apptest.Community); err != nil {
		t.Fatal(err)
	}
	if _, err := db.All(t.Context(), w.App.Log.DB, add, `SELECT state, channel, CAST(COUNT(*) AS TEXT) FROM assessment_slip
		WHERE survey_id = $1 GROUP BY state, channel ORDER BY state, channel`, id); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

// An invitation carries the address that its code opens as a QR code, for who may print it and only where it is asked for;
// the page behind it takes an answer without JavaScript, by the channel of the square, and once.
func TestInvitationsArePrintedWithTheirSquares(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder, street := w.As("builder"), w.As("street")
		id, slips := drawn(w, builder)
		if slips[0]["square"] != nil {
			t.Error("a square stands where none was asked for")
		}
		at := "/assessment/surveys/" + id + "/slips?squares=true&community=" + apptest.Community
		seen := map[any]bool{}
		for _, s := range builder.Do("GET", at, nil).Want(200).Items() {
			square, _ := s["square"].(string)
			if !strings.HasPrefix(square, "data:image/png;base64,") || seen[square] || seen[s["code"]] {
				t.Fatalf("square of %v: %.40s", s["code"], square)
			}
			seen[square], seen[s["code"]] = true, true
		}
		for _, s := range street.Do("GET", at, nil).Want(200).Items() {
			if s["square"] != nil || s["code"] != "" {
				t.Fatal("who may not draw prints invitations")
			}
		}
		poster := builder.Do("GET", "/assessment/surveys/"+id+"/poster", nil).Want(200)
		if !strings.HasSuffix(poster.Text("address"), "/survey") || !strings.HasPrefix(poster.Text("square"), "data:image/png") {
			t.Errorf("poster: %s", poster.Raw)
		}
		page := fmt.Sprintf("/survey/%s?q=1", slips[0]["code"])
		if got := w.Nobody().Page("GET", page, nil); got.Status != 200 || len(got.Raw) > 20_000 {
			t.Errorf("the page of an answer: %d, %d bytes", got.Status, len(got.Raw))
		}
		if got := w.Nobody().Page("POST", page, url.Values{"overall": {"4"}}); got.Status != 200 {
			t.Fatalf("answer: %d", got.Status)
		}
		if got := builder.Do("GET", at, nil).Want(200).Items()[0]; got["channel"] != "qr" || got["square"] != nil || got["code"] != "" {
			t.Errorf("after the answer: %v", got)
		}
	})
}

// Answers from one address are bounded, also such as a spent code refuses.
func TestAnswersAreBoundedByAddress(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		proxies, err := httpx.ParseProxies([]string{"127.0.0.0/8", "::1/128"})
		if err != nil {
			t.Fatal(err)
		}
		w.App.Access.Proxies = proxies
		_, slips := drawn(w, w.As("builder"))
		from := w.Nobody()
		from.Origin = "203.0.113.7"
		last := 0
		for range 125 {
			last = from.Page("POST", "/survey/"+slips[0]["code"].(string), url.Values{"overall": {"4"}}).Status
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the 125th answer: %d", last)
		}
		if got := answer(w, slips[1]["code"], 5, 5); got != http.StatusOK {
			t.Errorf("an answer from elsewhere: %d", got)
		}
	})
}

// A frame in which a community has no households is not drawn from.
func TestAnEmptyCommunityIsNotDrawn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		builder, c := w.As("builder"), content(w)
		c["frame"] = []object{{"community": apptest.Community, "ordinary": 0, "special": 0}}
		id := builder.Do("POST", "/assessment/surveys", object{"content": c}).Want(201).Text("id")
		step(builder, "surveys", id, "draw", "").Want(409, "assessment.survey.no_frame")
	})
}

// Progress and results leave as a file; what is published is found by the portal's search, and nothing else.
func TestTablesAndSearch(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("second", registry.RoleCommunityBuilding, apptest.County)
		builder, second := w.As("builder"), w.As("second")
		id, slips := drawn(w, builder)
		for _, s := range slips[:52] {
			if got := answer(w, s["code"], 5, 4); got != http.StatusOK {
				t.Fatal(got)
			}
		}
		at := "/assessment/surveys/" + id + "/table?format=csv"
		open := builder.Do("GET", at, nil).Want(200).Raw
		if rows := strings.Split(strings.TrimSpace(open), "\n"); len(rows) != 3 || !strings.Contains(rows[1], ",60,52,0,0,0,8") {
			t.Errorf("while answers come in: %s", open)
		}
		found := func() string { return w.Nobody().Page("GET", "/search?q="+url.QueryEscape("满意度调查"), nil).Raw }
		if strings.Contains(found(), "/surveys/"+id) {
			t.Error("a survey that is not published is found")
		}
		step(builder, "surveys", id, "close", "").Want(200)
		if closed := builder.Do("GET", at, nil).Want(200).Raw; !strings.Contains(closed, "100.00") {
			t.Errorf("closed: %s", closed)
		}
		builder.Do("GET", "/assessment/surveys/"+id+"/table?format=xlsx", nil).Want(200)
		step(second, "surveys", id, "publish", "").Want(200)
		if !strings.Contains(found(), "/surveys/"+id) {
			t.Error("a published survey is not found")
		}
		w.As("clerk").Do("GET", at, nil).Want(403)
	})
}
