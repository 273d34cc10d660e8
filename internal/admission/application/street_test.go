package application_test

import (
	"slices"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/registry"
)

// A street applies for its own work as a department does (居民委员会组织法 2025, art. 43), by a clerk and a head of its office: it gives no
// opinion on its own application and confirms no money of its own, and its task rests on the admission.
func TestAStreetAppliesForItsOwnWork(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		w.LoadYear(2027)
		_, err := w.App.Bodies.LoadBodies(w.System(), []registry.Body{{Area: apptest.Street, Kind: registry.BodySubdistrict, Name: "墟沟街道办事处"}})
		if err != nil {
			t.Fatal(err)
		}
		office, err := w.App.Registry.BodyFor(w.System(), w.App.DB, apptest.Street, registry.BodySubdistrict, "", registry.LevelStreet)
		if err != nil {
			t.Fatal(err)
		}
		w.AccountWith("writer", access.Grant{Role: registry.RoleDepartmentClerk, Area: apptest.Street, Body: office.ID})
		w.AccountWith("signer", access.Grant{Role: registry.RoleDepartmentHead, Area: apptest.Street, Body: office.ID},
			access.Grant{Role: registry.RoleSubdistrictOfficer, Area: apptest.Street, Body: office.ID})
		p := people(w)
		writer, signer := w.As("writer"), w.As("signer")

		id := begin(writer, content(w, apptest.Street))
		step(w, writer, id, "submit").Want(200)
		step(w, writer, id, "sign").Want(403)
		step(w, signer, id, "sign").Want(200)
		step(w, p.builder, id, "accept").Want(200)
		step(w, signer, id, "opine", "choice", "support", "note", "同意").Want(409, "admission.application.own_department")
		step(w, p.council, id, "opine", "choice", "support", "note", "居民同意").Want(200)
		admitted := step(w, p.builder, id, "admit").Want(200)
		if admitted.Text("state") != "active" {
			t.Fatalf("admitted as %s", admitted.Text("state"))
		}

		pay := func(c *apptest.Caller, verb string, version int, in ...any) apptest.Answer {
			return c.Do("POST", base+"/"+id+"/instalments/1/"+verb, with(object{"version": version}, in...))
		}
		pay(writer, "pay", 1, "day", day(w, 0), "note", "回单1").Want(200)
		pay(signer, "confirm", 2).Want(409, "admission.application.own_department")
		pay(p.committee, "confirm", 2).Want(200)

		w.Exec(`UPDATE admission_application SET from_on = $1, content = REPLACE(content, $2, $1) WHERE id = $3`, day(w, 0), day(w, 50), id)
		task := writer.Do("POST", "/task/tasks", object{"title": "冬季走访", "content": "上门走访独居老人，了解取暖和用药情况。", "way": "task",
			"ask": "走访户数", "answer": "text", "workdays": 3, "minutes": 60, "areas": []string{apptest.Community}, "admission": admitted.Text("number")}).Want(201).Text("id")
		writer.Do("POST", "/task/tasks/"+task+"/submit", object{}).Want(200)
		writer.Do("POST", "/task/tasks/"+task+"/send", object{}).Want(403)
		signer.Do("POST", "/task/tasks/"+task+"/send", object{}).Want(200)

		county := begin(p.clerk, content(w, apptest.Street)) // of a department, on which the street does speak
		p.handIn(w, county)
		step(w, p.builder, county, "accept").Want(200)
		step(w, p.council, county, "opine", "choice", "support", "note", "居民同意").Want(200)
		step(w, p.builder, county, "admit").Want(409, "admission.application.opinions")
		step(w, signer, county, "opine", "choice", "amend", "note", "减少频次").Want(200)
		step(w, p.builder, county, "admit").Want(200)

		var seen []string
		for _, item := range signer.Do("GET", base, nil).Want(200).Items() {
			seen = append(seen, item["id"].(string))
		}
		if !slices.Contains(seen, id) || !slices.Contains(seen, county) {
			t.Errorf("the street sees %v", seen)
		}
	})
}
