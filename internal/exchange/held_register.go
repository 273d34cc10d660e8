package exchange

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/platform/db"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/registry/community"
)

// areaSources read the register of areas, which is in memory.
func areaSources() map[string]source {
	of := func(tell func(h *Held, a registry.Area) string) source {
		return func(_ context.Context, _ db.Reader, h *Held, q Query) (map[string]Value, error) {
			out := map[string]Value{}
			for _, a := range h.communities(q.Area) {
				out[a.Code] = Value{Text: tell(h, a)}
			}
			return out, nil
		}
	}
	above := func(level int) source {
		return of(func(h *Held, a registry.Area) string {
			up, _ := h.Registry.Area(registry.Above(a.Code, level))
			return up.Name
		})
	}
	grids := func(kinds ...string) source {
		return of(func(h *Held, a registry.Area) string {
			n := 0
			for _, g := range h.Registry.Children(a.Code) {
				if len(kinds) == 0 || g.Kind == kinds[0] {
					n++
				}
			}
			return fmt.Sprint(n)
		})
	}
	return map[string]source{
		"community.name":            of(func(_ *Held, a registry.Area) string { return a.Name }),
		"community.code":            of(func(_ *Held, a registry.Area) string { return a.Code }),
		"community.kind":            of(func(_ *Held, a registry.Area) string { return a.OrgKind() }),
		"community.street":          above(registry.LevelStreet),
		"community.county":          above(registry.LevelCounty),
		"community.grids":           grids(),
		"community.grids_dedicated": grids(registry.KindGridDedicated),
		"grid.workers": func(ctx context.Context, r db.Reader, h *Held, q Query) (map[string]Value, error) {
			counts, err := h.Grants.CountRole(ctx, r, registry.RoleGridWorker, q.Area, q.Day)
			return h.counted(q.Area, counts), err
		},
	}
}

// bodySources read the bodies of communities.
func bodySources() map[string]source {
	of := func(kind string, tell func(b *registry.Body) string) source {
		return func(ctx context.Context, r db.Reader, _ *Held, q Query) (map[string]Value, error) {
			bodies, err := registry.ListBodiesBelow(ctx, r, q.Area, kind)
			out := map[string]Value{}
			for i := range bodies {
				out[bodies[i].Area] = Value{Text: tell(&bodies[i])}
			}
			return out, err
		}
	}
	there := func(kind string) source {
		return func(ctx context.Context, r db.Reader, h *Held, q Query) (map[string]Value, error) {
			bodies, err := registry.ListBodiesBelow(ctx, r, q.Area, kind)
			has := map[string]bool{}
			for i := range bodies {
				has[bodies[i].Area] = true
			}
			out := map[string]Value{}
			for _, a := range h.communities(q.Area) {
				out[a.Code] = Value{Text: yesNo(has[a.Code])}
			}
			return out, err
		}
	}
	name := func(b *registry.Body) string { return b.Name }
	phone := func(b *registry.Body) string { return b.Phone }
	return map[string]source{
		"station.name":       of(registry.BodyStation, name),
		"station.phone":      of(registry.BodyStation, phone),
		"station.address":    of(registry.BodyStation, func(b *registry.Body) string { return b.Address }),
		"station.hours":      of(registry.BodyStation, func(b *registry.Body) string { return spans(b.Hours) }),
		"committee.name":     of(registry.BodyCommittee, name),
		"committee.phone":    of(registry.BodyCommittee, phone),
		"party.name":         of(registry.BodyParty, name),
		"council.exists":     there(registry.BodyCouncil),
		"supervisory.exists": there(registry.BodySupervisory),
		"office.exists":      there(registry.BodyOffice),
	}
}

// spans writes opening hours: days of the week by number, 1 for Monday, then from and to.
func spans(hours []registry.Hours) string {
	var out []string
	for _, h := range hours {
		days := strings.Trim(strings.ReplaceAll(fmt.Sprint(h.Days), " ", ","), "[]")
		if n := len(h.Days); n > 2 && h.Days[n-1]-h.Days[0] == n-1 {
			days = fmt.Sprintf("%d–%d", h.Days[0], h.Days[n-1])
		}
		out = append(out, fmt.Sprintf("%s %s–%s", days, h.From, h.To))
	}
	return strings.Join(out, "; ")
}

// inTerm are the members of bodies of a kind who are in office on the day, by community.
func inTerm(ctx context.Context, r db.Reader, q Query, kinds ...string) (map[string][]registry.Seated, error) {
	out := map[string][]registry.Seated{}
	for _, kind := range kinds {
		all, err := registry.ListSeated(ctx, r, q.Area, kind)
		if err != nil {
			return nil, err
		}
		for _, m := range all {
			if m.InTerm(q.Day) {
				out[m.Area] = append(out[m.Area], m)
			}
		}
	}
	return out, nil
}

// memberSources read who is in office: numbers, and the holders of public posts.
func memberSources() map[string]source {
	post := func(kind, post string, tell func(m *registry.Seated) string) source {
		return func(ctx context.Context, r db.Reader, _ *Held, q Query) (map[string]Value, error) {
			members, err := inTerm(ctx, r, q, kind)
			out := map[string]Value{}
			for area, all := range members {
				for i := range all {
					if _, told := out[area]; all[i].Post == post && !told {
						out[area] = Value{Text: tell(&all[i])}
					}
				}
			}
			return out, err
		}
	}
	count := func(post string, kinds ...string) source {
		return func(ctx context.Context, r db.Reader, h *Held, q Query) (map[string]Value, error) {
			members, err := inTerm(ctx, r, q, kinds...)
			counts := map[string]int{}
			for area, all := range members {
				persons := map[string]bool{} // one person in two bodies counts once
				for _, m := range all {
					if post == "" || m.Post == post {
						persons[m.Name] = true
					}
				}
				counts[area] = len(persons)
			}
			return h.counted(q.Area, counts), err
		}
	}
	name := func(m *registry.Seated) string { return m.Name }
	phone := func(m *registry.Seated) string { return m.Phone }
	return map[string]source{
		"secretary.name":        post(registry.BodyParty, "secretary", name),
		"secretary.phone":       post(registry.BodyParty, "secretary", phone),
		"director.name":         post(registry.BodyCommittee, "director", name),
		"director.phone":        post(registry.BodyCommittee, "director", phone),
		"station_chief.name":    post(registry.BodyStation, "station_chief", name),
		"station_chief.phone":   post(registry.BodyStation, "station_chief", phone),
		"chief_supervisor.name": post(registry.BodySupervisory, "chief_supervisor", name),
		"convener.name":         post(registry.BodyCouncil, "convener", name),
		"office_chief.name":     post(registry.BodyOffice, "office_chief", name),
		"committee.term_from":   post(registry.BodyCommittee, "director", func(m *registry.Seated) string { return m.TermFrom }),
		"committee.term_to":     post(registry.BodyCommittee, "director", func(m *registry.Seated) string { return m.TermTo }),
		"secretary.director":    oneShoulder,
		"committee.members":     count("", registry.BodyCommittee),
		"party.members":         count("", registry.BodyParty),
		"two.members":           count("", registry.BodyParty, registry.BodyCommittee),
		"station.staff":         count("", registry.BodyStation),
		"mediators":             count("mediator", registry.BodyOffice),
		"council.members":       count("", registry.BodyCouncil),
		"supervisory.members":   count("", registry.BodySupervisory),
	}
}

// oneShoulder tells whether the secretary is the director, too; nothing where one of the posts is vacant.
func oneShoulder(ctx context.Context, r db.Reader, _ *Held, q Query) (map[string]Value, error) {
	members, err := inTerm(ctx, r, q, registry.BodyParty, registry.BodyCommittee)
	out := map[string]Value{}
	for area, all := range members {
		holders := map[string]registry.Seated{}
		for _, m := range all {
			if _, told := holders[m.Post]; !told && (m.Post == "secretary" || m.Post == "director") {
				holders[m.Post] = m
			}
		}
		if len(holders) == 2 {
			a, b := holders["secretary"], holders["director"]
			out[area] = Value{Text: yesNo(a.Name == b.Name)}
		}
	}
	return out, err
}

// facilitySources read what communities have, with the source and the day that were told.
func facilitySources() map[string]source {
	of := func(tell func(f *community.Facilities) string) source {
		return func(_ context.Context, _ db.Reader, h *Held, q Query) (map[string]Value, error) {
			out := map[string]Value{}
			for _, a := range h.communities(q.Area) {
				f, err := h.Communities.Facilities(a.Code)
				if err != nil {
					return nil, err
				}
				out[a.Code] = Value{Text: tell(&f), Source: text.Pair{Zh: f.Source, En: f.Source}, AsOf: f.CheckedOn}
			}
			return out, nil
		}
	}
	has := func(kind string) source {
		return of(func(f *community.Facilities) string {
			if yes := f.Has(kind); yes != nil {
				return yesNo(*yes)
			}
			return ""
		})
	}
	return map[string]source{
		"facility.premises": of(func(f *community.Facilities) string {
			if f.Premises == nil {
				return ""
			}
			return fmt.Sprint(*f.Premises)
		}),
		"facility.hall":    has(community.FacilityHall),
		"facility.clinic":  has(community.FacilityClinic),
		"facility.elderly": has(community.FacilityElderly),
		"facility.hrss":    has(community.FacilityHRSS),
		"facility.pilot":   of(func(f *community.Facilities) string { return f.Pilot }),
	}
}
