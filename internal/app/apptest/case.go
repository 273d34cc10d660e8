package apptest

import "strconv"

// The kinds of cases by which tests of casework and of app try what holds for every kind: whoever needs a case at all
// opens one of these. Tests of what a kind does itself stand in the folder of its module.
const (
	casePath        = "/grid/incidents"
	applicationPath = "/hall/applications"
)

// OpenCase brings a case that anybody may bring, an incident.
func (c *Caller) OpenCase(body any) Answer {
	c.w.T.Helper()
	return c.Do("POST", casePath, body)
}

// Step takes a step on a case that OpenCase has opened.
func (c *Caller) Step(id, verb string, body any) Answer {
	c.w.T.Helper()
	return c.Do("POST", casePath+"/"+id+"/"+verb, body)
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
