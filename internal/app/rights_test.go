package app_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// A granted deletion deletes photos, words and comments.
func TestAGrantedDeletionDeletes(t *testing.T) {
	w := apptest.Open(t, filepath.Join(t.TempDir(), "linli.db"))
	nobody, d := w.Nobody(), w.As("dispatcher")
	file := nobody.Upload("身份证.png", apptest.OnePixel).Want(200).Text("id")
	body := apptest.Incident("erase")
	body["description"], body["files"] = "我是李梅，住 3 号楼 502，电话 19900004321", []string{file}
	opened := nobody.OpenCase(body).Want(201)
	id := opened.Text("id")
	d.Step(id, "dismiss", apptest.Note("不属实")).Want(200)
	nobody.Do("POST", "/casework/follow/rate", map[string]any{"code": opened.Text("code"), "level": 1, "note": "我叫李梅"}).Want(200)
	person, err := db.Value[string](w.System(), w.App.DB, `SELECT person_id FROM casework_case WHERE id = $1`, id)
	must(t, err)
	asked := d.Do("POST", "/people/requests", map[string]any{"personId": person, "kind": "delete"}).Want(201)
	d.Do("POST", "/people/requests/"+asked.Text("id")+"/answer", map[string]any{"done": true, "version": 1}).Want(200)
	page := d.Do("GET", "/casework/cases/"+id, nil)
	if f := page.JSON["files"].([]any); len(f) > 0 {
		t.Error("the photo of the identity card is still there")
	}
	if strings.Contains(page.Raw, "19900004321") || strings.Contains(fmt.Sprint(everything(t, w.App.DB)), "我叫李梅") {
		t.Error("what the person wrote is still there")
	}
}

// Naming another case's number joins nothing that the duplicate search does not offer.
func TestAStrangerLearnsNothingByJoining(t *testing.T) {
	w := apptest.Open(t, filepath.Join(t.TempDir(), "linli.db"))
	first := w.Nobody().OpenCase(apptest.Incident("first")).Want(201)
	w.As("dispatcher").Step(first.Text("id"), "establish", map[string]any{}).Want(200)
	body := map[string]any{"category": "0202", "description": "毫不相干", "area": apptest.Community, "place": map[string]any{"text": "别处"},
		"clientKey": "spy", "main": first.Text("number")}
	if spy := w.Nobody().OpenCase(body); spy.Status == 201 {
		t.Errorf("what is unlike is joined, and tells %.300s",
			w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": spy.Text("code")}).Text("main"))
	}
}
