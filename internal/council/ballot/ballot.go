// Package ballot keeps votes by ballot: the roll of entitled persons, one ballot a person whatever the way (paper at a polling station or a
// mobile box, or online), proxies, boxes with their counts, explanations of differences, and the closing snapshot with the certificate
// bundle. Elections and secret votes of meetings are held with it; what is voted on and when is theirs.
//
// Who has voted and what was chosen are kept apart: council_mark has a row a person without time or choice, council_urn a fixed number of
// sealed lists of online ballots ordered by random keys. What that defends and what not: docs/decisions/0138.
//
// Tables (sharded): council_poll, council_roll, council_mark, council_proxy, council_urn, council_chain.
package ballot

import (
	"context"
	"crypto/ed25519"
	"slices"

	"linli/internal/council/bundle"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Service keeps polls.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	People   *people.Service
	Ring     *seal.Ring
	Rules    *rule.Cache
	Limits   *limit.Limiter
	Texts    *text.Catalogue
	URL      string // address of the platform, or ""
}

// State is where a poll stands.
type State string

// The states, in their order.
const (
	Draft  State = "draft"  // the roll is made
	Posted State = "posted" // the roll is public and frozen
	Open   State = "open"   // ballots are given
	Shut   State = "shut"   // boxes are counted
	Closed State = "closed" // the result is frozen
)

// Poll is a vote.
type Poll struct {
	bundle.Poll
	State    State            `json:"state" enum:"draft,posted,open,shut,closed"`
	Online   bool             `json:"online" doc:"Ballots may be given on the portal"`
	Boxes    []bundle.Box     `json:"boxes" nullable:"false"`
	Roll     int              `json:"roll" doc:"Version of the roll; 0 before it is posted"`
	Posted   string           `json:"posted" doc:"First day of posting"`
	Snapshot *bundle.Snapshot `json:"snapshot,omitempty"`
	Size     int              `json:"size" doc:"Entries of the chain"`
	Root     string           `json:"root" doc:"Hash of its last entry"`
	Version  int64            `json:"version"`

	shard string
}

const subject = "council.poll"

// Errors of steps that come too early or too late.
var (
	errState = errs.New(errs.Conflict, "council.poll.state")
	errTwice = errs.New(errs.Conflict, "council.ballot.twice")
)

// in refuses a poll in another state.
func (p *Poll) in(states ...State) error {
	if !slices.Contains(states, p.State) {
		return errState.With("state", errs.Key("council.poll.state."+string(p.State)))
	}
	return nil
}

// Create makes a poll as a draft; ID, Area, Title, Matter, Kind, Mode, Day and Ref are taken from it. The caller judges authority and
// records.
func (s *Service) Create(ctx context.Context, tx *audit.Tx, p bundle.Poll, online bool) (Poll, error) {
	shard := db.Shard(p.Area)
	p.ID = shard + "-" + db.NewID(ctx)
	if a, ok := s.Registry.Area(p.Area); ok {
		p.Community = a.Name
	}
	out := Poll{Poll: p, State: Draft, Online: online, Boxes: []bundle.Box{}, Version: 1, shard: shard}
	return out, insertPoll(ctx, tx, &out)
}

// append adds an entry to the chain and keeps the poll, by its version. Error: Stale.
func (s *Service) append(ctx context.Context, tx *audit.Tx, p *Poll, kind bundle.Kind, body any) error {
	var last *bundle.Entry
	if p.Size > 0 {
		last = &bundle.Entry{Seq: p.Size - 1, Hash: p.Root}
	}
	by := tx.Actor.Name
	if tx.Actor.System {
		by = ""
	}
	e, err := bundle.Next(last, kind, tx.Now.In(clock.City).Format("2006-01-02T15:04:05-07:00"), by, body)
	if err != nil {
		return err
	}
	p.Size, p.Root = e.Seq+1, e.Hash
	tx.Record(audit.Entry{Action: "council.ballot.entry", Area: p.Area, Subject: subject, SubjectID: p.ID,
		Detail: map[string]any{"kind": kind, "entry": e.Seq, "hash": e.Hash}})
	if err := insertEntry(ctx, tx, p, &e); err != nil {
		return err
	}
	return updatePoll(ctx, tx, p)
}

// Bundle is the certificate of a poll as it stands. Error: NotFound before the roll is posted.
func (s *Service) Bundle(ctx context.Context, id string) (*bundle.Bundle, error) {
	entries, err := listEntries(ctx, s.Log.DB, id)
	if err == nil && len(entries) == 0 {
		err = errs.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	b := bundle.Sign(entries, s.key())
	return &b, nil
}

func (s *Service) key() ed25519.PrivateKey { return s.Ring.Signer("council bundle") }

// Key is the public key of every bundle, hexadecimal, with its fingerprint.
func (s *Service) Key() (key, fingerprint string) {
	b := bundle.Sign([]bundle.Entry{{}}, s.key())
	return b.Key, bundle.Fingerprint(b.Key)
}

// figure is a number of days or persons of the law of a day. A law without one gives 0.
func figure(p *bundle.Poll, name string) (int, string) {
	f, ok := threshold.FigureOf(name, p.Kind, "", p.Day)
	if !ok {
		return 0, ""
	}
	return f.Max, f.Key
}

// KindOf is the organic law of a community: villagers or residents.
func KindOf(a registry.Area) string {
	if a.Kind == registry.KindVillagers || a.Kind == registry.KindQuasiVillage {
		return threshold.Villagers
	}
	return threshold.Residents
}
