package community

import (
	"encoding/json"
	"regexp"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/rule"
	"linli/internal/registry"
	"linli/internal/registry/body"
	"linli/internal/registry/registrytest"
)

// newCity is a service of the register of a real city.
func newCity(t *testing.T, d *db.DB) *Service {
	t.Helper()
	s, err := New(registrytest.System(), registrytest.City(t, d), rule.NewCache(Rules()))
	registrytest.Must(t, err)
	return s
}

func TestFacilities(t *testing.T) {
	t.Parallel()
	const yuanqian, dispatcher = "320703001007", "dispatcher@320703001007"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		h := registrytest.Serve(t, s.Register.Module(), s.Module())
		for _, tt := range []struct {
			name, actor, request, body string
			status                     int
			want                       string
		}{
			{"nothing is known at first", "", "GET /registry/areas/" + yuanqian + "/facilities", "", 200,
				`^\{"pilot":"","checkedOn":"","source":"","version":0\}`},
			{"keep", dispatcher, "PUT /registry/areas/" + yuanqian + "/facilities",
				`{"hall":true,"elderly":false,"premises":1200,"pilot":"智慧社区","checkedOn":"2026-11-01","source":"自查","version":0}`, 200, `"version":1`},
			{"keep again without looking", dispatcher, "PUT /registry/areas/" + yuanqian + "/facilities",
				`{"pilot":"","checkedOn":"","source":"","version":0}`, 409, `"stale"`},
			{"read", "", "GET /registry/areas/" + yuanqian + "/facilities", "", 200, `"premises":1200,"hall":true,"elderly":false,"pilot":"智慧社区"`},
			{"elsewhere", dispatcher, "PUT /registry/areas/320703001009/facilities",
				`{"pilot":"","checkedOn":"","source":"","version":0}`, 403, `forbidden`},
			{"nobody", "", "PUT /registry/areas/" + yuanqian + "/facilities",
				`{"pilot":"","checkedOn":"","source":"","version":1}`, 401, `unauthenticated`},
			{"of a street", "county_officer@320703", "PUT /registry/areas/320703001/facilities",
				`{"pilot":"","checkedOn":"","source":"","version":0}`, 422, `registry.area.not_community`},
			{"a hall as large as a town", dispatcher, "PUT /registry/areas/" + yuanqian + "/facilities",
				`{"premises":100001,"pilot":"","checkedOn":"","source":"","version":1}`, 422, `"invalid"`},
			{"looked at tomorrow", dispatcher, "PUT /registry/areas/" + yuanqian + "/facilities",
				`{"pilot":"","checkedOn":"2026-11-24","source":"","version":1}`, 422, `checkedOn`},
			{"coverage of the street", "", "GET /registry/areas/320703001/coverage", "", 200,
				`"kind":"hall","have":1,"lack":0,"unknown":\d+,"target":\{"percent":90.*"premises":1200,"measured":1,.*"pilots":\[\{"code":"320703001007"`},
			{"coverage of the city beside the report", "", "GET /registry/areas/3207/coverage", "", 200,
				`"communities":1782.*"hallPercent":90.*"below":\[\{"code":"320703"`},
			{"coverage of nothing", "", "GET /registry/areas/320799/coverage", "", 404, `registry.area.missing`},
		} {
			t.Run(tt.name, func(t *testing.T) {
				w := registrytest.Call(h, tt.actor, tt.request, tt.body, "zh")
				if w.Code != tt.status || !regexp.MustCompile(tt.want).MatchString(w.Body.String()) {
					t.Errorf("%d %.900s", w.Code, w.Body)
				}
			})
		}
		t.Run("rolled up", func(t *testing.T) { rollUp(t, s) })
	})
}

// rollUp counts every level's figures anew from the communities'.
func rollUp(t *testing.T, s *Service) {
	yes, no := true, false
	all := map[string]Facilities{}
	have, lack := map[string]int{}, map[string]int{}
	for i, c := range s.Register.Below("3207", registry.LevelCommunity) {
		f := Facilities{}
		switch {
		case c.Code == "320703001007": // kept by the requests before
			have["3207"]++
			have[c.Code[:6]]++
			continue
		case i%3 == 0:
			f.Hall = &yes
			have["3207"]++
			have[c.Code[:6]]++
		case i%3 == 1:
			f.Hall = &no
			lack["3207"]++
			lack[c.Code[:6]]++
		default:
			continue
		}
		all[c.Code] = f
	}
	registrytest.Must(t, s.LoadFacilities(registrytest.System(), all))
	bodies := &body.Service{Register: s.Register}
	party, err := bodies.PutBody(registrytest.System(), registry.Body{Area: "320703001007", Kind: registry.BodyParty, Name: "党组织"})
	registrytest.Must(t, err)
	for _, to := range []string{"2026-11-22", "2027-01-01", "2027-12-31"} {
		_, err := bodies.AddMember(registrytest.System(), party.ID, registry.Member{Name: "李强", Post: "member",
			TermFrom: "2020-01-01", TermTo: to})
		registrytest.Must(t, err)
	}
	c, err := s.Coverage(registrytest.System(), "3207")
	registrytest.Must(t, err)
	if c.Items[0].Have != have["3207"] || c.Items[0].Lack != lack["3207"] || c.Items[0].Unknown != 1782-have["3207"]-lack["3207"] {
		t.Errorf("city: %+v", c.Items[0])
	}
	if c.Expired != 1 || c.Expiring != 1 || len(c.Below) != 7 {
		t.Errorf("%d expired, %d expiring, %d below", c.Expired, c.Expiring, len(c.Below))
	}
	for _, b := range c.Below {
		if b.Items[0].Have != have[b.Code] || b.Items[0].Lack != lack[b.Code] {
			t.Errorf("%s: %+v, want %d and %d", b.Code, b.Items[0], have[b.Code], lack[b.Code])
		}
	}
	if raw, err := json.Marshal(c); err != nil || len(raw) > 64<<10 {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}
