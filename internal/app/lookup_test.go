package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/people"
	"linli/internal/registry"
)

// instants are what differs between two answers that mean the same.
var instants = regexp.MustCompile(`\b1[0-9]{12}\b|"left":[0-9]+`)

// Two cities differ in nothing but a resident on a roster, with a case of theirs: whoever may not read that roster and gives the
// resident's identity number, telephone, household or name in any door is answered alike in both, so that none of them tells
// who is registered. A look-up through the search that is meant for it is bounded by TestNumbersAreNotFoundByTrial.
func TestNoDoorTellsWhoIsRegistered(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const number, phone, home = "11010519491231002X", "13800138000", "1-201"
		twin := w.Twin()
		for _, x := range []*apptest.World{w, twin} {
			x.Account("neighbour", registry.RoleWindowWorker, apptest.Neighbour)
			x.Account("elsewhere", registry.RoleDispatcher, apptest.Elsewhere)
		}
		if _, err := w.App.People.Add(w.System(),
			people.NewResident{Area: apptest.Community, Household: home,
				Person: people.Person{Name: "王秀英", Phone: phone, Number: number}}); err != nil {
			t.Fatal(err)
		}
		w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "噪声", "area": apptest.Community,
			"place": map[string]any{"text": "西门"}, "reporter": map[string]any{"name": "王秀英", "phone": phone}}).Want(201)
		answers := map[string]string{"birth_date": "1949-12-31", "fetch": "window"}
		person := func(area string) map[string]any {
			return map[string]any{"area": area, "name": "王秀英", "phone": phone, "idNumber": number, "household": home}
		}
		doors := map[string]func(c *apptest.Caller, area string) apptest.Answer{
			"an application": func(c *apptest.Caller, area string) apptest.Answer {
				return c.Apply(map[string]any{"item": "senior_card", "area": area,
					"applicant": map[string]any{"name": "王秀英", "phone": phone, "idNumber": number}, "answers": answers})
			},
			"a wrong application": func(c *apptest.Caller, area string) apptest.Answer {
				return c.Apply(map[string]any{"item": "senior_card", "area": area,
					"applicant": map[string]any{"name": "王秀英", "phone": phone, "idNumber": number}, "answers": map[string]string{}})
			},
			"a report": func(c *apptest.Caller, area string) apptest.Answer {
				return c.OpenCase(map[string]any{"category": "0101", "description": "垃圾", "area": area,
					"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "王秀英", "phone": phone}})
			},
			"what is alike": func(c *apptest.Caller, area string) apptest.Answer {
				return c.Alike(map[string]any{"category": "0101", "description": "王秀英 " + phone, "area": area, "place": map[string]any{"text": "东门"}})
			},
			"a resident": func(c *apptest.Caller, area string) apptest.Answer {
				return c.Do("POST", "/people/persons", person(area))
			},
			"a resident without number": func(c *apptest.Caller, area string) apptest.Answer {
				return c.Do("POST", "/people/persons", map[string]any{"area": area, "name": "王秀英", "phone": phone, "household": home})
			},
			"a roster": func(c *apptest.Caller, area string) apptest.Answer {
				return c.File("/people/roster?area="+area, "r.csv", []byte("姓名,身份证号,电话,户号\n王秀英,"+number+","+phone+","+home+"\n"))
			},
			"the search of people": func(c *apptest.Caller, _ string) apptest.Answer {
				return c.Do("POST", "/people/search", map[string]any{"q": number, "purpose": "verify"})
			},
			"the search of people by telephone": func(c *apptest.Caller, _ string) apptest.Answer {
				return c.Do("POST", "/people/search", map[string]any{"q": phone, "purpose": "verify"})
			},
			"the search of cases": func(c *apptest.Caller, _ string) apptest.Answer {
				return c.Do("GET", "/casework/cases?view=unit&q="+phone, nil)
			},
			"signing in by telephone": func(c *apptest.Caller, _ string) apptest.Answer {
				return c.Page("POST", "/me", url.Values{"phone": {phone}})
			},
			"a wrong code": func(c *apptest.Caller, _ string) apptest.Answer {
				return c.Page("POST", "/me/code", url.Values{"code": {"0000 0000"}})
			},
			"the portal's form": func(c *apptest.Caller, _ string) apptest.Answer {
				return c.Page("POST", apptest.ItemPage+"/apply/applicant", url.Values{"name": {"王秀英"}, "phone": {phone}, "idNumber": {number}})
			},
		}
		compared := 0
		for name, door := range doors {
			for login, area := range map[string]string{"": apptest.Neighbour, "neighbour": apptest.Neighbour, "elsewhere": apptest.Elsewhere} {
				var got [2]string
				for i, x := range []*apptest.World{w, twin} {
					c := x.Nobody()
					if login != "" {
						c = x.As(login)
					}
					if name == "a wrong code" {
						c.Page("POST", "/me", url.Values{"phone": {phone}}).Want(http.StatusSeeOther)
					}
					a := door(c, area)
					got[i] = fmt.Sprint(a.Status, " ", a.Header.Get("Retry-After"), " ", sharedOf(a), " ", answerOf(a))
				}
				compared++
				clean := func(s string) string {
					return strings.Join(strings.Fields(instants.ReplaceAllString(randomPart.ReplaceAllString(s, "~"), "~")), " ")
				}
				if clean(got[0]) != clean(got[1]) {
					t.Errorf("%s, asked by %q, tells of the resident:\n%.300s\ninstead of\n%.300s", name, login, differsFrom(clean(got[0]), clean(got[1])),
						differsFrom(clean(got[1]), clean(got[0])))
				}
			}
		}
		if compared != 3*len(doors) {
			t.Errorf("%d answers were compared", compared)
		}
	})
}
