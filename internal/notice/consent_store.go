package notice

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

const consentColumns = `shard, id, person_id, owner_index, address_index, area, channel, lang, purpose, source, origin, asked_at, given_at,
	withdrawn_at`

func scanConsent(r db.Scanner) (u Consent, err error) {
	err = r.Scan(&u.Shard, &u.ID, &u.Person, &u.Owner, &u.Address, &u.Area, &u.Channel, &u.Lang, &u.Purpose, &u.Source, &u.Origin,
		&u.Asked, &u.Given, &u.Withdrawn)
	return u, err
}

func insertConsent(ctx context.Context, tx *audit.Tx, u *Consent, codeHash string) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_consent (`+consentColumns+`, code_hash)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
		u.Shard, u.ID, u.Person, u.Owner, u.Address, u.Area, string(u.Channel), string(u.Lang), u.Purpose, u.Source, u.Origin, u.Asked,
		u.Given, u.Withdrawn, codeHash)
	return err
}

// giveConsent writes down that a mail address was confirmed.
func giveConsent(ctx context.Context, tx *audit.Tx, u *Consent) error {
	_, err := tx.Exec(ctx, `UPDATE notice_consent SET given_at = $1 WHERE shard = $2 AND id = $3 AND given_at = 0`,
		clock.Millis(tx.Now), u.Shard, u.ID)
	return err
}

// endConsent writes down that a consent was withdrawn, and drops by what its owner could be found.
func endConsent(ctx context.Context, tx *audit.Tx, u *Consent) error {
	_, err := tx.Exec(ctx, `UPDATE notice_consent SET withdrawn_at = $1, owner_index = '', address_index = ''
		WHERE shard = $2 AND id = $3 AND withdrawn_at = 0`, clock.Millis(tx.Now), u.Shard, u.ID)
	return err
}

func deleteConsent(ctx context.Context, tx *audit.Tx, u *Consent) error {
	if _, err := tx.Exec(ctx, `DELETE FROM notice_told WHERE consent_id = $1`, u.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM notice_consent WHERE shard = $1 AND id = $2`, u.Shard, u.ID)
	return err
}

// ownConsents are those of an owner that are not withdrawn.
func ownConsents(ctx context.Context, r db.Reader, owner string) ([]Consent, error) {
	return db.All(ctx, r, scanConsent, `SELECT `+consentColumns+` FROM notice_consent
		WHERE owner_index = $1 AND owner_index <> '' ORDER BY area, channel, id`, owner)
}

// consentsOf are those of an owner or of a person's record, withdrawn ones too.
func consentsOf(ctx context.Context, r db.Reader, owner, person string) ([]Consent, error) {
	return db.All(ctx, r, scanConsent, `SELECT `+consentColumns+` FROM notice_consent WHERE owner_index = $1 AND owner_index <> ''
		UNION SELECT `+consentColumns+` FROM notice_consent WHERE person_id = $2 ORDER BY 2`, owner, person)
}

// consentByCode is the one that a code opens. Error: NotFound.
func consentByCode(ctx context.Context, r db.Reader, shard, codeHash string) (Consent, error) {
	u, err := db.One(ctx, r, scanConsent, `SELECT `+consentColumns+` FROM notice_consent WHERE shard = $1 AND code_hash = $2`,
		shard, codeHash)
	return u, found(err)
}

func findConsent(ctx context.Context, r db.Reader, id string) (Consent, error) {
	u, err := db.One(ctx, r, scanConsent, `SELECT `+consentColumns+` FROM notice_consent WHERE shard = $1 AND id = $2`,
		db.ShardOf(id), id)
	return u, found(err)
}

// personInUse tells whether a consent that holds needs a person's record.
func personInUse(ctx context.Context, r db.Reader, person string) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM notice_consent WHERE person_id = $1 AND withdrawn_at = 0`, person)
	return n > 0, err
}

// consentsIn are those that hold in an area itself.
func consentsIn(ctx context.Context, r db.Reader, area string) ([]Consent, error) {
	return db.All(ctx, r, scanConsent, `SELECT `+consentColumns+` FROM notice_consent WHERE area = $1 AND withdrawn_at = 0
		ORDER BY id`, area)
}

// mostUnconfirmed bounds how many the job drops in one write.
const mostUnconfirmed = 200

func unconfirmed(ctx context.Context, r db.Reader, before int64) ([]Consent, error) {
	return db.All(ctx, r, scanConsent, `SELECT `+consentColumns+` FROM notice_consent WHERE withdrawn_at = 0 AND given_at = 0
		AND asked_at < $1 ORDER BY id LIMIT $2`, before, mostUnconfirmed)
}

// wanted are those that hold and had been given by an instant, in an area and the areas inside it, in order of area and id
// after a place.
func wanted(ctx context.Context, r db.Reader, area string, given int64, after place, most int) ([]Consent, error) {
	return db.All(ctx, r, scanConsent, `SELECT `+consentColumns+` FROM notice_consent WHERE withdrawn_at = 0
		AND area >= $1 AND area < $2 AND (area, id) > ($3, $4) AND given_at > 0 AND given_at <= $5 ORDER BY area, id LIMIT $6`,
		area, authority.PrefixEnd(area), after.first, after.second, given, most)
}
