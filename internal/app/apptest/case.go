package apptest

import (
	"context"
	"strconv"

	"linli/internal/app"
	"linli/internal/casework"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/people"
	"linli/internal/platform/db"
	"linli/internal/platform/form"
	"linli/internal/platform/module"
)

// The kinds of cases by which tests of casework and of app try what holds for every kind: whoever needs a case at all
// opens one of these. Tests of what a kind does itself stand in the folder of its module.
const (
	CasePath        = "/grid/incidents" // of the API, where cases are reported
	ItemsPath       = "/hall/items"     // where what one applies for is shown
	applicationPath = "/hall/applications"

	KindReported, KindApplied = grid.KindIncident, hall.KindApplication // kinds of what OpenCase and Apply open

	CaseTable    = "grid_incident"     // what the first kind keeps of a case, by case_id, beside casework
	AppliedTable = "hall_application"  // what the second does, sealed
	ItemPage     = "/hall/senior_card" // the portal's page of what Application applies for
)

// CaseKey is the name of a permission or of an action in the audit log of the first kind, by its verb; so are its refusals.
func CaseKey(verb string) string { return "grid.incident." + verb }

// OpenCase brings a case that anybody may bring, an incident.
func (c *Caller) OpenCase(body any) Answer {
	c.w.T.Helper()
	return c.Do("POST", CasePath, body)
}

// Step takes a step on a case that OpenCase has opened.
func (c *Caller) Step(id, verb string, body any) Answer {
	c.w.T.Helper()
	return c.Do("POST", CasePath+"/"+id+"/"+verb, body)
}

// Apply brings a case of an applicant, with a form and personal data.
func (c *Caller) Apply(body any) Answer {
	c.w.T.Helper()
	return c.Do("POST", applicationPath, body)
}

// StepApplication takes a step on a case that Apply has opened.
func (c *Caller) StepApplication(id, verb string, body any) Answer {
	c.w.T.Helper()
	return c.Do("POST", applicationPath+"/"+id+"/"+verb, body)
}

// Application is one for an item with a form, which Fill answers.
func Application(key string) map[string]any {
	return map[string]any{
		"item": "senior_card", "area": Community, "clientKey": key, "channel": "portal",
		"applicant": map[string]any{"name": "王建国", "phone": "19900001234", "idNumber": "11010519491231002X", "address": "院前社区 1 号楼"},
		"answers":   map[string]any{},
	}
}

// Fill answers every question of an item's form with something that fits.
func (w *World) Fill(body map[string]any) map[string]any {
	w.T.Helper()
	guide := w.Nobody().Do("GET", "/hall/items/"+body["item"].(string), nil).Want(200)
	answers := map[string]any{}
	for _, f := range guide.JSON["form"].([]any) {
		q := f.(map[string]any)
		switch q["kind"] {
		case "idnumber":
			answers[q["key"].(string)] = "34052419800101001X"
		case "phone":
			answers[q["key"].(string)] = "19900005555"
		case "date":
			answers[q["key"].(string)] = "1956-03-05"
		case "number":
			answers[q["key"].(string)] = strconv.Itoa(max(1, int(q["min"].(float64))))
		case "choice":
			answers[q["key"].(string)] = q["options"].([]any)[0].(map[string]any)["value"]
		default:
			answers[q["key"].(string)] = "说明文字"
		}
	}
	body["answers"] = answers
	return body
}

// Category is a category of incidents as a face sends it back.
func (c *Caller) Category(code string) map[string]any {
	c.w.T.Helper()
	got := c.Do("GET", "/grid/categories/"+code, nil).Want(200).JSON
	for _, fixed := range []string{"code", "parent", "kind"} {
		delete(got, fixed)
	}
	return got
}

// Incident is the body of a report; the key keeps it apart from others of a test.
func Incident(key string) map[string]any {
	return map[string]any{
		"category": "0101", "description": "楼前垃圾未清 <script>alert(1)</script>", "area": Community,
		"place": map[string]any{"text": "3 号楼东侧"}, "clientKey": key, "channel": "portal",
		"reporter": map[string]any{"name": "李梅", "phone": "19900004321"},
	}
}

// Alike asks what is known already of what is about to be reported.
func (c *Caller) Alike(body any) Answer {
	c.w.T.Helper()
	return c.Do("POST", CasePath+"/alike", body)
}

// Reported is what somebody reports through the service; what is left out is something in Community.
type Reported struct {
	Area, Description string
	Place             casework.Location
	Reporter          people.Person
	Intake            casework.Intake
}

// Report reports through the service, as the actor of the context.
func Report(ctx context.Context, a *app.App, r Reported) (casework.Opened, error) {
	i := grid.Incident{Category: "0101", Description: "垃圾", Area: Community, Place: r.Place, Reporter: r.Reporter, Intake: r.Intake}
	if r.Area != "" {
		i.Area = r.Area
	}
	if r.Description != "" {
		i.Description = r.Description
	}
	if r.Place.Text == "" {
		i.Place.Text = "东门"
	}
	if r.Intake.Channel == "" {
		i.Intake.Channel = casework.ChannelPortal
	}
	opened, err := module.Of[*grid.Service](a.Modules).Report(ctx, i)
	return opened, err
}

// Submit applies through the service, as the actor of the context, for what Application applies for.
func (w *World) Submit(ctx context.Context, in casework.Intake) (casework.Opened, error) {
	w.T.Helper()
	answers := form.Answers{}
	for key, v := range w.Fill(Application(""))["answers"].(map[string]any) {
		answers[key] = form.One(v.(string))
	}
	return module.Of[*hall.Service](w.App.Modules).Submit(ctx, hall.Application{Item: "senior_card", Area: Community,
		Intake: in, Answers: answers,
		Applicant: people.Person{Name: "王建国", Phone: "19900001234", Number: "11010519491231002X", Address: "1 号楼"}})
}

// DrawAll has every closing of the first kind checked on site from now on.
func (w *World) DrawAll() {
	w.T.Helper()
	w.Rule("grid.recheck.percent", "100")
}

// Draw does the draws that are due in a context, and tells how many cases were drawn.
func (w *World) Draw(ctx context.Context) (int, error) {
	return module.Of[*grid.Service](w.App.Modules).DrawRechecks(ctx)
}

// Copied gives a case what the first kind keeps of another one, where it has nothing yet.
func Copied(ctx context.Context, tx *db.Tx, from, to string) error {
	_, err := tx.Exec(ctx, `INSERT INTO grid_incident (shard, case_id, category, description, reworked, unit_id)
		SELECT shard, $1, category, description, 0, '' FROM grid_incident WHERE case_id = $2 ON CONFLICT (shard, case_id) DO NOTHING`, to, from)
	return err
}

// Drawn has one case drawn, to be checked on site.
func Drawn(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM grid_recheck WHERE case_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO grid_recheck (shard, case_id, closed_on, number, area, state, drawn_at, checker_id)
		SELECT shard, id, '2026-01-05', number, area, 'due', 1, '' FROM casework_case WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	return err
}

// Checked counts one case among the checks of its area.
func Checked(ctx context.Context, tx *db.Tx, id string) error {
	_, err := tx.Exec(ctx, `INSERT INTO grid_recheck_tally (shard, origin, area, month, checked, confirmed)
		SELECT shard, id, substr(area, 1, 12), '2026-01', 1, 1 FROM casework_case WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	return err
}

// AreaTables are the tables of the first kind whose rows are of an area, in the column area.
var AreaTables = []string{"grid_recheck", "grid_recheck_tally"}

// Anew leaves a case with its unit as if nobody had worked on it, and not drawn.
func Anew(ctx context.Context, tx *db.Tx, id, unit string) error {
	for _, q := range []string{`UPDATE casework_event SET actor_id = '' WHERE case_id = $1`, `DELETE FROM grid_recheck WHERE case_id = $1`} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE grid_incident SET unit_id = $1, reworked = 0 WHERE case_id = $2`, unit, id)
	return err
}

// Works are, by lifecycle, the verbs by which the work is done that somebody else must judge; Judges are the keys of the guards
// that say so.
var (
	Works = map[string][]string{"grid.incident": {"handle", "feed_back", "contribute"}, "hall.application": {"review", "contribute"}}

	Judges = []string{"grid.incident.verifier_is_handler", "grid.incident.closer_is_handler",
		"grid.recheck.took_part", "hall.application.reviewer_decides"}
)

// FormPages are the pages of the portal on which one applies: the list of items first, then the steps of the form of each.
func FormPages(a *app.App) []string {
	out := []string{"/hall"}
	for _, it := range module.Of[*hall.Service](a.Modules).Catalogue() {
		for _, step := range []string{"applicant", "community", "1", "files"} {
			out = append(out, "/hall/"+it.Code+"/apply/"+step)
		}
	}
	return out
}

// ResealApplied seals what the second kind keeps under the current key.
func (w *World) ResealApplied() error {
	return module.Of[*hall.Service](w.App.Modules).Reseal(w.System())
}
