package body

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
	"linli/internal/registry"
	"linli/internal/registry/community"
	"linli/internal/registry/registrytest"
)

const (
	yuanqian = "320703001007" // residents' committee
	lizhuang = "320703004200" // villagers' committee
)

// newService edits a register; whoever asks may hold any post.
func newService(t *testing.T, r *registry.Service) *Service {
	t.Helper()
	return &Service{Register: r, Rules: rule.NewCache(Rules()),
		Seating: func(context.Context, *audit.Tx, registry.Member, authority.Role) error { return nil }}
}

func newCity(t *testing.T, d *db.DB) *Service {
	t.Helper()
	return newService(t, registrytest.City(t, d))
}

func addBody(t *testing.T, s *Service, area, kind string) registry.Body {
	t.Helper()
	b, err := s.PutBody(registrytest.System(), registry.Body{Area: area, Kind: kind, Name: kind + " of " + area})
	registrytest.Must(t, err)
	return b
}

func TestSupervisorIsNoExecutive(t *testing.T) {
	t.Parallel()
	const rule = "registry.member.supervisor_is_executive"
	type seat struct{ kind, name, account, from, to string }
	tests := []struct {
		name   string
		area   string
		first  seat
		second seat
		day    string // of the second; "" is 2026-11-23
		rule   string // that refuses; "" is allowed
	}{
		{"villager on both", lizhuang, seat{registry.BodyCommittee, "李强", "", "2024-01-01", ""},
			seat{registry.BodySupervisory, "李强", "", "2024-01-01", ""}, "", rule + ".villagers"},
		{"the other way round", lizhuang, seat{registry.BodySupervisory, "李强", "", "2024-01-01", ""},
			seat{registry.BodyCommittee, "李强", "", "2026-01-01", "2028-12-31"}, "", rule + ".villagers"},
		{"residents", yuanqian, seat{registry.BodyCommittee, "王芳", "", "2024-01-01", ""},
			seat{registry.BodySupervisory, "王芳", "", "2024-01-01", ""}, "", rule + ".residents"},
		{"blanks in the name", yuanqian, seat{registry.BodyCommittee, "王 芳", "", "2024-01-01", ""},
			seat{registry.BodySupervisory, "王芳", "", "2024-01-01", ""}, "", rule + ".residents"},
		{"same account under two names", yuanqian, seat{registry.BodyCommittee, "王芳", "a1", "2024-01-01", ""},
			seat{registry.BodySupervisory, "王小芳", "a1", "2024-01-01", ""}, "", rule + ".residents"},
		{"namesakes with accounts of their own", yuanqian, seat{registry.BodyCommittee, "王芳", "a1", "2024-01-01", ""},
			seat{registry.BodySupervisory, "王芳", "a2", "2024-01-01", ""}, "", ""},
		{"somebody else", yuanqian, seat{registry.BodyCommittee, "王芳", "", "2024-01-01", ""}, seat{registry.BodySupervisory,
			"赵敏", "", "2024-01-01", ""}, "", ""},
		{"committee term is over", yuanqian, seat{registry.BodyCommittee, "王芳", "", "2021-01-01", "2026-11-22"},
			seat{registry.BodySupervisory, "王芳", "", "2024-01-01", ""}, "", ""},
		{"last day of the term still counts", yuanqian, seat{registry.BodyCommittee, "王芳", "", "2021-01-01", "2026-11-23"},
			seat{registry.BodySupervisory, "王芳", "", "2024-01-01", ""}, "", rule + ".residents"},
		{"one term after the other", yuanqian, seat{registry.BodyCommittee, "王芳", "", "2024-01-01", "2026-12-31"},
			seat{registry.BodySupervisory, "王芳", "", "2027-01-01", ""}, "", ""},
		{"party member may supervise", lizhuang, seat{registry.BodyParty, "李强", "", "2024-01-01", ""},
			seat{registry.BodySupervisory, "李强", "", "2024-01-01", ""}, "", ""},
		{"party secretary may lead the committee", lizhuang, seat{registry.BodyParty, "李强", "", "2024-01-01", ""},
			seat{registry.BodyCommittee, "李强", "", "2024-01-01", ""}, "", ""},
		{"under the older article", lizhuang, seat{registry.BodyCommittee, "李强", "", "2024-01-01", ""},
			seat{registry.BodySupervisory, "李强", "", "2024-01-01", ""},
			"2025-12-31", rule + ".villagers"},
		{"before any rule", lizhuang, seat{registry.BodyCommittee, "李强", "", "2009-01-01", ""},
			seat{registry.BodySupervisory, "李强", "", "2009-01-01", ""}, "2009-06-01", ""},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		bodies := map[string]registry.Body{}
		for _, area := range []string{yuanqian, lizhuang} {
			for _, kind := range []string{registry.BodyParty, registry.BodyCommittee, registry.BodySupervisory} {
				bodies[area+kind] = addBody(t, s, area, kind)
			}
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				add := func(ctx context.Context, v seat) (registry.Member, error) {
					return s.AddMember(ctx, bodies[tt.area+v.kind].ID,
						registry.Member{Name: v.name, Account: v.account, Post: "member", TermFrom: v.from, TermTo: v.to})
				}
				ctx := registrytest.System()
				if tt.day != "" {
					day, _ := time.ParseInLocation(time.DateOnly, tt.day, clock.City)
					ctx = clock.With(ctx, day)
				}
				one, err := add(ctx, tt.first)
				registrytest.Must(t, err)
				defer s.RemoveMember(registrytest.System(), one.ID, one.Version)
				two, err := add(ctx, tt.second)
				if tt.rule == "" {
					registrytest.Must(t, err)
					registrytest.Must(t, s.RemoveMember(registrytest.System(), two.ID, two.Version))
					return
				}
				registrytest.WantKey(t, err, "registry.member.supervisor_is_executive")
				if e := errs.Of(err); e.Rule != tt.rule || e.Kind != errs.Conflict {
					t.Errorf("cites %s as %d", e.Rule, e.Kind)
				}
			})
		}
		t.Run("in another community", func(t *testing.T) {
			one, err := s.AddMember(registrytest.System(), bodies[lizhuang+registry.BodyCommittee].ID, registry.Member{Name: "孙丽",
				Post: "director", TermFrom: "2024-01-01"})
			registrytest.Must(t, err)
			_, err = s.AddMember(registrytest.System(), bodies[yuanqian+registry.BodySupervisory].ID, registry.Member{Name: "孙丽",
				Post: "supervisor", TermFrom: "2024-01-01"})
			registrytest.Must(t, err)
			t.Run("nor by a change", func(t *testing.T) {
				other, err := s.AddMember(registrytest.System(), bodies[lizhuang+registry.BodySupervisory].ID,
					registry.Member{Name: "周涛", Post: "supervisor", TermFrom: "2024-01-01"})
				registrytest.Must(t, err)
				other.Name = "孙丽"
				_, err = s.ChangeMember(registrytest.System(), other)
				registrytest.WantKey(t, err, "registry.member.supervisor_is_executive")
				one.TermTo = "2026-06-30"
				_, err = s.ChangeMember(registrytest.System(), one)
				registrytest.Must(t, err)
				_, err = s.ChangeMember(registrytest.System(), other)
				registrytest.Must(t, err)
			})
		})
	})
}

func TestRuleCitationsChangeWithTheLaw(t *testing.T) {
	t.Parallel()
	s := newService(t, nil)
	for day, article := range map[string]string{"2025-12-31": "第三十二条", "2026-01-01": "第三十七条"} {
		v, ok := s.Rules.On(ruleSupervisor+".villagers", day)
		if !ok || v.Article != article {
			t.Errorf("on %s the article is %q", day, v.Article)
		}
	}
	for _, key := range []string{ruleCommitteeMin, ruleCommitteeMax} {
		for _, branch := range []string{registry.KindResidents, registry.KindVillagers} {
			if n := s.Rules.Int(key+"."+branch, "2026-11-23"); n < 3 || n > 9 {
				t.Errorf("%s.%s is %d", key, branch, n)
			}
		}
	}
}

func TestBodyEditing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		ctx := registrytest.As(registry.RoleDispatcher, yuanqian, s.Module())
		b, err := s.PutBody(ctx, registry.Body{Area: yuanqian, Kind: registry.BodyStation, Name: "院前社区服务站", Phone: "0518-82310000",
			Hours: []registry.Hours{{Days: []int{1, 2, 3, 4, 5}, From: "08:30", To: "12:00"}, {Days: []int{1, 2, 3, 4, 5},
				From: "14:00", To: "17:30"}}})
		registrytest.Must(t, err)
		if s.Register.BodyName(b.ID) != "院前社区服务站" || b.Version != 1 || len(b.Hours) != 2 {
			t.Errorf("stored %+v", b)
		}
		_, err = s.PutBody(ctx, registry.Body{Area: yuanqian, Kind: registry.BodyStation, Name: "又一个"})
		registrytest.WantKey(t, err, "registry.body.twice")

		b.Name = "院前社区便民服务站"
		changed, err := s.PutBody(ctx, b)
		registrytest.Must(t, err)
		if changed.Version != 2 || s.Register.BodyName(b.ID) != "院前社区便民服务站" {
			t.Errorf("changed %+v, name %s", changed, s.Register.BodyName(b.ID))
		}
		_, err = s.PutBody(ctx, b)
		registrytest.WantKey(t, err, "stale")

		m, err := s.AddMember(ctx, b.ID, registry.Member{Name: "陈晨", Post: "station_chief", TermFrom: "2025-01-01",
			Duty: []registry.Hours{{Days: []int{1}, From: "08:30", To: "12:00"}}})
		registrytest.Must(t, err)
		_, err = s.Link(ctx, m.ID, "a9", m.Version)
		registrytest.WantKey(t, err, "forbidden")
		m, err = s.Link(registrytest.As(registry.RoleSecurityAdministrator, "3207", s.Module()), m.ID, "a9", m.Version)
		registrytest.Must(t, err)
		m.Post, m.Account = "social_worker", ""
		m2, err := s.ChangeMember(ctx, m)
		registrytest.Must(t, err)
		_, err = s.ChangeMember(ctx, m)
		registrytest.WantKey(t, err, "stale")
		registrytest.WantKey(t, s.RemoveMember(ctx, m.ID, m.Version), "stale")
		read, err := s.Register.Body(ctx, d, b.ID)
		registrytest.Must(t, err)
		if len(read.Members) != 1 || read.Members[0].Account != "a9" || read.Members[0].Post != "social_worker" ||
			read.Members[0].Version != m2.Version {
			t.Errorf("members %+v", read.Members)
		}
		registrytest.Must(t, s.RemoveMember(ctx, m.ID, m2.Version))
		registrytest.WantKey(t, s.RemoveMember(ctx, m.ID, m2.Version), "not_found")

		for name, other := range map[string]context.Context{
			"another community": registrytest.As(registry.RoleDispatcher, lizhuang,
				s.Module()), "no such permission": registrytest.As(registry.RoleWindowWorker, yuanqian, s.Module()),
		} {
			_, err = s.PutBody(other, changed)
			registrytest.WantKey(t, err, "forbidden")
			_, err = s.AddMember(other, b.ID, registry.Member{Name: "陈晨", Post: "member", TermFrom: "2025-01-01"})
			if errs.Of(err).Key != "forbidden" {
				t.Errorf("%s may add a member: %v", name, err)
			}
		}
		_, err = s.PutBody(authority.With(ctx, authority.Nobody()), changed)
		registrytest.WantKey(t, err, "unauthenticated")

		other, err := registry.New(ctx, s.Register.Log) // a second process sees the change after its refresh
		registrytest.Must(t, err)
		if other.BodyName(b.ID) != "院前社区便民服务站" {
			t.Error("second process reads another name")
		}
		changed.Name = "院前服务站"
		_, err = s.PutBody(ctx, changed)
		registrytest.Must(t, err)
		registrytest.Must(t, other.Refresh(ctx))
		if other.BodyName(b.ID) != "院前服务站" {
			t.Error("second process does not notice the change")
		}
	})
}

func TestBodyRefusals(t *testing.T) {
	t.Parallel()
	s := newCity(t, dbtest.SQLite(t))
	ok := registry.Body{Area: yuanqian, Kind: registry.BodyCouncil, Name: "议事会"}
	with := func(change func(*registry.Body)) registry.Body { b := ok; change(&b); return b }
	for name, b := range map[string]registry.Body{
		"kind":                        with(func(b *registry.Body) { b.Kind = "club" }),
		"community body of a street":  with(func(b *registry.Body) { b.Area = "320703001" }),
		"department without a name":   with(func(b *registry.Body) { b.Area, b.Kind = "3207", registry.BodyDepartment }),
		"unknown department":          with(func(b *registry.Body) { b.Area, b.Kind, b.Department = "3207", registry.BodyDepartment, "magic" }),
		"department of a community":   with(func(b *registry.Body) { b.Kind, b.Department = registry.BodyDepartment, "police" }),
		"council with a department":   with(func(b *registry.Body) { b.Department = "police" }),
		"no name":                     with(func(b *registry.Body) { b.Name = " \n" }),
		"letters in phone":            with(func(b *registry.Body) { b.Phone = "<script>" }),
		"hours end before they begin": with(func(b *registry.Body) { b.Hours = []registry.Hours{{Days: []int{1}, From: "12:00", To: "08:00"}} }),
		"day 8":                       with(func(b *registry.Body) { b.Hours = []registry.Hours{{Days: []int{8}, From: "08:00", To: "12:00"}} }),
		"a day twice": with(func(b *registry.Body) {
			b.Hours = []registry.Hours{{Days: []int{1, 1},
				From: "08:00", To: "12:00"}}
		}),
		"overlapping hours on one day": with(func(b *registry.Body) {
			b.Hours = []registry.Hours{{Days: []int{1}, From: "08:00", To: "12:00"}, {Days: []int{1, 2}, From: "11:00", To: "13:00"}}
		}),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.PutBody(registrytest.System(), b)
			registrytest.WantKey(t, err, "registry.body.invalid")
			if len(errs.Of(err).Fields) == 0 {
				t.Error("no field named")
			}
		})
	}
	b := addBody(t, s, yuanqian, registry.BodyCouncil)
	for name, m := range map[string]registry.Member{
		"name":  {Post: "member", TermFrom: "2024-01-01"},
		"post":  {Name: "陈晨", TermFrom: "2024-01-01"},
		"from":  {Name: "陈晨", Post: "member", TermFrom: "2024-02-30"},
		"order": {Name: "陈晨", Post: "member", TermFrom: "2024-02-02", TermTo: "2024-02-01"},
		"duty":  {Name: "陈晨", Post: "member", TermFrom: "2024-02-02", Duty: []registry.Hours{{From: "08:00", To: "09:00"}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.AddMember(registrytest.System(), b.ID, m)
			registrytest.WantKey(t, err, "registry.member.invalid")
		})
	}
	_, err := s.PutBody(registrytest.System(), registry.Body{Area: "329999999999", Kind: registry.BodyCouncil, Name: "议事会"})
	registrytest.WantKey(t, err, "registry.area.missing")
}

func TestLoadBodies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		bodies := []registry.Body{{Area: "320703", Kind: registry.BodyDepartment, Department: "civil_affairs", Name: "连云区民政局"}}
		for _, a := range s.Register.Below("3207", registry.LevelCommunity) {
			for _, kind := range registry.CommunityBodies {
				b := registry.Body{Area: a.Code, Kind: kind, Name: a.Name + kind}
				for n := range 3 {
					b.Members = append(b.Members, registry.Member{Name: fmt.Sprintf("%s%d", kind, n), Post: "member", TermFrom: "2024-01-01"})
				}
				bodies = append(bodies, b)
			}
		}
		loaded, err := s.LoadBodies(registrytest.System(), bodies)
		registrytest.Must(t, err)
		if loaded[1].ID == "" || loaded[1].Members[2].ID == "" {
			t.Error("ids are missing")
		}
		figures, err := community.New(registrytest.System(), s.Register, s.Rules)
		registrytest.Must(t, err)
		f, err := figures.Figures(registrytest.System(), "3207")
		registrytest.Must(t, err)
		if f.Complete != 1782 {
			t.Errorf("%d complete communities", f.Complete)
		}
		got, err := s.Register.Bodies(registrytest.System(), yuanqian)
		registrytest.Must(t, err)
		for i, b := range got {
			if b.Kind != registry.CommunityBodies[i] || len(b.Members) != 3 {
				t.Errorf("body %d is %s with %d members", i, b.Kind, len(b.Members))
			}
		}
		_, err = s.LoadBodies(registrytest.System(), bodies[:1])
		registrytest.WantKey(t, err, "registry.body.twice")

		t.Run("for", func(t *testing.T) {
			b, err := s.Register.BodyFor(registrytest.System(), d, "320703001007001", registry.BodyDepartment, "civil_affairs", registry.LevelCounty)
			registrytest.Must(t, err)
			if b.Area != "320703" {
				t.Errorf("department of %s", b.Area)
			}
			_, err = s.Register.BodyFor(registrytest.System(), d, yuanqian, registry.BodyDepartment, "water", registry.LevelCity)
			registrytest.WantKey(t, err, "registry.body.missing")
			_, err = s.Register.BodyFor(registrytest.System(), d, "3207", registry.BodyStation, "", registry.LevelCommunity)
			registrytest.WantKey(t, err, "registry.body.missing")
		})
		t.Run("pick", func(t *testing.T) {
			got, next, err := s.Register.PickBodies(registrytest.System(), registry.BodyFilter{Area: yuanqian, Limit: 4})
			registrytest.Must(t, err)
			if len(got) != 4 || next == "" || got[0].Department != "civil_affairs" {
				t.Fatalf("first page %+v", got)
			}
			rest, next, err := s.Register.PickBodies(registrytest.System(), registry.BodyFilter{Area: yuanqian, Limit: 4, After: next})
			registrytest.Must(t, err)
			if len(rest) != 3 || next != "" {
				t.Fatalf("second page %+v", rest)
			}
			only, _, err := s.Register.PickBodies(registrytest.System(), registry.BodyFilter{Area: "320703001",
				Kind: registry.BodyStation, Limit: 100})
			registrytest.Must(t, err)
			if len(only) != s.Register.CountBelow("320703001").Communities {
				t.Errorf("%d stations", len(only))
			}
		})
	})
	t.Run("supervisor among the loaded", func(t *testing.T) {
		s := newCity(t, dbtest.SQLite(t))
		m := []registry.Member{{Name: "李强", Post: "member", TermFrom: "2024-01-01"}}
		_, err := s.LoadBodies(registrytest.System(), []registry.Body{
			{Area: lizhuang, Kind: registry.BodyCommittee, Name: "村委会", Members: m},
			{Area: lizhuang, Kind: registry.BodySupervisory, Name: "监事会", Members: m}})
		registrytest.WantKey(t, err, "registry.member.supervisor_is_executive")
		if got, _ := s.Register.Bodies(registrytest.System(), lizhuang); len(got) != 0 {
			t.Error("half of it was loaded")
		}
	})
}

func TestGapsAndDuty(t *testing.T) {
	t.Parallel()
	s := newCity(t, dbtest.SQLite(t))
	b := addBody(t, s, lizhuang, registry.BodyCommittee)
	for i, to := range []string{"", "2026-11-22", "2027-01-01"} {
		_, err := s.AddMember(registrytest.System(), b.ID, registry.Member{Name: fmt.Sprintf("甲%d", i), Post: "member",
			TermFrom: "2024-01-01", TermTo: to,
			Duty: []registry.Hours{{Days: []int{1, 3}, From: "08:30", To: "12:00"}}})
		registrytest.Must(t, err)
	}
	g, err := s.Gaps(registrytest.System(), lizhuang)
	registrytest.Must(t, err)
	if len(g.Missing) != 5 || len(g.Expired) != 1 || g.Expired[0].Name != "甲1" || g.Size == nil || g.Size.Members != 2 || g.Size.Min != 3 ||
		g.Size.Rule != ruleCommitteeMin+".villagers" {
		t.Errorf("gaps %+v", g)
	}
	_, err = s.Gaps(registrytest.System(), "320703")
	registrytest.WantKey(t, err, "registry.area.not_community")

	read, err := s.Register.Body(registrytest.System(), s.Register.Log.DB, b.ID)
	registrytest.Must(t, err)
	for _, tt := range []struct {
		at   string
		want int
	}{
		{"2026-11-23 08:29", 0}, {"2026-11-23 08:30", 2}, {"2026-11-23 11:59", 2}, {"2026-11-23 12:00", 0},
		{"2026-11-24 09:00", 0}, {"2026-11-18 09:00", 3}, {"2027-01-04 09:00", 1},
	} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", tt.at, clock.City)
		if got := registry.OnDuty(read.Members, at.UTC()); len(got) != tt.want {
			t.Errorf("at %s %d are on duty, want %d", tt.at, len(got), tt.want)
		}
	}
	sunday := time.Date(2026, 11, 22, 23, 30, 0, 0, clock.City)
	if !registry.Open([]registry.Hours{{Days: []int{7}, From: "23:00", To: "24:00"}}, sunday) {
		t.Error("closed on Sunday night")
	}
}
