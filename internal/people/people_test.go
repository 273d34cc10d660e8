package people_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/people"
	"linli/internal/platform/db"
	"linli/internal/platform/seal"
)

func resident(area string) map[string]any {
	return map[string]any{"area": area, "name": "张小三", "phone": "13812345678", "idNumber": "11010519491231002x", "address": "海棠中路18号3单元501室",
		"household": "3-501", "tags": []map[string]any{{"tag": "old", "source": "民政名册", "since": "2025-01-01"}}}
}

func TestResidents(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		window.Do("POST", "/people/persons", resident(apptest.Neighbour)).Want(403, "forbidden")
		made := window.Do("POST", "/people/persons", resident(apptest.Community)).Want(201)
		id := made.Text("id")
		if made.Text("name") != "张*三" || made.Text("phone") != "138****5678" || strings.Contains(made.Raw, "3单元") ||
			made.Text("household") != "3-501" {
			t.Errorf("shown as %s", made.Raw)
		}
		window.Do("POST", "/people/persons", resident(apptest.Community)).Want(409, "people.registered")
		for what, change := range map[string]map[string]any{
			"no such day":       {"idNumber": "110105194902310021"},
			"check digit":       {"idNumber": "110105194912310021"},
			"telephone":         {"phone": "12345"},
			"no name":           {"name": " "},
			"tag of the future": {"tags": []map[string]any{{"tag": "old", "source": "x", "since": "2099-01-01"}}},
			"a whole county":    {"area": apptest.County},
		} {
			body := resident(apptest.Community)
			for k, v := range change {
				body[k] = v
			}
			if got := window.Do("POST", "/people/persons", body); got.Status != 422 && got.Status != 403 {
				t.Errorf("%s: %d %s", what, got.Status, got.Raw)
			}
		}
		for words, n := range map[string]int{"138 1234 5678": 1, "+8613812345678": 1, "11010519491231002X": 1, "13812345679": 0} {
			if got := window.Do("POST", "/people/search", map[string]any{"q": words, "purpose": "service"}).Want(200).Items(); len(got) != n {
				t.Errorf("%q finds %d", words, len(got))
			}
		}
		window.Do("POST", "/people/search", map[string]any{"q": "张小三", "purpose": "service"}).Want(422)
		stranger := w.As("stranger")
		stranger.Do("GET", "/people/persons/"+id, nil).Want(404)
		stranger.Do("GET", "/people/persons/"+id+"/looks", nil).Want(404)
		stranger.Do("POST", "/people/persons/"+id+"/unmask", map[string]any{"field": "phone", "purpose": "contact"}).Want(404)
		stranger.Do("PUT", "/people/persons/"+id, map[string]any{"name": "王五", "version": 1}).Want(404)
		if n := len(stranger.Do("POST", "/people/search", map[string]any{"q": "13812345678", "purpose": "service"}).Want(200).Items()); n != 0 {
			t.Errorf("a stranger finds %d", n)
		}
		if n := len(stranger.Do("GET", "/people/persons", nil).Want(200).Items()); n != 0 {
			t.Errorf("a stranger lists %d", n)
		}
		w.As("admin").Do("GET", "/people/persons", nil).Want(403)

		window.Do("PUT", "/people/persons/"+id, map[string]any{"phone": "13912345678", "version": 9}).Want(409, "stale")
		window.Do("PUT", "/people/persons/"+id, map[string]any{"phone": "13912345678", "version": 1}).Want(200)
		if n := len(window.Do("POST", "/people/search", map[string]any{"q": "13812345678", "purpose": "service"}).Want(200).Items()); n != 0 {
			t.Errorf("the old number finds %d", n)
		}
		if n := len(window.Do("GET", "/people/persons?tag=old", nil).Want(200).Items()); n != 1 {
			t.Errorf("%d with the tag", n)
		}
		if n := len(window.Do("GET", "/people/persons?tag=disabled", nil).Want(200).Items()); n != 0 {
			t.Errorf("%d with another tag", n)
		}
		wife := resident(apptest.Community)
		wife["name"], wife["idNumber"], wife["phone"] = "李梅", "34052419800101001X", ""
		window.Do("POST", "/people/persons", wife).Want(201)
		if with := window.Do("GET", "/people/persons/"+id, nil).Want(200).Text("with"); !strings.Contains(with, "李*") {
			t.Errorf("the household is %s", with)
		}
	})
}

func TestUnmaskingIsRecordedAndSeen(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		id := window.Do("POST", "/people/persons", resident(apptest.Community)).Want(201).Text("id")
		path := "/people/persons/" + id
		window.Do("POST", path+"/unmask", map[string]any{"field": "phone"}).Want(422)
		window.Do("POST", path+"/unmask", map[string]any{"field": "phone", "purpose": "curiosity"}).Want(422)
		if v := window.Do("POST", path+"/unmask",
			map[string]any{"field": "phone", "purpose": "contact", "note": "回访 13812345678"}).Want(200).Text("value"); v != "13812345678" {
			t.Errorf("shown %q", v)
		}
		looks := window.Do("GET", path+"/looks", nil).Want(200).Items()
		if len(looks) != 1 || looks[0]["field"] != "phone" || looks[0]["purpose"] != "contact" || looks[0]["actor"] != "姓名window" {
			t.Errorf("looks %v", looks)
		}
		rows := w.As("auditor").Do("GET", "/audit/entries?action=people.person.unmask", nil).Want(200)
		if len(rows.Items()) != 1 || strings.Contains(rows.Raw, "13812345678") {
			t.Errorf("recorded %s", rows.Raw)
		}
		for range 40 {
			if window.Do("POST", path+"/unmask", map[string]any{"field": "name", "purpose": "contact"}).Status == 429 {
				return
			}
		}
		t.Error("a roster can be copied out one by one")
	})
}

// Keys are rotated while others read, change and search; nothing fails, and in the end nothing
// is left under an old key.
func TestKeyRotationWhileServing(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		var ids []string
		for i := range 12 {
			body := resident(apptest.Community)
			body["idNumber"], body["phone"] = "", fmt.Sprintf("138000000%02d", i)
			ids = append(ids, window.Do("POST", "/people/persons", body).Want(201).Text("id"))
		}
		opened := w.Nobody().Apply(w.Fill(apptest.Application("k"))).Want(201)
		stop := make(chan struct{})
		var wait sync.WaitGroup
		run := func(do func(i int)) {
			wait.Add(1)
			go func() {
				defer wait.Done()
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
						do(i)
					}
				}
			}()
		}
		for range 2 {
			run(func(i int) {
				if got := window.Do("GET", "/people/persons/"+ids[i%len(ids)], nil); got.Status != 200 {
					t.Errorf("reading: %d %s", got.Status, got.Raw)
				}
				if got := window.Do("POST", "/people/search",
					map[string]any{"q": fmt.Sprintf("138000000%02d", i%len(ids)), "purpose": "service"}); got.Status != 200 || len(got.Items()) != 1 {
					t.Errorf("searching: %d %s", got.Status, got.Raw)
				}
				if got := window.Do("GET", "/casework/cases/"+opened.Text("id"), nil); got.Status != 200 {
					t.Errorf("reading answers: %d %s", got.Status, got.Raw)
				}
			})
		}
		run(func(i int) {
			path := "/people/persons/" + ids[i%len(ids)]
			version := window.Do("GET", path, nil).JSON["version"]
			if got := window.Do("PUT", path, map[string]any{"address": fmt.Sprintf("新址%d号", i), "version": version}); got.Status != 200 {
				t.Errorf("changing: %d %s", got.Status, got.Raw)
			}
		})
		for _, cipher := range []string{seal.SM4, seal.AES, seal.SM4} {
			if _, err := w.App.Ring.Rotate(cipher); err != nil {
				t.Fatal(err)
			}
			if err := w.App.People.ResealAll(w.System()); err != nil {
				t.Fatal(err)
			}
			if err := w.ResealApplied(); err != nil {
				t.Fatal(err)
			}
		}
		close(stop)
		wait.Wait()
		for range 2 { // what was written between
			if err := w.App.People.ResealAll(w.System()); err != nil {
				t.Fatal(err)
			}
		}
		for _, table := range []string{"people_person", "people_household", apptest.AppliedTable} {
			n, err := db.Value[int](context.Background(), w.App.DB,
				`SELECT COUNT(*) FROM `+table+` WHERE sealed_by <> $1 OR substr(sealed, 1, 2) <> $2`, w.App.Ring.Current(), w.App.Ring.Current()+".")
			if err != nil || n != 0 {
				t.Errorf("%d rows of %s are under an old key (%v)", n, table, err)
			}
		}
	})
}

// What a case holds of its applicant is deleted with the person, but not before the case is closed.
func TestDeletingWaitsForOpenCases(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened := w.Nobody().Apply(w.Fill(apptest.Application("k"))).Want(201)
		dispatcher := w.As("dispatcher")
		found := dispatcher.Do("POST", "/people/search", map[string]any{"q": "19900001234", "purpose": "service"}).Want(200).Items()
		if len(found) != 1 || found[0]["roster"] != false {
			t.Fatalf("found %v", found)
		}
		request := dispatcher.Do("POST", "/people/requests", map[string]any{"personId": found[0]["id"], "kind": "delete"}).Want(201).Text("id")
		grant := func() apptest.Answer {
			return dispatcher.Do("POST", "/people/requests/"+request+"/answer", map[string]any{"done": true, "version": 1})
		}
		grant().Want(409, "people.case_open")
		w.Nobody().Do("POST", "/casework/follow/withdraw", map[string]any{"code": opened.Text("code")}).Want(200)
		grant().Want(200)
		sealed, err := db.Value[string](context.Background(), w.App.DB,
			`SELECT sealed FROM `+apptest.AppliedTable+` WHERE case_id = $1`, opened.Text("id"))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := w.App.Ring.Open(sealed, opened.Text("id")); err != nil || string(plain) != "{}" {
			t.Errorf("the answers are kept: %s (%v)", plain, err)
		}
		shown := w.As("window").Do("GET", "/casework/cases/"+opened.Text("id"), nil).Want(200)
		if shown.Text("reporter.name") != "" || shown.Text("number") == "" {
			t.Errorf("the case shows %s", shown.Raw)
		}
	})
}

// Households are counted in two strata by the tags of whoever lives in them, each household once.
func TestHouseholdsAreCountedByStratum(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		for i, r := range []struct {
			household string
			tags      []string
		}{{"1-1", []string{"disabled"}}, {"1-1", nil}, {"1-2", []string{"old"}}, {"1-3", nil}, {"1-4", []string{"disabled", "low_income"}}, {"", []string{"disabled"}}} {
			tags := []map[string]any{}
			for _, tag := range r.tags {
				tags = append(tags, map[string]any{"tag": tag, "source": "民政名册", "since": "2025-01-01"})
			}
			window.Do("POST", "/people/persons", map[string]any{"area": apptest.Community, "name": fmt.Sprint("居民", i), "phone": fmt.Sprint("1381234567", i),
				"household": r.household, "tags": tags}).Want(201)
		}
		got, err := people.CountStrata(w.System(), w.App.DB, apptest.County, []string{"disabled", "low_income"})
		if err != nil || len(got) != 1 || got[0] != (people.Stratum{Community: apptest.Community, Ordinary: 2, Special: 2}) {
			t.Errorf("counted %v %v", got, err)
		}
		frame := w.As("builder").Do("GET", "/assessment/frame?area="+apptest.Street, nil).Want(200).Items()
		if len(frame) != 2 || frame[0]["ordinary"] != 2.0 || frame[0]["special"] != 2.0 || frame[1]["ordinary"] != 0.0 {
			t.Errorf("the frame is %v", frame)
		}
		w.As("committee").Do("GET", "/assessment/frame?area="+apptest.Street, nil).Want(403)
	})
}
