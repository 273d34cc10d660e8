package roster_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

const rosterHead = "姓名,公民身份号码,联系电话,住址,户号,标签,标签来源,标签日期\n"

// A preview shows every column as read or not read, with the reason, and names causes.
func TestARosterShowsEveryColumn(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		read := func(content string) apptest.Answer {
			t.Helper()
			return upload(t, window, apptest.Community, "a.txt", []byte(content))
		}
		got := read("姓名（必填）\t手机\t电话\t备注\t\t住址\t地址\n王芳\t\u202d１３８００００００００\u202c\t\t常客\tx\t\t院前路1号\n").Want(201)
		for _, want := range []string{`{"head":"手机","column":"phone","read":true}`,
			`{"head":"电话","column":"phone","read":false,"why":"twice"}`, `"why":"unknown"`,
			`"why":"unnamed"`, `{"head":"住址","column":"address","read":false,"why":"empty"}`, `{"head":"地址","column":"address","read":true}`} {
			if !strings.Contains(got.Raw, want) {
				t.Errorf("the preview lacks %s: %s", want, got.Raw)
			}
		}
		if got.Text("ready") != "1" {
			t.Errorf("ready %s: %s", got.Text("ready"), got.Raw)
		}
		day := read("姓名;电话;标签;来源;起始日期\n王芳;13800000000;独居;走访;二〇二六年三月二日\n").Want(201)
		if day.Text("ready") != "1" {
			t.Errorf("a day in words: %s", day.Raw)
		}
		if late := read("姓名,电话,标签,来源,起始日期\n王芳,13800000000,独居,走访,2999-01-01\n").Want(201); late.Text("ready") != "0" {
			t.Errorf("a day to come: %s", late.Raw)
		}
		for _, cut := range []string{"3.2070619491231E+17", "320706194912310000"} {
			if got := read("姓名,公民身份号码\n王芳," + cut + "\n").Want(201); !strings.Contains(got.Raw, "people.roster.cut") {
				t.Errorf("a number that a spreadsheet has cut, %s: %s", cut, got.Raw)
			}
		}
		for content, key := range map[string]string{rosterHead: "没有居民", "\xd0\xcf\x11\xe0": ".xls", "姓名\n\"王": "第 2 行",
			"PK\x03\x04x": "损坏", "甲,乙\n1,2\n": "姓名"} {
			if got := read(content).Want(422); !strings.Contains(got.Raw, key) {
				t.Errorf("%q: %s", content, got.Raw)
			}
		}
	})
}

// People without an identity number are found again; who was changed since the preview is left alone.
func TestARosterTakenTwiceDoublesNobody(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		preview := func(content string) string {
			t.Helper()
			return upload(t, window, apptest.Community, "a.csv", []byte(content)).Want(201).Text("id")
		}
		start := func(id string) apptest.Answer {
			t.Helper()
			window.Do("POST", "/people/roster/"+id+"/start", nil).Want(200)
			if err := w.App.Roster.RunImports(w.System()); err != nil {
				t.Fatal(err)
			}
			return window.Do("GET", "/people/roster/"+id, nil).Want(200)
		}
		list := rosterHead + "无证甲,,13911110000,虚构路7号,7,,,\n无证乙,,,虚构路7号,7,,,\n"
		early := preview(list) // as if two people read the file at once
		if got := start(preview(list)); got.Text("added") != "2" {
			t.Fatalf("first: %s", got.Raw)
		}
		if got := start(preview(list)); got.Text("added") != "0" || got.Text("changed") != "2" {
			t.Errorf("second: %s", got.Raw)
		}
		if got := start(early); got.Text("added") == "2" || !strings.Contains(got.Raw, "people.roster.since_added") {
			t.Errorf("read before: %s", got.Raw)
		}
		late := preview(rosterHead + "无证甲,,13911110000,旧址,,,,\n")
		p := window.Do("POST", "/people/search", map[string]any{"q": "13911110000", "purpose": "service"}).Want(200).Items()[0]
		window.Do("PUT", "/people/persons/"+p["id"].(string), map[string]any{"address": "新址", "version": p["version"]}).Want(200)
		if got := start(late); got.Text("changed") != "0" || !strings.Contains(got.Raw, "people.roster.changed") {
			t.Errorf("changed since: %s", got.Raw)
		}
		w.Grant("window", "window_worker", apptest.Neighbour)
		late = preview(rosterHead + "无证甲,,13911110000,旧址,,,,\n")
		p = window.Do("POST", "/people/search", map[string]any{"q": "13911110000", "purpose": "service"}).Want(200).Items()[0]
		window.Do("POST", "/people/persons/"+p["id"].(string)+"/move",
			map[string]any{"area": apptest.Neighbour, "version": p["version"]}).Want(204)
		if got := start(late); got.Text("changed") != "0" || !strings.Contains(got.Raw, "people.roster.moved") {
			t.Errorf("moved since: %s", got.Raw)
		}
	})
}
