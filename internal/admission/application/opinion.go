package application

import (
	"context"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Sides that give an opinion.
const (
	sideStreet    = "street"
	sideResidents = "residents" // committee, council and supervisory committee
)

// AdmissionOpinion is what a street, or the residents of a community, say to an application.
type AdmissionOpinion struct {
	Side   string `json:"side" enum:"street,residents"`
	Area   string `json:"area"`
	Stance string `json:"stance" enum:"support,amend,object"`
	Note   string `json:"note"`
	By     string `json:"by" doc:"Name of the account"`
	At     int64  `json:"at"`
}

const streetDigits = 9

// streetsOf are the streets and towns concerned.
func streetsOf(r *registry.Service, areas []string) (out []string) {
	for _, a := range areas {
		if len(a) >= streetDigits {
			out = append(out, a[:streetDigits])
			continue
		}
		for _, street := range r.Below(a, registry.LevelStreet) {
			out = append(out, street.Code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// missing are the streets whose opinion is not there yet, and whether the residents' is.
func (e *Application) missing() (streets []string, residents bool) {
	for _, code := range e.streets {
		if !slices.ContainsFunc(e.opinions, func(o AdmissionOpinion) bool { return o.Side == sideStreet && o.Area == code }) {
			streets = append(streets, code)
		}
	}
	return streets, !slices.ContainsFunc(e.opinions, func(o AdmissionOpinion) bool { return o.Side == sideResidents })
}

// opinionsComplete tells whether every street concerned and residents' representatives have said what they think.
func (e *Application) opinionsComplete() bool {
	streets, residents := e.missing()
	return len(streets) == 0 && !residents
}

// sideOf is the side for which an actor speaks, and its area.
func (e *Application) sideOf(a *authority.Actor) (side, area string) {
	if a.RoleFor(permOpine, e.at) == registry.RoleSubdistrictOfficer && len(e.at) >= streetDigits {
		return sideStreet, e.at[:streetDigits]
	}
	return sideResidents, e.at
}

// putOpinion keeps the opinion of the actor's side.
func putOpinion(ctx context.Context, tx *audit.Tx, e *Application, in flow.Input) error {
	side, area := e.sideOf(tx.Actor)
	return insertOpinion(ctx, tx, e, AdmissionOpinion{Side: side, Area: area, Stance: in.Choice, Note: in.Note})
}

// insertOpinion keeps an opinion; a later one of the same side and area takes its place.
func insertOpinion(ctx context.Context, tx *audit.Tx, e *Application, o AdmissionOpinion) error {
	_, err := tx.Exec(ctx, `INSERT INTO admission_application_opinion (shard, application_id, side, area, stance, note, actor_name, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT (shard, application_id, side, area) DO UPDATE SET stance = excluded.stance,
		note = excluded.note, actor_name = excluded.actor_name, at = excluded.at`,
		e.Shard, e.ID, o.Side, o.Area, o.Stance, o.Note, nameOf(tx), clock.Millis(tx.Now))
	return err
}

func listOpinions(ctx context.Context, r db.Reader, e *Application) ([]AdmissionOpinion, error) {
	return db.All(ctx, r, func(row db.Scanner) (o AdmissionOpinion, err error) {
		err = row.Scan(&o.Side, &o.Area, &o.Stance, &o.Note, &o.By, &o.At)
		return o, err
	}, `SELECT side, area, stance, note, actor_name, at FROM admission_application_opinion WHERE shard = $1 AND application_id = $2
		ORDER BY at, side, area`, e.Shard, e.ID)
}
