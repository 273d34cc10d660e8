package ballot

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"linli/internal/council/bundle"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
)

// Ways of a ballot.
const (
	Online = "online"
	Paper  = "paper"
)

// urnPages is how many sealed lists keep a poll's online ballots. One of 5,000 ballots has some eighty in each: whoever sees which list a
// write touched does not learn which of its ballots came with it.
const urnPages = 64

type mark struct {
	Number  int
	Way     string
	Box     string
	Agent   int
	Receipt string
}

func listMarks(ctx context.Context, r db.Reader, p *Poll) (map[int]mark, error) {
	rows, err := db.All(ctx, r, func(row db.Scanner) (m mark, err error) {
		return m, row.Scan(&m.Number, &m.Way, &m.Box, &m.Agent, &m.Receipt)
	}, `SELECT number, way, box, agent, receipt FROM council_mark WHERE shard = $1 AND poll_id = $2 ORDER BY number`, p.shard, p.ID)
	out := make(map[int]mark, len(rows))
	for _, m := range rows {
		out[m.Number] = m
	}
	return out, err
}

// markOf are the ways of those of some numbers who have had a ballot.
func markOf(ctx context.Context, r db.Reader, p *Poll, numbers []int) (map[int]string, error) {
	out := map[int]string{}
	for _, n := range numbers {
		way, err := db.Value[string](ctx, r, `SELECT way FROM council_mark WHERE shard = $1 AND poll_id = $2 AND number = $3`, p.shard, p.ID, n)
		if err != nil && !db.IsNone(err) {
			return nil, err
		}
		if err == nil {
			out[n] = way
		}
	}
	return out, nil
}

// take marks that somebody has a ballot. Errors: Invalid for a number that does not stand on the roll; Conflict "council.ballot.twice";
// Conflict "council.ballot.delegated" for who has delegated, and the other way "council.proxy.none"; Conflict "council.proxy.absent"
// for an agent who has had no ballot of their own.
func (s *Service) take(ctx context.Context, tx *audit.Tx, p *Poll, m mark) error {
	if err := p.in(Open); err != nil {
		return err
	}
	stands, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM council_roll WHERE shard = $1 AND poll_id = $2 AND number = $3 AND until = 0`,
		p.shard, p.ID, m.Number)
	if err != nil {
		return err
	}
	if stands == 0 {
		return errs.ErrInvalid.At("number", "council.roll.none")
	}
	have, err := markOf(ctx, tx, p, []int{m.Number, m.Agent})
	if err != nil {
		return err
	}
	if way, had := have[m.Number]; had {
		return errTwice.With("number", m.Number, "way", errs.Key("council.way."+way)).By(p.rule("ballot.once"))
	}
	agent, err := s.agentOf(ctx, tx, p, m.Number)
	switch {
	case err != nil:
		return err
	case m.Agent == 0 && agent != 0:
		return errs.New(errs.Conflict, "council.ballot.delegated").With("agent", agent)
	case m.Agent != 0 && agent != m.Agent:
		return errs.New(errs.Conflict, "council.proxy.none").By(p.rule("proxy.written"))
	case m.Agent != 0 && have[m.Agent] == "":
		return errs.New(errs.Conflict, "council.proxy.absent").With("agent", m.Agent).By(p.rule("proxy.present"))
	}
	_, err = tx.Exec(ctx, `INSERT INTO council_mark (shard, poll_id, number, way, box, agent, receipt) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		p.shard, p.ID, m.Number, m.Way, m.Box, m.Agent, m.Receipt)
	return err
}

// Issue hands a paper ballot for a box to somebody, or for a principal to the agent (0 for nobody). Errors: those of take; Invalid for
// a box that is none. It takes permRun over the community.
func (s *Service) Issue(ctx context.Context, id, box string, number, agent int) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		p, err := s.running(ctx, tx, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(p.Boxes, func(b bundle.Box) bool { return b.ID == box }) {
			return errs.ErrInvalid.At("box", "field.choice")
		}
		tx.Record(audit.Entry{Action: permRun, Area: p.Area, Subject: subject, SubjectID: p.ID,
			Detail: map[string]any{"verb": "issue", "box": box}})
		return s.take(ctx, tx, &p, mark{Number: number, Way: Paper, Box: box, Agent: agent})
	})
}

// running is a poll that the actor may run.
func (s *Service) running(ctx context.Context, tx *audit.Tx, id string) (Poll, error) {
	p, err := Find(ctx, tx, id)
	if err != nil || !tx.Actor.Can(permRead, p.Area) {
		tx.Judged()
		return p, errs.ErrNotFound
	}
	return p, tx.Require(permRun, p.Area)
}

// Choice is what a voter chose for one question.
type Choice struct {
	Marks   string   // y, n or a for each option
	Written []string // names written in
}

// Cast takes an online ballot by the code of a voter card, for its holder or for a principal (0 for the holder), and gives the receipt.
// Nothing of the choice is recorded beside the ballot, and nothing of the person in it. Errors: NotFound for the code; those of take;
// Conflict "council.ballot.offline" where the portal takes none; Invalid for a ballot that does not answer the questions; TooMany.
func (s *Service) Cast(ctx context.Context, code string, principal int, choices []Choice) (receipt string, err error) {
	b, receipt := sealedBallot(choices)
	wrong := func(err error) bool { return errs.Of(err).Kind == errs.NotFound }
	err = s.Limits.Guard(ctx, limit.FollowCode, limit.Address(ctx), wrong, func() error {
		return s.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged() // by the code of the card
			p, l, err := s.voter(ctx, tx, code)
			if err != nil {
				return err
			}
			if !p.Online {
				return errs.New(errs.Conflict, "council.ballot.offline")
			}
			if p.State == Open && !p.WellFormed(&b) {
				return errs.ErrInvalid.At("choice", "field.choice")
			}
			m := mark{Number: l.Number, Way: Online, Receipt: hash(receipt)}
			if principal != 0 {
				m.Number, m.Agent = principal, l.Number
			}
			tx.Record(audit.Entry{Action: "council.ballot.cast", Area: p.Area, Subject: subject, SubjectID: p.ID})
			if err := s.take(ctx, tx, &p, m); err != nil {
				return err
			}
			return s.drop(ctx, tx, &p, b)
		})
	})
	return receipt, err
}

// sealedBallot makes a ballot with a random key, and a receipt that has nothing to do with it.
func sealedBallot(choices []Choice) (b bundle.Ballot, receipt string) {
	var random [20]byte
	_, _ = rand.Read(random[:])
	b.Key = hex.EncodeToString(random[:10])
	for _, c := range choices {
		b.Marks = append(b.Marks, c.Marks)
	}
	if slices.ContainsFunc(choices, func(c Choice) bool { return len(c.Written) > 0 }) {
		for _, c := range choices {
			names := []string{}
			for _, n := range c.Written {
				if n = fold.Line(n); n != "" && fold.Within(n, 20) {
					names = append(names, n)
				}
			}
			slices.Sort(names)
			b.Written = append(b.Written, slices.Compact(names))
		}
	}
	text := strings.ToLower(base32.StdEncoding.EncodeToString(random[10:]))
	return b, text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

// drop puts a ballot into one of the poll's sealed lists, chosen by chance, at the place of its key.
func (s *Service) drop(ctx context.Context, tx *audit.Tx, p *Poll, b bundle.Ballot) error {
	n, err := rand.Int(rand.Reader, big.NewInt(urnPages))
	if err != nil {
		return err
	}
	id := urnPage(p, int(n.Int64()))
	sealed, err := db.Value[string](ctx, tx, `SELECT sealed FROM council_urn WHERE shard = $1 AND id = $2`, p.shard, id)
	if err != nil {
		return err
	}
	list, err := s.openPage(sealed, id)
	if err != nil {
		return err
	}
	at, _ := slices.BinarySearchFunc(list, b, func(x, y bundle.Ballot) int { return strings.Compare(x.Key, y.Key) })
	raw, err := json.Marshal(slices.Insert(list, at, b))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE council_urn SET sealed = $3 WHERE shard = $1 AND id = $2`, p.shard, id, s.Ring.Seal(raw, id))
	return err
}

func urnPage(p *Poll, n int) string { return fmt.Sprintf("%s:%02d", p.ID, n) }

func (s *Service) openPage(sealed, id string) (list []bundle.Ballot, err error) {
	raw, err := s.Ring.Open(sealed, id)
	if err == nil {
		err = json.Unmarshal(raw, &list)
	}
	return list, err
}

// empty takes all ballots out of the urn, ordered by their random keys.
func (s *Service) empty(ctx context.Context, tx *audit.Tx, p *Poll) ([]bundle.Ballot, error) {
	type page struct{ id, sealed string }
	pages, err := db.All(ctx, tx, func(r db.Scanner) (x page, err error) { return x, r.Scan(&x.id, &x.sealed) },
		`SELECT id, sealed FROM council_urn WHERE shard = $1 AND poll_id = $2 ORDER BY id`, p.shard, p.ID)
	if err != nil {
		return nil, err
	}
	out := []bundle.Ballot{}
	for _, x := range pages {
		list, err := s.openPage(x.sealed, x.id)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b bundle.Ballot) int { return strings.Compare(a.Key, b.Key) })
	_, err = tx.Exec(ctx, `DELETE FROM council_urn WHERE shard = $1 AND poll_id = $2`, p.shard, p.ID)
	return out, err
}

// Receipt tells whether a receipt is among those of a poll's online ballots: the ballot is in the urn, or counted once the poll is shut.
func (s *Service) Receipt(ctx context.Context, id, receipt string) (bool, error) {
	n, err := db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM council_mark WHERE shard = $1 AND poll_id = $2 AND receipt = $3`, db.ShardOf(id), id,
		hash(strings.ToLower(fold.Compact(receipt))))
	return n > 0, err
}

// Turnout is how many ballots were given so far. While polling lasts nobody learns more.
type Turnout struct {
	Entitled int `json:"entitled"`
	Online   int `json:"online"`
	Paper    int `json:"paper" doc:"Handed out"`
}

// Turnout counts what is marked.
func (s *Service) Turnout(ctx context.Context, r db.Reader, p *Poll) (t Turnout, err error) {
	if t.Entitled, err = entitled(ctx, r, p); err != nil {
		return t, err
	}
	rows, err := db.All(ctx, r, func(row db.Scanner) (m mark, err error) { return m, row.Scan(&m.Way, &m.Number) },
		`SELECT way, COUNT(*) FROM council_mark WHERE shard = $1 AND poll_id = $2 GROUP BY way`, p.shard, p.ID)
	for _, m := range rows {
		if m.Way == Online {
			t.Online = m.Number
		} else {
			t.Paper = m.Number
		}
	}
	return t, err
}
