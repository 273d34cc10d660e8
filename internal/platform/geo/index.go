package geo

import (
	"slices"

	"github.com/tidwall/rtree"
)

// Entry is a shape to be found and the id that is given for it.
type Entry struct {
	ID    string
	Shape Shape
}

// Index finds the shapes around a point. It is immutable and safe for concurrent use.
type Index struct {
	tree    rtree.RTreeG[int32]
	entries []Entry
}

// NewIndex indexes entries; those with an empty shape are never found.
func NewIndex(entries []Entry) *Index {
	x := &Index{entries: slices.Clone(entries)}
	for i, e := range x.entries {
		if !e.Shape.Empty() {
			b := e.Shape.box
			x.tree.Insert([2]float64{b.MinLng, b.MinLat}, [2]float64{b.MaxLng, b.MaxLat}, int32(i))
		}
	}
	return x
}

// At gives the ids of all shapes that contain a point, in order of id.
func (x *Index) At(lng, lat float64) []string {
	var ids []string
	p := [2]float64{lng, lat}
	x.tree.Search(p, p, func(_, _ [2]float64, i int32) bool {
		if e := &x.entries[i]; e.Shape.Contains(lng, lat) {
			ids = append(ids, e.ID)
		}
		return true
	})
	slices.Sort(ids)
	return ids
}

// Len is the number of entries.
func (x *Index) Len() int { return len(x.entries) }
