package election

import "linli/internal/council/bundle"

// plan is what was sent, as it is kept.
func (n *NewTerms) plan() Plan {
	p := Plan{Kind: n.Kind, Mode: bundle.Mode(n.Mode), Day: n.Day, Online: n.Online, WomanSeat: n.WomanSeat, TermTo: n.TermTo, Seats: n.Seats,
		ChosenBy: n.ChosenBy, ChosenOn: n.ChosenOn, Committee: n.Committee}
	for _, b := range n.Boxes {
		p.Boxes = append(p.Boxes, bundle.Box{Name: b.Name, Mobile: b.Mobile})
	}
	return p
}
