package registry

import (
	"context"

	"linli/internal/platform/db"
)

// loadHistory reads what was. Old registers that never changed cost four empty reads.
func loadHistory(ctx context.Context, r db.Reader) (*history, error) {
	h := newHistory()
	periods := func(query string, keep func(period)) error {
		_, err := db.All(ctx, r, func(s db.Scanner) (p period, err error) {
			if err = s.Scan(&p.area, &p.value, &p.kind, &p.until); err == nil {
				keep(p)
			}
			return p, err
		}, query)
		return err
	}
	if err := periods(`SELECT area_id, code, '', valid_to FROM registry_area_code ORDER BY area_id, revision`, func(p period) {
		h.codes[p.value] = append(h.codes[p.value], p)
		h.life(p.area).codes = append(h.life(p.area).codes, p)
		h.changed(p.area, p.until)
	}); err != nil {
		return nil, err
	}
	if err := periods(`SELECT area_id, name, kind, valid_to FROM registry_area_name ORDER BY area_id, revision`, func(p period) {
		h.life(p.area).names = append(h.life(p.area).names, p)
		h.changed(p.area, p.until)
	}); err != nil {
		return nil, err
	}
	ended, err := db.All(ctx, r, func(s db.Scanner) (c closed, err error) {
		err = s.Scan(&c.ID, &c.Code, &c.Name, &c.Kind, &c.OpenedOn, &c.on, &c.into)
		return c, err
	}, `SELECT id, code, name, kind, opened_on, closed_on, into_id FROM registry_area_closed ORDER BY closed_on, id`)
	if err != nil {
		return nil, err
	}
	for _, c := range ended {
		c.Level = LevelOf(c.Code)
		c.Parent = c.Code[:levelLength[c.Level-1]]
		c.Pinyin, c.Initials = Spelling(c.Name)
		h.closed[c.ID] = c
		h.codes[c.Code] = append(h.codes[c.Code], period{area: c.ID, value: c.Code, until: c.on})
		h.changed(c.ID, c.on)
	}
	type tie struct{ area, into, kind, on string }
	ties, err := db.All(ctx, r, func(s db.Scanner) (t tie, err error) {
		err = s.Scan(&t.area, &t.into, &t.kind, &t.on)
		return t, err
	}, `SELECT area_id, into_id, kind, effective_on FROM registry_change WHERE into_id <> '' ORDER BY revision, position`)
	for _, t := range ties {
		h.changed(t.area, t.on)
		h.changed(t.into, t.on)
		if t.kind == ChangeSplit {
			h.cut[t.into] = t.area
		}
	}
	return h, err
}

const selectChange = `SELECT kind, effective_on, area_id, from_code, from_name, to_code, to_name, into_id, source, reason, actor_name,
	recorded_at FROM registry_change`

func scanChange(s db.Scanner) (c Change, err error) {
	err = s.Scan(&c.Kind, &c.On, &c.AreaID, &c.From.Code, &c.From.Name, &c.To.Code, &c.To.Name, &c.IntoID,
		&c.Source, &c.Reason, &c.Actor, &c.RecordedAt)
	return c, err
}

func listChangesOf(ctx context.Context, r db.Reader, ids []string, limit int) ([]Change, error) {
	in, args := db.In([]any{limit}, ids)
	return db.All(ctx, r, scanChange, selectChange+` WHERE area_id IN `+in+` OR into_id IN `+in+` ORDER BY revision DESC, position LIMIT $1`,
		args...)
}

func listChangesBelow(ctx context.Context, r db.Reader, from, to string, limit int) ([]Change, error) {
	return db.All(ctx, r, scanChange, selectChange+` WHERE (from_code >= $1 AND from_code < $2) OR (to_code >= $1 AND to_code < $2)
		ORDER BY revision DESC, position LIMIT $3`, from, to, limit)
}

// ClosedBody tells when a body was dissolved, and the name of the one that took over, "" where none did.
func ClosedBody(ctx context.Context, r db.Reader, id string) (on, into string, err error) {
	err = r.QueryRow(ctx, `SELECT c.closed_on, COALESCE(b.name, h.name, '') FROM registry_body_closed c
		LEFT JOIN registry_body b ON b.id = c.into_id LEFT JOIN registry_body_closed h ON h.id = c.into_id WHERE c.id = $1`, id).Scan(&on, &into)
	return on, into, err
}

// closedBodyName is the name of a dissolved body, which old timelines still tell.
func closedBodyName(ctx context.Context, r db.Reader, id string) (string, error) {
	return db.Value[string](ctx, r, `SELECT name FROM registry_body_closed WHERE id = $1`, id)
}
