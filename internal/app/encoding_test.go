package app_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"linli/internal/app/apptest"
	"linli/internal/platform/calendar"
	"linli/internal/registry/change"
)

// encodings are how offices save a text: with what parts its cells, and in which encoding.
func encodings(t *testing.T, text string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for name, parted := range map[string]string{"comma": text, "tab": strings.ReplaceAll(text, ",", "\t"),
		"semicolon": strings.ReplaceAll(text, ",", ";")} {
		gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(parted))
		must(t, err)
		little, big := []byte{0xff, 0xfe}, []byte{0xfe, 0xff}
		for _, u := range utf16.Encode([]rune(parted)) {
			little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
		}
		for encoding, raw := range map[string][]byte{"UTF-8": []byte(parted), "UTF-8 with mark": []byte("\ufeff" + parted),
			"GB 18030": gb, "UTF-16LE": little, "UTF-16BE": big,
			"lines of Windows": []byte(strings.ReplaceAll(parted, "\n", "\r\n"))} {
			out[encoding+", "+name] = raw
		}
	}
	return out
}

// Every list that is imported is read in each encoding and with each sign that offices use, as the first is read, and
// tells of every column whether it is read.
func TestListsAreReadInEveryEncoding(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin, window := w.As("admin"), w.As("window")
		areas := func(raw []byte) apptest.Answer {
			read := admin.File("/registry/imports?supplement=true", "areas.csv", raw)
			admin.Do("DELETE", "/registry/imports/"+read.Text("id"), nil)
			return read
		}
		const list = "区划代码,名称,级别,上级代码,类型,备注,名称,\n320703001007001,第一网格,6,320703001007,grid_general,常看,又一个,x\n"
		want := answerOf(areas([]byte(list)).Want(201))
		for _, column := range []string{`{"file":"areas.csv","head":"区划代码","column":"code","read":true}`,
			`{"file":"areas.csv","head":"备注","read":false,"why":"unknown"}`,
			`{"file":"areas.csv","head":"名称","column":"name","read":false,"why":"twice"}`,
			`{"file":"areas.csv","head":"","read":false,"why":"unnamed"}`} {
			if got := areas([]byte(list)); !strings.Contains(got.Raw, column) {
				t.Errorf("%s is not told: %s", column, got.Raw)
			}
		}
		for how, raw := range encodings(t, list) {
			if got := answerOf(areas(raw)); got != want {
				t.Errorf("areas, %s: %.400s", how, got)
			}
		}
		const roster = "姓名,电话,备注\n王芳,13800138000,常客\n"
		people := func(raw []byte) string {
			return answerOf(window.File("/people/roster?area="+apptest.Community, "r.csv", raw).Want(201))
		}
		first := people([]byte(roster))
		for how, raw := range encodings(t, roster) {
			if got := people(raw); got != first {
				t.Errorf("roster, %s: %.400s", how, got)
			}
		}
	})
	for how, raw := range encodings(t, "action,from,to,effective,note\nmerge,320703001009,320703001007,2026-03-02,两社区合并\n") {
		if d, err := change.ReadDecisions("d", bytes.NewReader(raw)); err != nil || len(d) != 1 || d[0].Note != "两社区合并" {
			t.Errorf("decisions, %s: %v %v", how, d, err)
		}
	}
	for how, raw := range encodings(t, "date,kind,notice\n2027-02-05,off,国办发明电〔2026〕1号\n") {
		if d, err := calendar.Parse(bytes.NewReader(raw)); err != nil || len(d) != 1 || d[0].Notice != "国办发明电〔2026〕1号" {
			t.Errorf("calendar, %s: %v %v", how, d, err)
		}
	}
}
