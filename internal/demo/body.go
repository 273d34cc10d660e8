package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/registry"
)

// bodyKey finds a body; department is "" but for departments.
type bodyKey struct{ area, kind, department string }

var departmentNames = map[string]string{
	"civil_affairs": "民政局", "hrss": "人力资源和社会保障局", "disabled_federation": "残疾人联合会", "medical_security": "医疗保障局",
	"police": "公安局", "urban_management": "城市管理局", "housing": "住房和城乡建设局", "health": "卫生健康委员会",
	"emergency": "应急管理局", "ecology": "生态环境局", "justice": "司法局", "transport": "交通运输局", "water": "水利局", "veterans": "退役军人事务局",
}

var (
	weekdays    = []int{1, 2, 3, 4, 5}
	officeHours = []registry.Hours{{Days: weekdays, From: "08:30", To: "12:00"}, {Days: weekdays, From: "14:00", To: "17:30"}}
	windowHours = append([]registry.Hours{{Days: []int{6}, From: "09:00", To: "11:30"}}, officeHours...)
)

// post is what a body of a kind consists of: so many members with a post.
type post struct {
	name  string
	count int
}

var posts = map[string][]post{
	registry.BodyParty:       {{"secretary", 1}, {"deputy_secretary", 1}, {"member", 1}},
	registry.BodyCommittee:   {{"director", 1}, {"deputy_director", 1}, {"member", 3}},
	registry.BodyStation:     {{"station_chief", 1}, {"social_worker", 3}},
	registry.BodyOffice:      {{"office_chief", 1}, {"mediator", 2}},
	registry.BodyCouncil:     {{"convener", 1}, {"councillor", 4}},
	registry.BodySupervisory: {{"chief_supervisor", 1}, {"supervisor", 2}},
	registry.BodySubdistrict: {{"head", 1}, {"clerk", 2}},
	registry.BodyDepartment:  {{"head", 1}, {"clerk", 2}},
}

// Members of a station whose account does the same work; see loadAccounts.
const (
	memberDispatcher = iota
	memberWindow
	memberGrid
)

// missable are the bodies that some communities lack, so that the register has gaps to show. A
// station is never among them: without one nobody would answer for a case.
var missable = []string{registry.BodyOffice, registry.BodyCouncil, registry.BodySupervisory}

// loadBodies sets up departments of city and counties, offices of streets, and the six bodies of
// every community but a few.
func (l *load) loadBodies(ctx context.Context) error {
	r := l.dice("bodies", 0)
	var bodies []registry.Body
	add := func(a registry.Area, kind, department, name string, names []string) {
		bodies = append(bodies, l.body(r, len(bodies), a, kind, department, name, names))
	}
	for _, level := range []int{registry.LevelCity, registry.LevelCounty} {
		for _, a := range l.Registry.Below(cityCode, level) {
			for _, d := range registry.Departments {
				add(a, registry.BodyDepartment, d, a.Name+departmentNames[d], inventNames(r, 3))
			}
		}
	}
	needed := l.departments()
	for _, a := range l.Registry.Below(cityCode, registry.LevelStreet) {
		add(a, registry.BodySubdistrict, "", streetOffice(a), inventNames(r, 3))
		for _, d := range needed[registry.LevelStreet] {
			add(a, registry.BodyDepartment, d, a.Name+departmentNames[d], inventNames(r, 3))
		}
	}
	for _, a := range l.Registry.Below(cityCode, registry.LevelCommunity) {
		missing := ""
		if a.Code != home && chance(r, 4) {
			missing = pick(r, missable)
		}
		names := inventNames(r, 30) // nobody sits in two bodies
		for _, kind := range registry.CommunityBodies {
			n := members(kind)
			if kind != missing {
				add(a, kind, "", bodyName(a, kind), names[:n])
			}
			names = names[n:]
		}
	}
	loaded, err := l.Bodies.LoadBodies(ctx, bodies)
	for _, b := range loaded {
		l.bodies[bodyKey{b.Area, b.Kind, b.Department}] = b
	}
	return err
}

func members(kind string) int {
	n := 0
	for _, p := range posts[kind] {
		n += p.count
	}
	return n
}

// departments lists by level the departments that services and incidents are routed to.
func (l *load) departments() map[int][]string {
	out := map[int][]string{}
	seen := map[bodyKey]bool{}
	add := func(level int, department string) {
		key := bodyKey{string(rune('0' + level)), registry.BodyDepartment, department}
		if _, real := departmentNames[department]; real && !seen[key] {
			seen[key] = true
			out[level] = append(out[level], department)
		}
	}
	for _, item := range l.Hall.Catalogue() {
		add(int(item.Level), item.Department)
	}
	for _, c := range l.Grid.List() {
		add(int(c.Level), c.Department)
	}
	return out
}

// body describes one with its members, whose terms run now or, in a few, have ended.
func (l *load) body(r *rand.Rand, number int, a registry.Area, kind, department, name string, names []string) registry.Body {
	b := registry.Body{Area: a.Code, Kind: kind, Department: department, Name: name, Phone: officePhone(number),
		Address: inventAddress(r, a), Hours: officeHours}
	if kind == registry.BodyStation {
		b.Hours = windowHours
	}
	from := l.Now.AddDate(0, -3-r.IntN(50), -r.IntN(28))
	if (kind == registry.BodyCouncil || kind == registry.BodySupervisory) && a.Code != home && chance(r, 3) {
		from = l.Now.AddDate(-termYears, -1-r.IntN(8), -r.IntN(28))
	}
	to := from.AddDate(termYears, 0, -1)
	for _, p := range posts[kind] {
		for range p.count {
			m := registry.Member{Name: names[len(b.Members)], Post: p.name, Phone: b.Phone, TermFrom: clock.Day(from)}
			if department == "" && kind != registry.BodySubdistrict && kind != registry.BodyStation {
				m.TermTo = clock.Day(to)
			}
			m.Duty = duty(kind, len(b.Members))
			b.Members = append(b.Members, m)
		}
	}
	return b
}

// termYears is the term of a committee of residents or villagers.
const termYears = 5

// duty spreads the working week over a body's members.
func duty(kind string, n int) []registry.Hours {
	switch {
	case kind == registry.BodyStation || kind == registry.BodyDepartment || kind == registry.BodySubdistrict:
		return officeHours
	case kind == registry.BodyCouncil || kind == registry.BodySupervisory:
		return []registry.Hours{{Days: []int{1 + n%5}, From: "14:00", To: "17:30"}}
	}
	day := []int{1 + n%5}
	return []registry.Hours{{Days: day, From: "08:30", To: "12:00"}, {Days: day, From: "14:00", To: "17:30"}}
}

func streetOffice(a registry.Area) string {
	switch a.Kind {
	case registry.KindTown, registry.KindTownship:
		return a.Name + "人民政府"
	case registry.KindSubdistrict:
		return a.Name + "办事处"
	}
	return a.Name + "管理办公室"
}

func bodyName(a registry.Area, kind string) string {
	short := shortName(a)
	switch kind {
	case registry.BodyParty:
		return short + "党总支部"
	case registry.BodyCommittee:
		if a.Kind == registry.KindQuasiCommunity || a.Kind == registry.KindQuasiVillage {
			return short + "工作委员会" // a statistical unit elects none
		}
		if a.Urban() {
			return short + "居民委员会"
		}
		return strings.TrimSuffix(short, "村") + "村民委员会"
	case registry.BodyStation:
		if a.Urban() {
			return short + "服务站"
		}
		return short + "便民服务站"
	case registry.BodyOffice:
		return short + "综治办"
	case registry.BodyCouncil:
		return short + "议事会"
	}
	return short + "监事会"
}

func inventAddress(r *rand.Rand, a registry.Area) string {
	return fmt.Sprintf("%s%s%d号", shortName(a), pick(r, roads), 1+r.IntN(280))
}
