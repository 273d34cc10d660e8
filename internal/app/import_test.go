package app_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// smaller is the small register after a reorganisation: 院前 and 南巷 are one, told by a decision.
const smaller = `code,name,level,parent
3207,连云港市,2,32
320703,连云区,3,3207
320706,海州区,3,3207
320703001,墟沟街道,4,320703
320706014,新东街道,4,320706
320703001007,院前社区居委会,5,320703001
320706014010,文昌社区居委会,5,320706014
`

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func runImports(t *testing.T, w *apptest.World) {
	t.Helper()
	if err := w.App.Changes.RunImports(w.System()); err != nil {
		t.Fatal(err)
	}
}

// A list is uploaded, its open question decided by a person, and imported; cases, people and
// grants follow, and each step is recorded in the person's name.
func TestImportOfAListByAPerson(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("neighbour", "window_worker", apptest.Neighbour)
		admin := w.As("admin")
		read := admin.File("/registry/imports", "list.zip",
			zipped(t, map[string]string{"lists/2026/areas.csv": smaller, "lists/note.txt": "x"})).Want(201)
		id := read.Text("id")
		if read.Text("report.undecided") != "1" || !strings.Contains(read.Raw, apptest.Neighbour) || read.Text("state") != "preview" {
			t.Fatalf("got %s", read.Raw)
		}
		admin.Do("POST", "/registry/imports/"+id+"/start", nil).Want(422, "registry.import.undecided")

		file := admin.Do("GET", "/registry/imports/"+id+"/decisions", nil).Want(200)
		if !strings.Contains(file.Raw, "?close,"+apptest.Neighbour) {
			t.Fatalf("the decisions file is %s", file.Raw)
		}
		admin.File("/registry/imports/"+id+"/decisions", "decisions.csv", []byte(file.Raw)).Want(422, "registry.import.refused")
		wrong := []map[string]any{{"action": "merge", "from": apptest.Neighbour, "to": []string{"320703001088"}}}
		admin.Do("PUT", "/registry/imports/"+id+"/decisions",
			map[string]any{"decisions": wrong, "version": 1}).Want(422, "registry.import.refused")
		merge := []map[string]any{{"action": "merge", "from": apptest.Neighbour, "to": []string{apptest.Community}, "note": "撤并"}}
		decided := admin.Do("PUT", "/registry/imports/"+id+"/decisions", map[string]any{"decisions": merge, "version": 1}).Want(200)
		if decided.Text("report.undecided") != "0" || decided.Text("report.wider") != "1" {
			t.Fatalf("got %s", decided.Raw)
		}
		admin.Do("PUT", "/registry/imports/"+id+"/decisions", map[string]any{"decisions": merge, "version": 1}).Want(409, "stale")
		if open := admin.Do("GET", "/registry/areas/"+apptest.Neighbour, nil).Want(200); open.Text("code") != apptest.Neighbour {
			t.Fatal("a preview has changed the register")
		}

		admin.Do("POST", "/registry/imports/"+id+"/start", nil).Want(200)
		admin.Do("POST", "/registry/imports/"+id+"/start", nil).Want(409, "registry.import.started")
		second := admin.File("/registry/imports", "other.csv", []byte(smaller+"320706014011,新社区居委会,5,320706014\n")).Want(201)
		admin.Do("PUT", "/registry/imports/"+second.Text("id")+"/decisions", map[string]any{"decisions": merge, "version": 1}).Want(200)
		admin.Do("POST", "/registry/imports/"+second.Text("id")+"/start", nil).Want(409, "registry.import.busy")
		runImports(t, w)
		done := admin.Do("GET", "/registry/imports/"+id, nil).Want(200)
		if done.Text("state") != "done" {
			t.Fatalf("got %s", done.Raw)
		}
		if now := admin.Do("GET", "/registry/areas/"+apptest.Neighbour, nil).Want(200); now.Text("code") != apptest.Community {
			t.Fatalf("the merged place is %s", now.Raw)
		}
		if n := number(t, w, `SELECT COUNT(*) FROM audit_entry WHERE action = 'registry.area.import' AND subject = 'registry.area'
			AND actor_name = '姓名admin'`); n != 1 {
			t.Errorf("the import is recorded %d times in the person's name", n)
		}
		// The other list was compared with a register that is no more.
		admin.Do("POST", "/registry/imports/"+second.Text("id")+"/start", nil).Want(409, "stale")
		admin.Do("DELETE", "/registry/imports/"+second.Text("id"), nil).Want(204)
		admin.Do("DELETE", "/registry/imports/"+id, nil).Want(409, "registry.import.started")
	})
}

// What cannot be read is told by file and line, and nothing is kept of it.
func TestImportRefusesFiles(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		bad := admin.File("/registry/imports", "list.csv",
			[]byte(smaller+"320706014099,,5,320706014\n320706014098,甲社区居委会,5,320706099\n")).Want(422, "registry.import.refused")
		if !strings.Contains(bad.Raw, "list.csv:9") {
			t.Errorf("got %s", bad.Raw)
		}
		admin.File("/registry/imports", "list.zip", []byte("PK\x03\x04 and no more")).Want(422, "registry.import.refused")
		admin.File("/registry/imports", "list.zip", zipped(t, map[string]string{"x.txt": "nothing"})).Want(422, "registry.import.empty")
		admin.File("/registry/imports?effective=tomorrow", "list.csv", []byte(smaller)).Want(422)
		if n := number(t, w, `SELECT COUNT(*) FROM registry_import`); n != 0 {
			t.Errorf("%d lists are kept", n)
		}
		for range 10 {
			admin.File("/registry/imports?supplement=true", "list.csv", []byte(smaller)).Want(201)
		}
		admin.File("/registry/imports?supplement=true", "list.csv", []byte(smaller)).Want(409, "registry.import.waiting")
		if got := w.As("builder").File("/registry/imports", "list.csv", []byte(smaller)); got.Status != http.StatusForbidden {
			t.Errorf("a community-building body may import: %d", got.Status)
		}
	})
}

// A register that was changed between start and the job refuses the import, and says so.
func TestImportThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		id := admin.File("/registry/imports?supplement=true", "list.csv",
			[]byte(smaller+"320706014011,新社区居委会,5,320706014\n")).Want(201).Text("id")
		admin.Do("POST", "/registry/imports/"+id+"/start", nil).Want(200)
		admin.Do("POST", "/registry/changes", map[string]any{"kind": "rename", "area": apptest.Neighbour,
			"name": "北巷社区居委会", "reason": "更名"}).Want(200)
		runImports(t, w)
		failed := admin.Do("GET", "/registry/imports/"+id, nil).Want(200)
		if failed.Text("state") != "failed" || failed.Text("refusal.key") != "stale" {
			t.Fatalf("got %s", failed.Raw)
		}
		admin.Do("GET", "/registry/areas/320706014011", nil).Want(404)
		admin.Do("PUT", "/registry/imports/"+id+"/decisions", map[string]any{"decisions": []any{}, "version": 3}).Want(200)
		admin.Do("POST", "/registry/imports/"+id+"/start", nil).Want(200)
		runImports(t, w)
		admin.Do("GET", "/registry/areas/320706014011", nil).Want(200)
	})
}
