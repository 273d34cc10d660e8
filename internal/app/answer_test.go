package app_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// A personal answer is masked for all who read the case; the unit that decides sees one at a time,
// for a purpose, and the applicant can see that it did.
func TestPersonalAnswersAreShownOneAtATime(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		body := application("personal")
		body["item"] = "subsistence_allowance"
		body = fill(t, w, body)
		const secret = "自住房一套，存款三万元"
		body["answers"].(map[string]any)["property"] = secret
		opened := w.Nobody().Do("POST", "/hall/applications", body).Want(201)
		id := opened.Text("id")
		path := "/hall/applications/" + id + "/answers/"

		window := w.As("window")
		for _, c := range []*apptest.Caller{window, w.As("dispatcher"), w.As("street")} {
			if got := c.Do("GET", "/casework/cases/"+id, nil); strings.Contains(got.Raw, secret) {
				t.Errorf("told whole: %.300s", got.Raw)
			}
		}
		w.As("street").Do("POST", path+"property/unmask", map[string]any{"purpose": "verify"}).Want(403)
		w.As("stranger").Do("POST", path+"property/unmask", map[string]any{"purpose": "verify"}).Want(404)
		window.Do("POST", path+"property/unmask", map[string]any{"purpose": "curiosity"}).Want(422)
		window.Do("POST", path+"declaration/unmask", map[string]any{"purpose": "verify"}).Want(404)
		if got := window.Do("POST", path+"property/unmask", map[string]any{"purpose": "verify"}).Want(200); got.Text("value") != secret {
			t.Errorf("got %s", got.Raw)
		}
		rows := w.As("auditor").Do("GET", "/audit/entries?action=people.person.unmask", nil).Want(200)
		if len(rows.Items()) != 1 || !strings.Contains(rows.Raw, "verify") || strings.Contains(rows.Raw, secret) {
			t.Errorf("recorded %s", rows.Raw)
		}
	})
}
