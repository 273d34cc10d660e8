package app_test

import (
	"encoding/json"
	"testing"

	"linli/internal/app/apptest"
)

// A correction that a release ships reaches what nobody has changed.
func TestAShippedCorrectionArrives(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		years := w.App.Calendar.Now().Years()
		w.Exec(`UPDATE rule_value SET value = '9' WHERE rule = 'hall.accept.days'`)
		w.Exec(`DELETE FROM calendar_day WHERE day = (SELECT MIN(day) FROM calendar_day WHERE kind = 'work' AND day >= '2026-01-01')`)
		w.Exec(`INSERT INTO rule_value (rule, valid_from, valid_to, value, unit, basis, article, certainty, note) VALUES ('dropped.rule',
			'2020-01-01', '', '1', '', '', '', 'U', '')`)
		w.Rebase("rule")
		w.Rebase("calendar")
		again := w.Peer()
		if got := again.Rules.Int("hall.accept.days", "2026-11-30"); got != 5 {
			t.Errorf("the rule is still %d", got)
		}
		if got, want := asJSON(again.Calendar.Now().Years()), asJSON(years); got != want {
			t.Errorf("years: %s, want %s", got, want)
		}
		if _, ok := again.Rules.On("dropped.rule", "2026-01-01"); ok {
			t.Error("a rule that ships no more is still there")
		}
		w.WantNoDifferences()
	})
}

func asJSON(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}
