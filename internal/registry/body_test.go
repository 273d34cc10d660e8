package registry

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/errs"
)

const (
	yuanqian = "320703001007" // residents' committee
	lizhuang = "320703004200" // villagers' committee
)

func addBody(t *testing.T, s *Service, area, kind string) Body {
	t.Helper()
	b, err := s.PutBody(asSystem(), Body{Area: area, Kind: kind, Name: kind + " of " + area})
	must(t, err)
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
		{"villager on both", lizhuang, seat{BodyCommittee, "李强", "", "2024-01-01", ""},
			seat{BodySupervisory, "李强", "", "2024-01-01", ""}, "", rule + ".villagers"},
		{"the other way round", lizhuang, seat{BodySupervisory, "李强", "", "2024-01-01", ""},
			seat{BodyCommittee, "李强", "", "2026-01-01", "2028-12-31"}, "", rule + ".villagers"},
		{"residents", yuanqian, seat{BodyCommittee, "王芳", "", "2024-01-01", ""},
			seat{BodySupervisory, "王芳", "", "2024-01-01", ""}, "", rule + ".residents"},
		{"blanks in the name", yuanqian, seat{BodyCommittee, "王 芳", "", "2024-01-01", ""},
			seat{BodySupervisory, "王芳", "", "2024-01-01", ""}, "", rule + ".residents"},
		{"same account under two names", yuanqian, seat{BodyCommittee, "王芳", "a1", "2024-01-01", ""},
			seat{BodySupervisory, "王小芳", "a1", "2024-01-01", ""}, "", rule + ".residents"},
		{"namesakes with accounts of their own", yuanqian, seat{BodyCommittee, "王芳", "a1", "2024-01-01", ""},
			seat{BodySupervisory, "王芳", "a2", "2024-01-01", ""}, "", ""},
		{"somebody else", yuanqian, seat{BodyCommittee, "王芳", "", "2024-01-01", ""}, seat{BodySupervisory, "赵敏", "", "2024-01-01", ""}, "", ""},
		{"committee term is over", yuanqian, seat{BodyCommittee, "王芳", "", "2021-01-01", "2026-11-22"},
			seat{BodySupervisory, "王芳", "", "2024-01-01", ""}, "", ""},
		{"last day of the term still counts", yuanqian, seat{BodyCommittee, "王芳", "", "2021-01-01", "2026-11-23"},
			seat{BodySupervisory, "王芳", "", "2024-01-01", ""}, "", rule + ".residents"},
		{"one term after the other", yuanqian, seat{BodyCommittee, "王芳", "", "2024-01-01", "2026-12-31"},
			seat{BodySupervisory, "王芳", "", "2027-01-01", ""}, "", ""},
		{"party member may supervise", lizhuang, seat{BodyParty, "李强", "", "2024-01-01", ""},
			seat{BodySupervisory, "李强", "", "2024-01-01", ""}, "", ""},
		{"party secretary may lead the committee", lizhuang, seat{BodyParty, "李强", "", "2024-01-01", ""},
			seat{BodyCommittee, "李强", "", "2024-01-01", ""}, "", ""},
		{"under the older article", lizhuang, seat{BodyCommittee, "李强", "", "2024-01-01", ""}, seat{BodySupervisory, "李强", "", "2024-01-01", ""},
			"2025-12-31", rule + ".villagers"},
		{"before any rule", lizhuang, seat{BodyCommittee, "李强", "", "2009-01-01", ""},
			seat{BodySupervisory, "李强", "", "2009-01-01", ""}, "2009-06-01", ""},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		bodies := map[string]Body{}
		for _, area := range []string{yuanqian, lizhuang} {
			for _, kind := range []string{BodyParty, BodyCommittee, BodySupervisory} {
				bodies[area+kind] = addBody(t, s, area, kind)
			}
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				add := func(ctx context.Context, v seat) (Member, error) {
					return s.AddMember(ctx, bodies[tt.area+v.kind].ID,
						Member{Name: v.name, Account: v.account, Post: "member", TermFrom: v.from, TermTo: v.to})
				}
				ctx := asSystem()
				if tt.day != "" {
					day, _ := time.ParseInLocation(time.DateOnly, tt.day, clock.City)
					ctx = clock.With(ctx, day)
				}
				one, err := add(ctx, tt.first)
				must(t, err)
				defer s.RemoveMember(asSystem(), one.ID, one.Version)
				two, err := add(ctx, tt.second)
				if tt.rule == "" {
					must(t, err)
					must(t, s.RemoveMember(asSystem(), two.ID, two.Version))
					return
				}
				wantKey(t, err, "registry.member.supervisor_is_executive")
				if e := errs.Of(err); e.Rule != tt.rule || e.Kind != errs.Conflict {
					t.Errorf("cites %s as %d", e.Rule, e.Kind)
				}
			})
		}
		t.Run("in another community", func(t *testing.T) {
			one, err := s.AddMember(asSystem(), bodies[lizhuang+BodyCommittee].ID, Member{Name: "孙丽", Post: "director", TermFrom: "2024-01-01"})
			must(t, err)
			_, err = s.AddMember(asSystem(), bodies[yuanqian+BodySupervisory].ID, Member{Name: "孙丽", Post: "supervisor", TermFrom: "2024-01-01"})
			must(t, err)
			t.Run("nor by a change", func(t *testing.T) {
				other, err := s.AddMember(asSystem(), bodies[lizhuang+BodySupervisory].ID,
					Member{Name: "周涛", Post: "supervisor", TermFrom: "2024-01-01"})
				must(t, err)
				other.Name = "孙丽"
				_, err = s.ChangeMember(asSystem(), other)
				wantKey(t, err, "registry.member.supervisor_is_executive")
				one.TermTo = "2026-06-30"
				_, err = s.ChangeMember(asSystem(), one)
				must(t, err)
				_, err = s.ChangeMember(asSystem(), other)
				must(t, err)
			})
		})
	})
}

func TestRuleCitationsChangeWithTheLaw(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	for day, article := range map[string]string{"2025-12-31": "第三十二条", "2026-01-01": "第三十七条"} {
		v, ok := s.rules.On(ruleSupervisor+".villagers", day)
		if !ok || v.Article != article {
			t.Errorf("on %s the article is %q", day, v.Article)
		}
	}
	for _, key := range []string{ruleCommitteeMin, ruleCommitteeMax} {
		for _, branch := range []string{KindResidents, KindVillagers} {
			if n := s.rules.Int(key+"."+branch, "2026-11-23"); n < 3 || n > 9 {
				t.Errorf("%s.%s is %d", key, branch, n)
			}
		}
	}
}

func TestBodyEditing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		ctx := as(s, RoleDispatcher, yuanqian)
		b, err := s.PutBody(ctx, Body{Area: yuanqian, Kind: BodyStation, Name: "院前社区服务站", Phone: "0518-82310000",
			Hours: []Hours{{[]int{1, 2, 3, 4, 5}, "08:30", "12:00"}, {[]int{1, 2, 3, 4, 5}, "14:00", "17:30"}}})
		must(t, err)
		if s.BodyName(b.ID) != "院前社区服务站" || b.Version != 1 || len(b.Hours) != 2 {
			t.Errorf("stored %+v", b)
		}
		_, err = s.PutBody(ctx, Body{Area: yuanqian, Kind: BodyStation, Name: "又一个"})
		wantKey(t, err, "registry.body.twice")

		b.Name = "院前社区便民服务站"
		changed, err := s.PutBody(ctx, b)
		must(t, err)
		if changed.Version != 2 || s.BodyName(b.ID) != "院前社区便民服务站" {
			t.Errorf("changed %+v, name %s", changed, s.BodyName(b.ID))
		}
		_, err = s.PutBody(ctx, b)
		wantKey(t, err, "stale")

		m, err := s.AddMember(ctx, b.ID, Member{Name: "陈晨", Post: "station_chief", TermFrom: "2025-01-01",
			Duty: []Hours{{[]int{1}, "08:30", "12:00"}}})
		must(t, err)
		_, err = s.Link(ctx, m.ID, "a9", m.Version)
		wantKey(t, err, "forbidden")
		m, err = s.Link(as(s, RoleSecurityAdministrator, "3207"), m.ID, "a9", m.Version)
		must(t, err)
		m.Post, m.Account = "social_worker", ""
		m2, err := s.ChangeMember(ctx, m)
		must(t, err)
		_, err = s.ChangeMember(ctx, m)
		wantKey(t, err, "stale")
		wantKey(t, s.RemoveMember(ctx, m.ID, m.Version), "stale")
		read, err := s.Body(ctx, d, b.ID)
		must(t, err)
		if len(read.Members) != 1 || read.Members[0].Account != "a9" || read.Members[0].Post != "social_worker" ||
			read.Members[0].Version != m2.Version {
			t.Errorf("members %+v", read.Members)
		}
		must(t, s.RemoveMember(ctx, m.ID, m2.Version))
		wantKey(t, s.RemoveMember(ctx, m.ID, m2.Version), "not_found")

		for name, other := range map[string]context.Context{
			"another community": as(s, RoleDispatcher, lizhuang), "no such permission": as(s, RoleWindowWorker, yuanqian),
		} {
			_, err = s.PutBody(other, changed)
			wantKey(t, err, "forbidden")
			_, err = s.AddMember(other, b.ID, Member{Name: "陈晨", Post: "member", TermFrom: "2025-01-01"})
			if errs.Of(err).Key != "forbidden" {
				t.Errorf("%s may add a member: %v", name, err)
			}
		}
		_, err = s.PutBody(authority.With(ctx, authority.Nobody()), changed)
		wantKey(t, err, "unauthenticated")

		other := newService(t, d) // a second process sees the change after its refresh
		if other.BodyName(b.ID) != "院前社区便民服务站" {
			t.Error("second process reads another name")
		}
		changed.Name = "院前服务站"
		_, err = s.PutBody(ctx, changed)
		must(t, err)
		must(t, other.Refresh(ctx))
		if other.BodyName(b.ID) != "院前服务站" {
			t.Error("second process does not notice the change")
		}
	})
}

func TestBodyRefusals(t *testing.T) {
	t.Parallel()
	s := newCity(t, dbtest.SQLite(t))
	ok := Body{Area: yuanqian, Kind: BodyCouncil, Name: "议事会"}
	with := func(change func(*Body)) Body { b := ok; change(&b); return b }
	for name, b := range map[string]Body{
		"kind":                         with(func(b *Body) { b.Kind = "club" }),
		"community body of a street":   with(func(b *Body) { b.Area = "320703001" }),
		"department without a name":    with(func(b *Body) { b.Area, b.Kind = "3207", BodyDepartment }),
		"unknown department":           with(func(b *Body) { b.Area, b.Kind, b.Department = "3207", BodyDepartment, "magic" }),
		"department of a community":    with(func(b *Body) { b.Kind, b.Department = BodyDepartment, "police" }),
		"council with a department":    with(func(b *Body) { b.Department = "police" }),
		"no name":                      with(func(b *Body) { b.Name = " \n" }),
		"letters in phone":             with(func(b *Body) { b.Phone = "<script>" }),
		"hours end before they begin":  with(func(b *Body) { b.Hours = []Hours{{[]int{1}, "12:00", "08:00"}} }),
		"day 8":                        with(func(b *Body) { b.Hours = []Hours{{[]int{8}, "08:00", "12:00"}} }),
		"a day twice":                  with(func(b *Body) { b.Hours = []Hours{{[]int{1, 1}, "08:00", "12:00"}} }),
		"overlapping hours on one day": with(func(b *Body) { b.Hours = []Hours{{[]int{1}, "08:00", "12:00"}, {[]int{1, 2}, "11:00", "13:00"}} }),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.PutBody(asSystem(), b)
			wantKey(t, err, "registry.body.invalid")
			if len(errs.Of(err).Fields) == 0 {
				t.Error("no field named")
			}
		})
	}
	b := addBody(t, s, yuanqian, BodyCouncil)
	for name, m := range map[string]Member{
		"name":  {Post: "member", TermFrom: "2024-01-01"},
		"post":  {Name: "陈晨", TermFrom: "2024-01-01"},
		"from":  {Name: "陈晨", Post: "member", TermFrom: "2024-02-30"},
		"order": {Name: "陈晨", Post: "member", TermFrom: "2024-02-02", TermTo: "2024-02-01"},
		"duty":  {Name: "陈晨", Post: "member", TermFrom: "2024-02-02", Duty: []Hours{{nil, "08:00", "09:00"}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.AddMember(asSystem(), b.ID, m)
			wantKey(t, err, "registry.member.invalid")
		})
	}
	_, err := s.PutBody(asSystem(), Body{Area: "329999999999", Kind: BodyCouncil, Name: "议事会"})
	wantKey(t, err, "registry.area.missing")
}

func TestLoadBodies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newCity(t, d)
		bodies := []Body{{Area: "320703", Kind: BodyDepartment, Department: "civil_affairs", Name: "连云区民政局"}}
		for _, a := range s.Below("3207", LevelCommunity) {
			for _, kind := range CommunityBodies {
				b := Body{Area: a.Code, Kind: kind, Name: a.Name + kind}
				for n := range 3 {
					b.Members = append(b.Members, Member{Name: fmt.Sprintf("%s%d", kind, n), Post: "member", TermFrom: "2024-01-01"})
				}
				bodies = append(bodies, b)
			}
		}
		loaded, err := s.LoadBodies(asSystem(), bodies)
		must(t, err)
		if loaded[1].ID == "" || loaded[1].Members[2].ID == "" {
			t.Error("ids are missing")
		}
		f, err := s.Figures(asSystem(), "3207")
		must(t, err)
		if f.Complete != 1782 {
			t.Errorf("%d complete communities", f.Complete)
		}
		got, err := s.Bodies(asSystem(), yuanqian)
		must(t, err)
		for i, b := range got {
			if b.Kind != CommunityBodies[i] || len(b.Members) != 3 {
				t.Errorf("body %d is %s with %d members", i, b.Kind, len(b.Members))
			}
		}
		_, err = s.LoadBodies(asSystem(), bodies[:1])
		wantKey(t, err, "registry.body.twice")

		t.Run("for", func(t *testing.T) {
			b, err := s.BodyFor(asSystem(), d, "320703001007001", BodyDepartment, "civil_affairs", LevelCounty)
			must(t, err)
			if b.Area != "320703" {
				t.Errorf("department of %s", b.Area)
			}
			_, err = s.BodyFor(asSystem(), d, yuanqian, BodyDepartment, "water", LevelCity)
			wantKey(t, err, "registry.body.missing")
			_, err = s.BodyFor(asSystem(), d, "3207", BodyStation, "", LevelCommunity)
			wantKey(t, err, "registry.body.missing")
		})
		t.Run("pick", func(t *testing.T) {
			got, next, err := s.PickBodies(asSystem(), BodyFilter{Area: yuanqian, Limit: 4})
			must(t, err)
			if len(got) != 4 || next == "" || got[0].Department != "civil_affairs" {
				t.Fatalf("first page %+v", got)
			}
			rest, next, err := s.PickBodies(asSystem(), BodyFilter{Area: yuanqian, Limit: 4, After: next})
			must(t, err)
			if len(rest) != 3 || next != "" {
				t.Fatalf("second page %+v", rest)
			}
			only, _, err := s.PickBodies(asSystem(), BodyFilter{Area: "320703001", Kind: BodyStation, Limit: 100})
			must(t, err)
			if len(only) != s.CountBelow("320703001").Communities {
				t.Errorf("%d stations", len(only))
			}
		})
	})
	t.Run("supervisor among the loaded", func(t *testing.T) {
		s := newCity(t, dbtest.SQLite(t))
		m := []Member{{Name: "李强", Post: "member", TermFrom: "2024-01-01"}}
		_, err := s.LoadBodies(asSystem(), []Body{
			{Area: lizhuang, Kind: BodyCommittee, Name: "村委会", Members: m}, {Area: lizhuang, Kind: BodySupervisory, Name: "监事会", Members: m}})
		wantKey(t, err, "registry.member.supervisor_is_executive")
		if got, _ := s.Bodies(asSystem(), lizhuang); len(got) != 0 {
			t.Error("half of it was loaded")
		}
	})
}

func TestGapsAndDuty(t *testing.T) {
	t.Parallel()
	s := newCity(t, dbtest.SQLite(t))
	b := addBody(t, s, lizhuang, BodyCommittee)
	for i, to := range []string{"", "2026-11-22", "2027-01-01"} {
		_, err := s.AddMember(asSystem(), b.ID, Member{Name: fmt.Sprintf("甲%d", i), Post: "member", TermFrom: "2024-01-01", TermTo: to,
			Duty: []Hours{{[]int{1, 3}, "08:30", "12:00"}}})
		must(t, err)
	}
	g, err := s.Gaps(asSystem(), lizhuang)
	must(t, err)
	if len(g.Missing) != 5 || len(g.Expired) != 1 || g.Expired[0].Name != "甲1" || g.Size == nil || g.Size.Members != 2 || g.Size.Min != 3 ||
		g.Size.Rule != ruleCommitteeMin+".villagers" {
		t.Errorf("gaps %+v", g)
	}
	_, err = s.Gaps(asSystem(), "320703")
	wantKey(t, err, "registry.area.not_community")

	read, err := s.Body(asSystem(), s.db(), b.ID)
	must(t, err)
	for _, tt := range []struct {
		at   string
		want int
	}{
		{"2026-11-23 08:29", 0}, {"2026-11-23 08:30", 2}, {"2026-11-23 11:59", 2}, {"2026-11-23 12:00", 0},
		{"2026-11-24 09:00", 0}, {"2026-11-18 09:00", 3}, {"2027-01-04 09:00", 1},
	} {
		at, _ := time.ParseInLocation("2006-01-02 15:04", tt.at, clock.City)
		if got := OnDuty(read.Members, at.UTC()); len(got) != tt.want {
			t.Errorf("at %s %d are on duty, want %d", tt.at, len(got), tt.want)
		}
	}
	sunday := time.Date(2026, 11, 22, 23, 30, 0, 0, clock.City)
	if !Open([]Hours{{[]int{7}, "23:00", "24:00"}}, sunday) {
		t.Error("closed on Sunday night")
	}
}
