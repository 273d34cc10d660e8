package app_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework/worklist"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// year2026 is the year's arrangement as a file.
func year2026() string {
	var b strings.Builder
	b.WriteString("date,kind,notice\n")
	for _, d := range calendar.SpecialDays() {
		if strings.HasPrefix(d.Date, "2026-") {
			fmt.Fprintf(&b, "%s,%s,%s\n", d.Date, d.Kind, d.Notice)
		}
	}
	return b.String()
}

// form2027 is an invented arrangement of 2027 that takes thirteen working days off.
func form2027() map[string]any {
	return map[string]any{
		"notice": "国办发明电〔2026〕99号",
		"off": []map[string]string{
			{"from": "2027-01-01", "to": "2027-01-03"}, {"from": "2027-02-05", "to": "2027-02-11"}, {"from": "2027-04-03", "to": "2027-04-05"},
			{"from": "2027-05-01", "to": "2027-05-05"}, {"from": "2027-06-09", "to": "2027-06-09"}, {"from": "2027-09-15", "to": "2027-09-15"},
			{"from": "2027-10-01", "to": "2027-10-07"},
		},
		"work": []string{"2027-01-30", "2027-05-08", "2027-09-26", "2027-10-09"},
	}
}

// An administrator sees what a notice would make of a year before it is loaded; then what waited for
// it is settled, and it is told how many.
func TestOperatorLoadsAYear(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("window", "12-28 11:00", o.Apply("12-28 10:00"), "accept", flow.Input{})
		c = o.Does("street", "12-29 11:00", c, "supervise", flow.Input{Note: "请抓紧", Number: 5})
		if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), insertPart, db.ShardOf(c.ID), c.ID, w.Body[apptest.County+" urban_management"])
			return err
		}); err != nil {
			t.Fatal(err)
		}
		borne := func() { // by which the helping unit lists it
			t.Helper()
			due, err := db.Value[*int64](w.System(), w.App.DB, `SELECT case_due_at FROM casework_part WHERE case_id = $1`, c.ID)
			if now, _ := w.App.Casework.Find(w.System(), c.ID); err != nil || due == nil || *due != *now.Clock.Due {
				t.Errorf("a part bears %v as the deadline of its case, which is %v (%v)", due, now.Clock.Due, err)
			}
		}
		admin := w.As("admin")
		for _, who := range []string{"dispatcher", "city", "security"} {
			w.As(who).Do("PUT", "/calendar/years/2027", form2027()).Want(403)
		}
		admin.Do("GET", "/calendar/years/2027", nil).Want(404)
		p := admin.Do("POST", "/calendar/years/2027/preview", form2027()).Want(200)
		if got := p.Text("taken") + " " + p.Text("statutory") + " " + p.Text("waiting") + " " + p.Text("loaded") + " " + p.Text("year.workdays"); got != "13 13 2 false 248" {
			t.Errorf("the preview says %s", got)
		}
		admin.Do("GET", "/calendar/years/2027", nil).Want(404)
		done := admin.Do("PUT", "/calendar/years/2027", form2027()).Want(200)
		if got := done.Text("settled") + " " + done.Text("moved") + " " + done.Text("waiting"); got != "2 0 0" {
			t.Errorf("loading tells %s", got)
		}
		c, err := w.App.Casework.Find(w.System(), c.ID)
		if err != nil || c.Clock.Year != 0 {
			t.Fatalf("waits for %d %v", c.Clock.Year, err)
		}
		o.Due(c, "12-31 23:59", "01-12 23:59")
		borne()
		page, err := w.App.Casework.Show(o.At("street", "12-31 10:00"), c.ID)
		if err != nil || supervisions(&page)[0].DueAt == nil || clock.Day(clock.Instant(*supervisions(&page)[0].DueAt)) != "2027-01-06" {
			t.Errorf("the answer is due %+v %v", supervisions(&page), err)
		}
		if n := len(w.Nobody().Do("GET", "/calendar/years/2027", nil).Want(200).Items()); n != 31 {
			t.Errorf("%d days are kept", n)
		}
		if got := w.As("auditor").Do("GET", "/audit/entries?action=calendar.year.load", nil).Want(200).Items(); len(got) != 1 {
			t.Errorf("%d audit records", len(got))
		}

		// A later notice moves a holiday; deadlines that ran are counted anew.
		corrected := form2027()
		corrected["notice"] = "国办发明电〔2027〕1号"
		corrected["off"] = append(corrected["off"].([]map[string]string), map[string]string{"from": "2027-01-04", "to": "2027-01-04"})
		corrected["work"] = append(corrected["work"].([]string), "2027-01-16")
		done = admin.Do("PUT", "/calendar/years/2027", corrected).Want(200)
		if got := done.Text("settled") + " " + done.Text("moved"); got != "0 1" {
			t.Errorf("the correction tells %s", got)
		}
		c, _ = w.App.Casework.Find(w.System(), c.ID)
		o.Due(c, "12-31 23:59", "01-13 23:59")
		borne()
		notices := map[string]int{}
		for _, d := range w.Nobody().Do("GET", "/calendar/years/2027", nil).Want(200).Items() {
			notices[d["notice"].(string)]++
		}
		if notices["国办发明电〔2026〕99号"] != 31 || notices["国办发明电〔2027〕1号"] != 2 {
			t.Errorf("the days name their notices %v", notices)
		}
		admin.Do("PUT", "/calendar/years/2027", form2027()).Want(200) // and back
		c, _ = w.App.Casework.Find(w.System(), c.ID)
		o.Due(c, "12-31 23:59", "01-12 23:59")
	})
}

// Nonsense is refused by its line, an unusual count until it is confirmed.
func TestYearRefusals(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		const head = "date,kind,notice\n2027-01-01,off,n\n2027-10-01,off,n\n"
		for name, c := range map[string]struct {
			body   map[string]any
			status int
			want   string // in the answer
		}{
			"a header":          {map[string]any{"csv": "day\n"}, 422, "第 1 行"},
			"no date":           {map[string]any{"csv": head + "2027-02-30,off,n\n"}, 422, "第 4 行"},
			"a kind":            {map[string]any{"csv": head + "2027-02-01,free,n\n"}, 422, "第 4 行"},
			"twice":             {map[string]any{"csv": head + "2027-10-02,off,n\n2027-10-01,off,n\n"}, 422, "第 5 行：2027-10-01 与第 3 行重复"},
			"another year":      {map[string]any{"csv": head + "2028-01-01,off,n\n"}, 422, "第 4 行：2028-01-01 不在 2027 年"},
			"a make-up weekday": {map[string]any{"csv": head + "2027-10-08,work,n\n"}, 422, "第 4 行：2027-10-08 不是星期六"},
			"two faults":        {map[string]any{"csv": head + "2027-10-08,work,n\n2026-10-01,off,n\n"}, 422, "第 5 行"},
			"half a year":       {map[string]any{"csv": "date,kind,notice\n2027-01-01,off,n\n"}, 422, "calendar.incomplete"},
			"nothing":           {map[string]any{}, 422, `"location":"notice"`},
			"a range upside down": {map[string]any{"notice": "n", "off": []map[string]string{{"from": "2027-01-03", "to": "2027-01-01"}}},
				422, `"location":"off[0]"`},
			"a long range": {map[string]any{"notice": "n", "off": []map[string]string{{"from": "2027-01-01", "to": "2027-12-31"}}},
				422, `"location":"off[0]"`},
			"off and on": {map[string]any{"notice": "n", "off": []map[string]string{{"from": "2027-01-01", "to": "2027-01-03"}},
				"work": []string{"2027-01-02"}}, 422, `"location":"work[0]"`},
			"unusual": {map[string]any{"csv": head}, 409, "calendar.unusual"},
		} {
			if got := admin.Do("PUT", "/calendar/years/2027", c.body); got.Status != c.status || !strings.Contains(got.Raw, c.want) {
				t.Errorf("%s: %d %s", name, got.Status, got.Raw)
			}
		}
		admin.Do("PUT", "/calendar/years/2099", map[string]any{"csv": strings.ReplaceAll(head, "2027", "2099")}).Want(422)
		unusual := admin.Do("PUT", "/calendar/years/2027", map[string]any{"csv": head})
		if unusual.Text("rule.article") == "" {
			t.Errorf("no citation: %s", unusual.Raw)
		}
		admin.Do("PUT", "/calendar/years/2027", map[string]any{"csv": head, "confirmed": true}).Want(200)
		admin.Do("POST", "/calendar/years/2026/preview", map[string]any{"csv": year2026()}).Want(200)
		p := admin.Do("POST", "/calendar/years/2026/preview", map[string]any{"csv": year2026()}).Want(200)
		if got := p.Text("changed") + " " + p.Text("taken") + " " + p.Text("year.workdays"); got != "0 13 248" {
			t.Errorf("2026 as it is: %s", got)
		}
		if list, err := w.App.Worklist.List(w.System(), worklist.Filter{View: worklist.ViewPending}); err == nil && len(list.Cases) != 0 {
			t.Errorf("%d wait", len(list.Cases))
		}
	})
}
