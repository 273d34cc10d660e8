package hall_test

import (
	"encoding/json"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/text"
)

// A personal answer is masked for all who read the case; the unit that decides sees one at a time,
// for a purpose, and the applicant can see that it did.
func TestPersonalAnswersAreShownOneAtATime(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		body := apptest.Application("personal")
		body["item"] = "subsistence_allowance"
		body = w.Fill(body)
		const secret = "自住房一套，存款三万元"
		body["answers"].(map[string]any)["property"] = secret
		opened := w.Nobody().Apply(body).Want(201)
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

// A refused answer is called by the words of its question, in the reader's language.
func TestRefusedAnswersAreNamedByTheirQuestion(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, lang := range text.Languages {
			resident := w.Nobody()
			resident.Lang = string(lang)
			got := resident.Apply(map[string]any{"item": "senior_card", "area": apptest.Community,
				"applicant": map[string]any{"name": "王桂兰", "phone": "13851200001", "idNumber": ""},
				"answers":   map[string]string{"birth_date": "yesterday", "fetch": "by_air"}}).Want(422, "invalid")
			var p struct {
				Errors []struct{ Location, Label string }
			}
			if err := json.Unmarshal([]byte(got.Raw), &p); err != nil {
				t.Fatal(err)
			}
			named := map[string]string{}
			for _, e := range p.Errors {
				named[e.Location] = e.Label
			}
			for key, label := range map[string]text.Pair{"birth_date": {Zh: "出生日期", En: "Date of birth"},
				"fetch": {Zh: "领取方式", En: "How to get the card"}} {
				if got := named["answers."+key]; got != label.In(lang) {
					t.Errorf("%s in %s is called %q: %v", key, lang, got, named)
				}
			}
		}
	})
}
