package ballot

import (
	"context"
	"encoding/json"

	"linli/internal/council/bundle"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

const pollColumns = `shard, id, area, ref, state, content, paper, boxes, online, roll_version, posted, snapshot, size, root, version`

func scanPoll(r db.Scanner) (p Poll, err error) {
	var id, area, ref, content, paper, boxes, snapshot string
	var online int
	if err = r.Scan(&p.shard, &id, &area, &ref, &p.State, &content, &paper, &boxes, &online, &p.Roll, &p.Posted, &snapshot, &p.Size, &p.Root,
		&p.Version); err != nil {
		return p, err
	}
	p.Online = online == 1
	for raw, into := range map[string]any{content: &p.Poll, boxes: &p.Boxes} {
		if err := json.Unmarshal([]byte(raw), into); err != nil {
			return p, err
		}
	}
	p.Area = area // follows reorganisations; what was posted keeps the code of its day in the chain
	if paper != "" {
		if err := json.Unmarshal([]byte(paper), &p.Paper); err != nil {
			return p, err
		}
	}
	if snapshot != "" {
		p.Snapshot = &bundle.Snapshot{}
		err = json.Unmarshal([]byte(snapshot), p.Snapshot)
	}
	return p, err
}

func (p *Poll) values() ([]any, error) {
	text := map[string]string{}
	for name, v := range map[string]any{"content": p.Poll, "paper": p.Paper, "boxes": p.Boxes, "snapshot": p.Snapshot} {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		text[name] = string(raw)
	}
	if p.Snapshot == nil {
		text["snapshot"] = ""
	}
	if p.Questions == nil {
		text["paper"] = ""
	}
	return []any{p.shard, p.ID, p.Area, p.Ref, string(p.State), text["content"], text["paper"], text["boxes"], db.Bool(p.Online), p.Roll, p.Posted,
		text["snapshot"], p.Size, p.Root, p.Version}, nil
}

func insertPoll(ctx context.Context, tx *audit.Tx, p *Poll) error {
	values, err := p.values()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO council_poll (`+pollColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`, values...)
	return err
}

// updatePoll keeps a poll by its version. Error: Stale.
func updatePoll(ctx context.Context, tx *audit.Tx, p *Poll) error {
	values, err := p.values()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE council_poll SET area = $3, ref = $4, state = $5, content = $6, paper = $7, boxes = $8, online = $9,
		roll_version = $10, posted = $11, snapshot = $12, size = $13, root = $14, version = version + 1
		WHERE shard = $1 AND id = $2 AND version = $15`, values...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: p.ID})
	}
	p.Version++
	return err
}

// Find is one poll. Error: NotFound.
func Find(ctx context.Context, r db.Reader, id string) (Poll, error) {
	p, err := db.One(ctx, r, scanPoll, `SELECT `+pollColumns+` FROM council_poll WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		err = errs.ErrNotFound
	}
	return p, err
}

// Of lists the polls of one election or meeting, the first first.
func Of(ctx context.Context, r db.Reader, area, ref string) ([]Poll, error) {
	return db.All(ctx, r, scanPoll, `SELECT `+pollColumns+` FROM council_poll WHERE area = $1 AND ref = $2 ORDER BY id`, area, ref)
}

// listPublic are the polls of an area whose roll is posted, the newest first.
func listPublic(ctx context.Context, r db.Reader, area string, limit int) ([]Poll, error) {
	return db.All(ctx, r, scanPoll, `SELECT `+pollColumns+` FROM council_poll WHERE area >= $1 AND area < $2 AND state <> 'draft'
		ORDER BY id DESC LIMIT $3`, area, authority.PrefixEnd(area), limit)
}

func insertEntry(ctx context.Context, tx *audit.Tx, p *Poll, e *bundle.Entry) error {
	_, err := tx.Exec(ctx, `INSERT INTO council_chain (shard, poll_id, seq, kind, at, by_name, body, prev, hash)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, p.shard, p.ID, e.Seq, string(e.Kind), e.At, e.By, string(e.Body), e.Prev, e.Hash)
	return err
}

func listEntries(ctx context.Context, r db.Reader, poll string) ([]bundle.Entry, error) {
	return db.All(ctx, r, func(row db.Scanner) (e bundle.Entry, err error) {
		var body string
		err = row.Scan(&e.Seq, &e.Kind, &e.At, &e.By, &body, &e.Prev, &e.Hash)
		e.Body = json.RawMessage(body)
		return e, err
	}, `SELECT seq, kind, at, by_name, body, prev, hash FROM council_chain WHERE shard = $1 AND poll_id = $2 ORDER BY seq`, db.ShardOf(poll), poll)
}

// entriesOf are the bodies of one kind of entries of a poll, in their order.
func entriesOf[T any](ctx context.Context, r db.Reader, poll string, kind bundle.Kind) ([]Dated[T], error) {
	return db.All(ctx, r, func(row db.Scanner) (d Dated[T], err error) {
		var body string
		if err = row.Scan(&d.At, &d.By, &body); err != nil {
			return d, err
		}
		return d, json.Unmarshal([]byte(body), &d.Body)
	}, `SELECT at, by_name, body FROM council_chain WHERE shard = $1 AND poll_id = $2 AND kind = $3 ORDER BY seq`, db.ShardOf(poll), poll,
		string(kind))
}

// Dated is an entry's body with when and by whom.
type Dated[T any] struct {
	At   string `json:"at"`
	By   string `json:"by"`
	Body T      `json:"body"`
}
