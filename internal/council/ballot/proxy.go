package ballot

import (
	"context"
	"errors"

	"linli/internal/council/bundle"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/threshold"
)

// Relations of who votes for somebody.
const (
	Relative = "relative" // 近亲属
	Other    = "other"    // another voter of the community, another villager
)

// Proxy is a written delegation.
type Proxy struct {
	Principal int    `json:"principal" minimum:"1" doc:"Number on the roll of who is away"`
	Agent     int    `json:"agent" minimum:"1" doc:"Number of who votes for them"`
	Relation  string `json:"relation" enum:"relative,other"`
	Document  string `json:"document" minLength:"1" maxLength:"100" doc:"Where the written delegation is kept"`
}

// Proxies are the delegations of a poll by the principals' numbers.
func (s *Service) Proxies(ctx context.Context, r db.Reader, p *Poll) ([]Proxy, error) {
	return db.All(ctx, r, func(row db.Scanner) (x Proxy, err error) {
		return x, row.Scan(&x.Principal, &x.Agent, &x.Relation, &x.Document)
	}, `SELECT principal, agent, relation, document FROM council_proxy WHERE shard = $1 AND poll_id = $2 ORDER BY principal`, p.shard, p.ID)
}

// Delegate keeps a written delegation until polling begins. Candidates are the numbers on the roll of those who stand. Each refusal
// names the article: a mode without proxies, a candidate, a third hand, a fourth delegation, before 2026 in a village whoever is no near
// relative. The caller judges authority and records.
func (s *Service) Delegate(ctx context.Context, tx *audit.Tx, p *Poll, x Proxy, candidates func(number int) bool) error {
	if err := p.in(Posted); err != nil {
		return err
	}
	x.Document = fold.Line(x.Document)
	if x.Document == "" || !fold.Within(x.Document, 100) {
		return errs.ErrInvalid.At("document", "field.required").By(p.rule("proxy.written"))
	}
	all, err := lines(ctx, tx, p)
	if err != nil {
		return err
	}
	given, err := s.Proxies(ctx, tx, p)
	if err != nil {
		return err
	}
	taken := 1
	for _, g := range given {
		if g.Agent == x.Agent && g.Principal != x.Principal {
			taken++
		}
		if g.Principal == x.Agent || g.Agent == x.Principal {
			return errs.New(errs.Conflict, "council.proxy.onward").By(p.rule("proxy.onward"))
		}
	}
	switch {
	case !standing(all, x.Principal):
		return errs.ErrInvalid.At("principal", "council.roll.none")
	case !standing(all, x.Agent) || x.Agent == x.Principal:
		return errs.ErrInvalid.At("agent", "council.proxy.agent").By(p.rule("proxy.voter"))
	case candidates(x.Agent):
		return errs.New(errs.Conflict, "council.proxy.candidate").By(p.rule("proxy.candidate"))
	}
	if err := p.proxyLimit(taken); err != nil {
		return err
	}
	if r, ok := s.Rules.On(p.rule("proxy.relative"), p.Day); ok && x.Relation != Relative {
		return errs.New(errs.Conflict, "council.proxy.relative").By(r.Key)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM council_proxy WHERE shard = $1 AND poll_id = $2 AND principal = $3`, p.shard, p.ID, x.Principal); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO council_proxy (shard, poll_id, principal, agent, relation, document) VALUES ($1,$2,$3,$4,$5,$6)`,
		p.shard, p.ID, x.Principal, x.Agent, x.Relation, x.Document)
	return err
}

// proxyLimit asks the law whether one person may vote for so many others.
func (p *Poll) proxyLimit(taken int) error {
	d, err := threshold.Decide(threshold.Question{Matter: "proxy.limit", Kind: p.Kind, Mode: string(p.Mode), On: p.Day,
		Counts: threshold.Counts{Yes: &taken}})
	switch {
	case errors.Is(err, threshold.ErrNone): // the law of that day sets no number
		return nil
	case err != nil:
		e := errs.Of(err)
		return errs.New(errs.Conflict, "council.proxy.mode").By(e.Rule)
	case !d.Passes:
		return errs.New(errs.Conflict, "council.proxy.limit").With("limit", d.Short[0].Need).By(d.Rule)
	}
	return nil
}

// rule is the key of a rule of the room for the poll's kind of community.
func (p *Poll) rule(name string) string { return "council." + p.Kind + "." + name }

// Revoke takes a delegation back until polling begins. Error: Conflict. The caller judges authority and records.
func (s *Service) Revoke(ctx context.Context, tx *audit.Tx, p *Poll, principal int) error {
	if err := p.in(Posted); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM council_proxy WHERE shard = $1 AND poll_id = $2 AND principal = $3`, p.shard, p.ID, principal)
	return err
}

// publishProxies puts the list of delegations into the chain.
func (s *Service) publishProxies(ctx context.Context, tx *audit.Tx, p *Poll) error {
	given, err := s.Proxies(ctx, tx, p)
	if err != nil {
		return err
	}
	out := bundle.Proxies{List: []bundle.Proxy{}}
	for _, g := range given {
		out.List = append(out.List, bundle.Proxy{Principal: g.Principal, Agent: g.Agent})
	}
	return s.append(ctx, tx, p, bundle.KindProxies, out)
}

// agentOf is who votes for a person, or 0.
func (s *Service) agentOf(ctx context.Context, r db.Reader, p *Poll, principal int) (int, error) {
	n, err := db.Value[int](ctx, r, `SELECT agent FROM council_proxy WHERE shard = $1 AND poll_id = $2 AND principal = $3`, p.shard, p.ID,
		principal)
	if db.IsNone(err) {
		return 0, nil
	}
	return n, err
}
