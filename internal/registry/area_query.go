package registry

import "slices"

// What other modules ask of the areas. All of it is answered from memory.

// Tree is the current snapshot.
func (s *Service) Tree() *Tree { return s.tree.Load() }

// Area is the area of a code.
func (s *Service) Area(code string) (Area, bool) { return s.Tree().Area(code) }

// Path is the areas from the city down to the code's own; nil when it is not registered.
func (s *Service) Path(code string) []Area { return s.Tree().Path(code) }

// Children lists the areas right below a code in order; of "" the topmost of the register.
func (s *Service) Children(code string) []Area { return s.Tree().Children(code) }

// Below lists the areas of one level inside a code in order.
func (s *Service) Below(code string, level int) []Area { return s.Tree().Below(code, level) }

// CountBelow counts by kind what a code holds, itself included.
func (s *Service) CountBelow(code string) Count { return s.Tree().CountBelow(code) }

// City is the register's city; false when it holds none or several.
func (s *Service) City() (Area, bool) { return s.Tree().City() }

// Search finds areas by name, code, pinyin or initials, the best first, and after them those that
// a former name or code led to. Level 0 is any; limit is brought into 1…100. Names repeat: show the
// Path of each.
func (s *Service) Search(q string, level, limit int) []Area {
	t := s.Tree()
	found := t.Search(q, level, limit)
	if limit <= 0 {
		limit = searchDefault
	}
	for _, a := range t.formerHits(q, level, min(limit, searchMax)) {
		known := slices.ContainsFunc(found, func(b Area) bool { return b.ID == a.ID })
		if len(found) < min(limit, searchMax) && !known {
			found = append(found, a)
		}
	}
	return found
}

// Closed finds places that are no more and that nothing took over.
func (s *Service) Closed(q string, limit int) []Former { return s.Tree().closedHits(q, limit) }
