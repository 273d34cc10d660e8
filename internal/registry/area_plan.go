package registry

// importPlan is what an import changes.
type importPlan struct {
	report ImportReport
	open   []Area // without id and day
	rename []Area
}

// plan compares rows, in the order of their codes, with the register. Every row's parent must be
// registered or stand among the rows; only a city may stand without its province.
func (t *Tree) plan(rows []areaRow) (*importPlan, error) {
	p := &importPlan{report: ImportReport{Rows: len(rows)}}
	var problems []Problem
	given := make(map[string]bool, len(rows))
	parents := map[string]bool{}
	for _, r := range rows {
		given[r.code] = true
		parents[r.parent] = true
		if r.level <= LevelCity || given[r.parent] {
			continue
		}
		if _, ok := t.find(r.parent); !ok && len(problems) < maxProblems {
			problems = append(problems, newProblem(r.file, r.line, "registry.import.orphan", "code", r.code, "parent", r.parent))
		}
	}
	if len(problems) > 0 {
		return nil, &ImportError{problems}
	}
	for _, r := range rows {
		p.add(t, r)
	}
	p.report.Absent = t.absent(given, parents)
	return p, nil
}

func (p *importPlan) add(t *Tree, r areaRow) {
	i, ok := t.find(r.code)
	switch {
	case r.kind == "" && ok:
		r.kind = kinds[t.kind[i]]
	case r.kind == "":
		r.kind = KindGridGeneral
	}
	if ok && t.name.at(i) == r.name && kinds[t.kind[i]] == r.kind {
		p.report.Unchanged++
		return
	}
	a := Area{Code: r.code, Name: r.name, Level: r.level, Kind: r.kind, Parent: r.parent}
	a.Pinyin, a.Initials = spell(r.name)
	if ok {
		p.rename = append(p.rename, a)
		p.report.Renamed = append(p.report.Renamed, Renamed{r.code, t.name.at(i), r.name})
		return
	}
	p.open = append(p.open, a)
	p.report.Opened = append(p.report.Opened, Named{r.code, r.name})
}

// absent lists registered areas that the rows leave out although they list others under the same
// parent, and whatever is below these. A parent comes before its children in the tree.
func (t *Tree) absent(given, parents map[string]bool) []Named {
	var out []Named
	gone := map[string]bool{}
	for i, k := range t.keys {
		code := codeOf(k)
		parent := code[:levelLength[k%8-1]]
		if given[code] || !parents[parent] && !gone[parent] {
			continue
		}
		if k%8 <= LevelCity && !given[parent] { // a city's file says nothing of other cities
			continue
		}
		gone[code] = true
		out = append(out, Named{code, t.name.at(i)})
	}
	return out
}
