package app_test

import (
	"bytes"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// application is an application that satisfies every check.
func application(key string) map[string]any { return apptest.Application(key) }

func incident(key string) map[string]any {
	return map[string]any{
		"category": "0101", "description": "楼前垃圾未清 <script>alert(1)</script>", "area": apptest.Community,
		"place": map[string]any{"text": "3 号楼东侧"}, "clientKey": key, "channel": "portal",
		"reporter": map[string]any{"name": "李梅", "phone": "19900004321"},
	}
}

// fill answers every question of an item's form with something that fits.
func fill(t *testing.T, w *apptest.World, body map[string]any) map[string]any {
	t.Helper()
	return w.Fill(body)
}

func TestApplicationJourney(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened := w.Nobody().Apply(fill(t, w, application("k1"))).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		again := w.Nobody().Apply(fill(t, w, application("k1"))).Want(201)
		if again.Text("id") != id || again.Text("code") != code {
			t.Fatal("the same client key opened a second case")
		}

		window, clerk, head := w.As("window"), w.As("clerk"), w.As("head")
		step := func(c *apptest.Caller, verb string, body map[string]any) apptest.Answer {
			t.Helper()
			return c.StepApplication(id, verb, body)
		}
		follow := func(verb string, body map[string]any) apptest.Answer {
			t.Helper()
			if body == nil {
				body = map[string]any{}
			}
			body["code"] = code
			return w.Nobody().Do("POST", "/casework/follow"+verb, body)
		}

		step(window, "return", map[string]any{"lines": []string{" ", ""}}).Want(422, "invalid")
		step(window, "return", map[string]any{"lines": []string{"近期照片", "银行卡复印件"}}).Want(200)
		if missing := follow("", nil).Want(200).Text("application.missing"); missing != `["近期照片","银行卡复印件"]` {
			t.Fatalf("the applicant is not told what is missing: %s", missing)
		}
		follow("/resubmit", map[string]any{"note": "已补齐"}).Want(200)
		step(window, "return", map[string]any{"lines": []string{"再补一份"}}).Want(409, "hall.application.returned_once")
		step(clerk, "review", map[string]any{"choice": "pass"}).Want(404)
		step(window, "accept", nil).Want(200)
		step(w.As("urban"), "review", map[string]any{"choice": "pass"}).Want(404)
		step(clerk, "review", map[string]any{"choice": "maybe"}).Want(422, "invalid")
		step(clerk, "review", map[string]any{"choice": "pass", "note": "符合条件"}).Want(200)
		step(clerk, "approve", nil).Want(403, "forbidden")
		step(head, "deny", nil).Want(422, "invalid")
		step(head, "approve", map[string]any{"note": "准予"}).Want(200)
		step(head, "approve", nil).Want(404) // back at the station: no longer the department's
		step(window, "deliver", nil).Want(200)
		step(window, "deliver", nil).Want(409, "flow.not_from")

		if !strings.Contains(follow("", nil).Raw, `"verb":"rate"`) {
			t.Fatal("the applicant is not offered to rate")
		}
		follow("/rate", map[string]any{"level": 6}).Want(422)
		follow("/rate", map[string]any{"level": 5, "note": "很快"}).Want(200)
		follow("/rate", map[string]any{"level": 1}).Want(409)
		for login, want := range map[string]string{"window": "", "county": "5"} {
			if got := w.As(login).Do("GET", "/casework/cases/"+id, nil).Want(200).Text("rating"); got != want {
				t.Errorf("%s sees the rating %q, want %q", login, got, want)
			}
		}
	})
}

func TestIncidentJourney(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, urban, grid := w.As("dispatcher"), w.As("urban"), w.As("grid")
		photo := w.Nobody().Upload("垃圾.png", png).Want(200).Text("id")
		body := incident("k2")
		body["files"] = []string{photo}
		opened := w.Nobody().OpenCase(body).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		step := func(c *apptest.Caller, verb string, body map[string]any) apptest.Answer {
			t.Helper()
			return c.Step(id, verb, body)
		}
		unit := w.Body[apptest.Community+" station"]

		step(w.As("stranger"), "establish", nil).Want(404)
		step(dispatcher, "dispatch", map[string]any{"unit": unit}).Want(409, "flow.not_from")
		step(dispatcher, "establish", nil).Want(200)
		step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.Elsewhere+" station"]}).Want(422)
		step(dispatcher, "dispatch", map[string]any{"unit": unit}).Want(200)
		step(urban, "handle", nil).Want(404)
		step(grid, "handle", nil).Want(200)
		step(grid, "feed_back", map[string]any{"note": "已清运"}).Want(200)
		step(grid, "verify", nil).Want(409, "grid.incident.verifier_is_handler")
		refused := step(grid, "verify", nil)
		if refused.Text("rule.basis") == "" {
			t.Fatalf("no citation with the refusal: %s", refused.Raw)
		}
		step(dispatcher, "rework", map[string]any{"note": "仍有残留"}).Want(200)
		step(grid, "handle", nil).Want(200)
		step(grid, "feed_back", map[string]any{"note": "已再次清运"}).Want(200)
		step(dispatcher, "verify", nil).Want(200)
		step(grid, "close", nil).Want(403)
		step(dispatcher, "close", nil).Want(200)
		w.Nobody().Do("POST", "/casework/follow/rate", map[string]any{"code": strings.ToLower(code), "level": 2}).Want(200)
		seen := w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
		if strings.Contains(seen.Raw, "姓名grid") || strings.Contains(seen.Raw, "19900004321") {
			t.Fatalf("the reporter's view names a worker or an unmasked phone: %s", seen.Raw)
		}
		file := seen.JSON["files"].([]any)[0].(map[string]any)["id"].(string)
		dispatcher.Do("GET", "/casework/cases/"+id+"/files/"+file, nil).Want(200)
		w.As("stranger").Do("GET", "/casework/cases/"+id+"/files/"+file, nil).Want(404)
		w.Nobody().Do("GET", "/casework/cases/"+id, nil).Want(401)
	})
}

// png is the smallest picture.
var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\xdac\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82")

// A picture that was stored before pictures were cleaned is cleaned by a job, and what it was is
// removed.
func TestOldPicturesAreCleaned(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		body := incident("old-picture")
		body["files"] = []string{w.Nobody().Upload("垃圾.png", png).Want(200).Text("id")}
		id := w.Nobody().OpenCase(body).Want(201).Text("id")
		old := strings.Repeat("cd", 32)
		if err := w.App.CaseFiles.Store.Put(ctx, old, bytes.NewReader(png)); err != nil {
			t.Fatal(err)
		}
		if err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE casework_file SET width = 0, height = 0, thumb = '', digest = $1 WHERE case_id = $2`, old, id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.App.CaseFiles.Redraw(ctx); err != nil {
			t.Fatal(err)
		}
		seen := w.As("dispatcher").Do("GET", "/casework/cases/"+id, nil).Want(200).JSON["files"].([]any)[0].(map[string]any)
		if seen["thumbnail"] != true || seen["width"] != 1.0 {
			t.Errorf("the picture is %v", seen)
		}
		if _, err := w.App.CaseFiles.Store.Open(ctx, old); err == nil {
			t.Error("what the picture was is still kept")
		}
	})
}
