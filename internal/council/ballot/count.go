package ballot

import (
	"context"
	"slices"
	"strconv"

	"linli/internal/council/bundle"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

// Print makes the ballot paper final. The caller judges authority and records. Errors: Conflict; Invalid for a paper without questions.
func (s *Service) Print(ctx context.Context, tx *audit.Tx, p *Poll, paper bundle.Paper, boxes []bundle.Box) error {
	if err := p.in(Posted); err != nil {
		return err
	}
	if p.Questions != nil {
		return errState.With("state", errs.Key("council.poll.state.paper"))
	}
	if len(paper.Questions) == 0 || len(boxes) == 0 && !p.Online {
		return errs.ErrInvalid.At("questions", "field.required")
	}
	p.Paper, p.Boxes = paper, boxes
	return s.append(ctx, tx, p, bundle.KindPaper, paper)
}

// Begin opens polling on its day, and publishes the list of proxies before it. Errors: Conflict "council.poll.day" on another day;
// Conflict "council.roll.late" before the days of posting are over. The caller judges authority and records.
func (s *Service) Begin(ctx context.Context, tx *audit.Tx, p *Poll) error {
	if err := p.in(Posted); err != nil {
		return err
	}
	today := clock.Day(tx.Now)
	days, key := figure(&p.Poll, "list.posted")
	switch {
	case p.Questions == nil:
		return errs.New(errs.Conflict, "council.poll.paper")
	case today < p.Least:
		return errs.New(errs.Conflict, "council.roll.late").With("days", days, "least", p.Least).By(key)
	case today != p.Day:
		return errs.New(errs.Conflict, "council.poll.day").With("day", p.Day)
	}
	if err := s.publishProxies(ctx, tx, p); err != nil {
		return err
	}
	n, err := entitled(ctx, tx, p)
	if err != nil {
		return err
	}
	p.State = Open
	for i := range urnPages {
		id := urnPage(p, i)
		if err := tx.Send(ctx, `INSERT INTO council_urn (shard, id, poll_id, sealed) VALUES ($1,$2,$3,$4)`, p.shard, id, p.ID,
			s.Ring.Seal([]byte("[]"), id)); err != nil {
			return err
		}
	}
	return s.append(ctx, tx, p, bundle.KindOpen, bundle.Opened{Entitled: n})
}

// End ends polling: the urn is emptied, and what was handed out for each box stands. The caller judges authority and records.
func (s *Service) End(ctx context.Context, tx *audit.Tx, p *Poll) error {
	if err := p.in(Open); err != nil {
		return err
	}
	marks, err := listMarks(ctx, tx, p)
	if err != nil {
		return err
	}
	out := bundle.Shut{Boxes: p.Boxes, Receipts: []string{}}
	for i := range p.Boxes {
		p.Boxes[i].Issued = 0
	}
	for _, m := range marks {
		if m.Way == Online {
			out.Receipts = append(out.Receipts, m.Receipt)
		} else if i := slices.IndexFunc(p.Boxes, func(b bundle.Box) bool { return b.ID == m.Box }); i >= 0 {
			p.Boxes[i].Issued++
		}
		if m.Agent != 0 {
			out.Proxied++
		}
	}
	slices.Sort(out.Receipts)
	if out.Ballots, err = s.empty(ctx, tx, p); err != nil {
		return err
	}
	p.State = Shut
	return s.append(ctx, tx, p, bundle.KindShut, out)
}

// counts are the last counts of each box, and all explanations.
func (s *Service) counts(ctx context.Context, tx *audit.Tx, p *Poll) (last []bundle.Count, explains []bundle.Explanation, err error) {
	all, err := entriesOf[bundle.Count](ctx, tx, p.ID, bundle.KindCount)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range all {
		last = slices.DeleteFunc(last, func(c bundle.Count) bool { return c.Box == d.Body.Box })
		last = append(last, d.Body)
	}
	given, err := entriesOf[bundle.Explanation](ctx, tx, p.ID, bundle.KindExplanation)
	for _, d := range given {
		explains = append(explains, d.Body)
	}
	return last, explains, err
}

// Count keeps a count of a box beside those before it. It takes permRun. Errors: Conflict; Invalid where its numbers do not add up.
func (s *Service) Count(ctx context.Context, id string, c bundle.Count) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		p, err := s.running(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := p.in(Shut); err != nil {
			return err
		}
		if !slices.ContainsFunc(p.Boxes, func(b bundle.Box) bool { return b.ID == c.Box }) {
			return errs.ErrInvalid.At("box", "field.choice")
		}
		if fault := p.Fault(&c); fault != "" {
			return errs.ErrInvalid.At("questions", "council.count."+fault)
		}
		return s.append(ctx, tx, &p, bundle.KindCount, c)
	})
}

// Explain says why the ballots handed out, found and counted of a box differ, as they now stand. It takes permRun. Errors: Conflict
// "council.count.missing" before the box is counted; Conflict "council.count.agrees" where they do not differ; Invalid.
func (s *Service) Explain(ctx context.Context, id, box, reason string) error {
	reason = fold.Line(reason)
	if reason == "" || !fold.Within(reason, 500) {
		return errs.ErrInvalid.At("reason", "field.required")
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		p, err := s.running(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := p.in(Shut); err != nil {
			return err
		}
		last, _, err := s.counts(ctx, tx, &p)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(last, func(c bundle.Count) bool { return c.Box == box })
		k := slices.IndexFunc(p.Boxes, func(b bundle.Box) bool { return b.ID == box })
		if i < 0 || k < 0 {
			return errs.New(errs.Conflict, "council.count.missing").With("box", box)
		}
		if bundle.Explained(p.Boxes[k], &last[i], nil) {
			return errs.New(errs.Conflict, "council.count.agrees")
		}
		return s.append(ctx, tx, &p, bundle.KindExplanation, bundle.Explanation{Box: box, Issued: p.Boxes[k].Issued, Found: last[i].Found,
			Counted: last[i].Counted(), Reason: reason})
	})
}

// Close freezes the result. Errors: Conflict "council.count.missing" for a box without a count; Conflict "council.count.differs" for one
// whose numbers differ unexplained. The caller judges authority and records.
func (s *Service) Close(ctx context.Context, tx *audit.Tx, p *Poll) error {
	if err := p.in(Shut); err != nil {
		return err
	}
	last, explains, err := s.counts(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, b := range p.Boxes {
		i := slices.IndexFunc(last, func(c bundle.Count) bool { return c.Box == b.ID })
		if i < 0 {
			return errs.New(errs.Conflict, "council.count.missing").With("box", b.Name)
		}
		if !bundle.Explained(b, &last[i], explains) {
			return errs.New(errs.Conflict, "council.count.differs").With("box", b.Name, "issued", strconv.Itoa(b.Issued),
				"found", strconv.Itoa(last[i].Found), "counted", strconv.Itoa(last[i].Counted())).By("council.count.explained")
		}
	}
	shut, err := entriesOf[bundle.Shut](ctx, tx, p.ID, bundle.KindShut)
	if err != nil {
		return err
	}
	n, err := entitled(ctx, tx, p)
	if err != nil {
		return err
	}
	snapshot := p.Poll.Close(n, &shut[0].Body, last, bundle.Law(""))
	p.Snapshot, p.State = &snapshot, Closed
	return s.append(ctx, tx, p, bundle.KindClosing, snapshot)
}

// Plan sets what a draft is about. The caller judges authority and records.
func (s *Service) Plan(ctx context.Context, tx *audit.Tx, p *Poll, what bundle.Poll, online bool) error {
	if err := p.in(Draft); err != nil {
		return err
	}
	what.ID, what.Community = p.ID, p.Community
	p.Poll, p.Online = what, online
	return updatePoll(ctx, tx, p)
}

// Again makes the run-off of a closed poll: with the lines of its roll as they stand, its boxes and delegations, a ballot paper of its own,
// and the root of its bundle. Nobody is registered anew. The caller judges authority and records.
func (s *Service) Again(ctx context.Context, tx *audit.Tx, first *Poll, next bundle.Poll, paper bundle.Paper) (Poll, error) {
	if err := first.in(Closed); err != nil {
		return Poll{}, err
	}
	p, err := s.Create(ctx, tx, next, first.Online)
	if err != nil {
		return p, err
	}
	all, err := lines(ctx, tx, first)
	if err != nil {
		return p, err
	}
	all = slices.DeleteFunc(all, func(l line) bool { return l.Until != 0 })
	if err := s.insertLines(ctx, tx, &p, all); err != nil {
		return p, err
	}
	boxes := slices.Clone(first.Boxes)
	for i := range boxes {
		boxes[i].Issued = 0
	}
	given, err := s.Proxies(ctx, tx, first)
	if err == nil {
		err = s.Post(ctx, tx, &p)
	}
	for _, g := range given {
		if err == nil {
			err = s.Delegate(ctx, tx, &p, g, func(int) bool { return false })
		}
	}
	if err == nil {
		err = s.Print(ctx, tx, &p, paper, boxes)
	}
	return p, err
}
