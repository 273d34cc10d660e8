package app_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/registry/change"
)

// inDisguise is a table of one line in which a cell is in disguise.
func inDisguise(head, line string, column int, disguise func(string) string) []byte {
	cells := strings.Split(line, ",")
	if column >= 0 {
		cells[column] = disguise(cells[column])
	}
	return []byte(head + "\n" + strings.Join(cells, ",") + "\n")
}

// disguiseless is an answer without the heads of columns, which are shown as the file has them.
func disguiseless(a apptest.Answer) string {
	return regexp.MustCompile(`"head":"[^"]*"`).ReplaceAllString(answerOf(a), "")
}

// Every column of every list that is a number, code, choice or date is read in disguise as it is read plain.
func TestColumnsOfListsAreFolded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin, window := w.As("admin"), w.As("window")
		for _, list := range []struct {
			name, head, line string
			columns          []int
			read             func(raw []byte) apptest.Answer
		}{
			{"roster", "name,id_number,phone,address,household,tags,source,since",
				"王芳,11010519491231002X,13800138000,院前路,1-201,独居,走访,2026-03-02", []int{1, 2, 4, 5, 7},
				func(raw []byte) apptest.Answer {
					return window.File("/people/roster?area="+apptest.Community, "r.csv", raw)
				}},
			{"areas", "code,name,level,parent,kind", "320703001007001,第一网格,6,320703001007,grid_general", []int{0, 2, 3, 4},
				func(raw []byte) apptest.Answer {
					read := admin.File("/registry/imports?supplement=true", "areas.csv", raw)
					admin.Do("DELETE", "/registry/imports/"+read.Text("id"), nil)
					return read
				}},
			{"calendar", "date,kind,notice", "2027-02-05,off,国办发明电", []int{0, 1},
				func(raw []byte) apptest.Answer {
					return admin.Do("POST", "/calendar/years/2027/preview", map[string]any{"csv": string(raw), "notice": "国办发明电"})
				}},
		} {
			want := list.read(inDisguise(list.head, list.line, -1, nil))
			if want.Status >= 300 && list.name != "calendar" {
				t.Fatalf("%s: %d %s", list.name, want.Status, want.Raw)
			}
			for _, column := range list.columns {
				for _, disguise := range disguises {
					if got := list.read(inDisguise(list.head, list.line, column, disguise)); answerOf(got) != answerOf(want) {
						t.Errorf("%s, column %d: %s instead of %s", list.name, column, answerOf(got), answerOf(want))
					}
				}
			}
			for _, disguise := range disguises {
				heads := strings.Split(list.head, ",")
				for i := range heads {
					heads[i] = strings.ReplaceAll(disguise(heads[i]), "\t", "") // a tab parts cells
				}
				if got := list.read(inDisguise(strings.Join(heads, ","), list.line, -1, nil)); disguiseless(got) != disguiseless(want) {
					t.Errorf("%s, head: %s", list.name, answerOf(got))
				}
			}
		}
	})
	head, line := "action,from,to,effective,note", "split,320703001007,320703001008 320703001010,2026-03-02,话"
	want, err := change.ReadDecisions("d", strings.NewReader(string(inDisguise(head, line, -1, nil))))
	must(t, err)
	for column := range 4 {
		for _, disguise := range disguises {
			got, err := change.ReadDecisions("d", strings.NewReader(string(inDisguise(head, line, column, disguise))))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("decisions, column %d: %v %v", column, got, err)
			}
		}
	}
}
