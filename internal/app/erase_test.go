package app_test

import (
	"bytes"
	"image"
	imagepng "image/png"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// A human's words and files stand in everything that their cases hold; the copy has all that they gave,
// and once a deletion is granted nothing of it is left in any table or file. Who shares their telephone
// keeps what is theirs.
func TestDeletionByCanary(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		nobody, dispatcher, grid := w.Nobody(), w.As("dispatcher"), w.As("grid")
		var given []string
		say := func(what string) string {
			given = append(given, "金丝雀"+what)
			return given[len(given)-1]
		}
		shade := uint8(0)
		shaded := func() []byte { shade += 20; return picture(t, shade) }
		report := func(key, name, words, place string) apptest.Answer {
			body := apptest.Incident(key)
			body["reporter"] = map[string]any{"name": name, "phone": "13987650123"}
			body["description"], body["place"] = words, map[string]any{"text": place, "lng": 119.31, "lat": 34.71}
			body["files"] = []string{nobody.Upload(key+".png", shaded()).Want(200).Text("id")}
			return nobody.OpenCase(body).Want(201)
		}
		first, second := report("first", "欧阳雀", say("描述一"), say("地点一")), report("second", "欧阳 雀", say("描述二"), say("地点二"))
		other := report("other", "欧阳鹊", "邻居的话", "邻居的门前")
		j := &apptest.Matter{T: t, W: w, ID: first.Text("id")}
		j.Step(dispatcher, "establish", apptest.Note(say("立案"))).Want(200)
		j.Step(dispatcher, "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"], "note": say("派遣")}).Want(200)
		j.Step(dispatcher, "join", map[string]any{"unit": w.Body[apptest.Community+" office"], "note": say("请协助"), "number": 2}).Want(200)
		j.Step(dispatcher, "release", map[string]any{"unit": w.Body[apptest.Community+" office"], "note": say("免协助")}).Want(200)
		j.Step(grid, "handle", apptest.Note(say("处理"))).Want(200)
		staffPhoto := grid.Upload("现场.png", shaded()).Want(200).Text("id")
		j.Step(grid, "feed_back", map[string]any{"note": say("反馈"), "files": []string{staffPhoto}}).Want(200)
		j.Step(dispatcher, "verify", apptest.Note(say("核查"))).Want(200)
		j.Step(dispatcher, "close", apptest.Note(say("结案"))).Want(200)
		nobody.Do("POST", "/casework/follow/rate", map[string]any{"code": first.Text("code"), "level": 1, "note": say("评价")}).Want(200)
		w.As("street").Do("POST", "/casework/cases/"+j.ID+"/followups/1/contact", map[string]any{"note": say("联系")}).Want(204)
		dispatcher.Do("POST", "/casework/cases/"+j.ID+"/appeals/1/ask", map[string]any{"choice": "false", "note": say("申诉")}).Want(204)
		for _, c := range []apptest.Answer{second, other} {
			dispatcher.Step(c.Text("id"), "dismiss", apptest.Note(say("不立案"))).Want(200)
		}
		given = given[:len(given)-1] // the last is the neighbour's

		person := func(id string) string {
			v, err := valueOf(w, `SELECT person_id FROM casework_case WHERE id = $1`, id)
			must(t, err)
			return v
		}
		ask := func(kind string) string {
			return dispatcher.Do("POST", "/people/requests",
				map[string]any{"personId": person(first.Text("id")), "kind": kind, "note": say("请求" + kind)}).Want(201).Text("id")
		}
		asked := ask("copy")
		given = given[:len(given)-1]
		held := dispatcher.Do("POST", "/people/requests/"+asked+"/copy", nil).Want(200)
		for _, words := range given {
			staff := strings.ContainsAny(words, "派请免联申") || strings.HasSuffix(words, "立案") &&
				!strings.HasSuffix(words, "不立案") || strings.HasSuffix(words, "处理")
			if !staff && !strings.Contains(held.Raw, words) {
				t.Errorf("the copy lacks %s", words)
			}
		}
		if strings.Contains(held.Raw, "邻居") {
			t.Errorf("the copy tells of somebody else: %s", held.Raw)
		}
		files := 0
		for _, c := range held.JSON["cases"].([]any) {
			for _, f := range c.(map[string]any)["files"].([]any) {
				files++
				dispatcher.Do("POST", "/people/requests/"+asked+"/files/"+f.(map[string]any)["id"].(string), nil).Want(200)
			}
		}
		if files != 3 {
			t.Errorf("the copy has %d files, want 3", files)
		}
		dispatcher.Do("POST", "/people/requests/"+asked+"/answer", map[string]any{"done": true, "version": 1}).Want(200)

		mine, theirs := append(digestsOf(t, w, first.Text("id")), digestsOf(t, w, second.Text("id"))...), digestsOf(t, w, other.Text("id"))
		asked = ask("delete")
		dispatcher.Do("POST", "/people/requests/"+asked+"/answer", map[string]any{"done": true, "version": 1}).Want(200)
		rows := everything(t, w.App.DB)
		for _, words := range append(given, "欧阳雀", "欧阳 雀", "金丝雀") {
			for _, row := range rows {
				if strings.Contains(row, words) && !strings.Contains(row, "金丝雀不立案") {
					t.Errorf("%s is left in %.200s", words, row)
				}
			}
		}
		for _, c := range []apptest.Answer{first, second} {
			if got := dispatcher.Do("GET", "/casework/cases/"+c.Text("id"), nil).Want(200); got.Text("files") != "[]" ||
				got.Text("erased") != "true" || strings.Contains(got.Raw, "金丝雀") {
				t.Errorf("the case still tells %s", got.Raw)
			}
		}
		if found := dispatcher.Do("GET", "/casework/cases?view=all&q="+"金丝雀描述一", nil).Want(200).Items(); len(found) != 0 {
			t.Errorf("it is still found: %v", found)
		}
		kept := dispatcher.Do("GET", "/casework/cases/"+other.Text("id"), nil).Want(200)
		if kept.Text("erased") != "false" || !strings.Contains(kept.Raw, "邻居的话") || len(kept.JSON["files"].([]any)) != 1 {
			t.Errorf("the neighbour's case was deleted, too: %s", kept.Raw)
		}
		for _, digest := range mine {
			if _, err := w.App.CaseFiles.Store.Open(w.System(), digest); errs.Of(err).Kind != errs.NotFound {
				t.Errorf("the content of a deleted file is still stored (%v)", err)
			}
		}
		for _, digest := range theirs {
			content, err := w.App.CaseFiles.Store.Open(w.System(), digest)
			must(t, err)
			must(t, content.Close())
		}
		if len(mine) != 3 || len(theirs) != 1 {
			t.Errorf("%d files of the human and %d of the neighbour", len(mine), len(theirs))
		}
	})
}

func valueOf(w *apptest.World, query string, args ...any) (v string, err error) {
	err = w.App.DB.QueryRow(w.System(), query, args...).Scan(&v)
	return v, err
}

// picture is a small one of a shade, other than any other shade's.
func picture(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = shade + uint8(i)
	}
	var b bytes.Buffer
	must(t, imagepng.Encode(&b, m))
	return b.Bytes()
}

// digestsOf are those of the files of a case.
func digestsOf(t *testing.T, w *apptest.World, id string) []string {
	t.Helper()
	all, err := db.All(w.System(), w.App.DB, func(s db.Scanner) (d string, err error) { return d, s.Scan(&d) },
		`SELECT digest FROM casework_file WHERE case_id = $1`, id)
	must(t, err)
	return all
}
