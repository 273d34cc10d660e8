package bundle

import "linli/internal/threshold"

// Law judges by the thresholds that ship, with those of a province where national law has none ("" for no province). A matter that the
// law of the day does not count gives the zero Decision: it does not pass.
func Law(local string) Decide {
	return func(p *Poll, matter string, entitled, cast, yes int) Decision {
		s, ok := threshold.ShareOf(matter, p.Kind, string(p.Mode), local, p.Day)
		if !ok || s.Barred {
			return Decision{}
		}
		of := map[threshold.Count]int{threshold.Entitled: entitled, threshold.Present: entitled, threshold.Cast: cast, threshold.Yes: yes}
		t := Test{Of: string(s.Count), Count: of[s.Count], Base: of[s.Base], Num: s.Num, Den: s.Den, Strict: s.Op == ">"}
		if t.On = string(s.Base); s.Base == "" {
			t.Base = 1
		}
		return Decision{Matter: matter, Entitled: entitled, Cast: cast, Yes: yes, Tests: []Test{t}, Pass: s.Holds(t.Count, t.Base) && t.Base > 0,
			Law: s.Basis, Article: s.Article, Rule: s.Key, From: s.ValidFrom}
	}
}
