package hall_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/hall"
	"linli/internal/platform/clock"
	"linli/internal/platform/form"
	"linli/internal/platform/module"
)

// Nobody who applies is born tomorrow, through the API, at the window and on the portal, by a date or inside an identity number.
func TestAnApplicantsBirthToComeIsRefused(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tomorrow := clock.Now(w.System()).Add(24 * time.Hour)
		day, number := clock.Day(tomorrow), apptest.Born(tomorrow)
		window := w.As("window")
		asked := 0
		for _, it := range module.Of[*hall.Service](w.App.Modules).Catalogue() {
			answers := map[string]string{}
			for _, q := range it.Form {
				if q.Kind == form.Date && strings.Contains(q.Key, "birth") {
					answers[q.Key] = day
				}
			}
			applicant := map[string]any{"name": "王芳", "phone": "13800138000", "idNumber": number}
			for _, c := range []*apptest.Caller{w.Nobody(), window} {
				got := c.Apply(
					map[string]any{"item": it.Code, "area": apptest.Community, "applicant": applicant, "answers": answers}).Want(422)
				if !strings.Contains(got.Raw, `"location":"applicant.idNumber"`) {
					t.Errorf("%s takes the number: %.300s", it.Code, got.Raw)
				}
				for key := range answers {
					asked++
					if !strings.Contains(got.Raw, `"location":"answers.`+key+`"`) {
						t.Errorf("%s takes %s: %.300s", it.Code, key, got.Raw)
					}
				}
			}
			for key := range answers {
				visitor := w.Nobody()
				visitor.Page("POST", "/hall/"+it.Code+"/apply/applicant",
					url.Values{"name": {"王芳"}, "phone": {"13800138000"}, "idNumber": {number}}).Want(422)
				visitor.Page("POST", "/hall/"+it.Code+"/apply/1", url.Values{key: {day}}).Want(422)
			}
		}
		if asked < 6 {
			t.Errorf("only %d days of birth were asked", asked)
		}
	})
}
