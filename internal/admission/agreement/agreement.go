// Package agreement keeps 政社互动协议: what a street or town and a community agree for a year about the entries of both
// lists: to which standard, who pays how much and when, which conditions are given, how it is accepted, what follows from a
// breach and how a dispute is settled. Both sides may propose changes until both have signed the same text; at the year's end
// each rates the other, and the ratings are published together.
//
// Tables: admission_agreement, admission_agreement_event, admission_appraisal, admission_gap (sharded). Lifecycle:
// admission.agreement.
package agreement

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"linli/internal/admission"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
)

// Side is who a step is taken for.
type Side string

// The sides. Council are the residents' representatives: they sign nothing and rate.
const (
	Street    Side = "street"
	Community Side = "community"
	Council   Side = "council"
)

// Item is what is agreed about one entry of the lists.
type Item struct {
	Code       string         `json:"code" maxLength:"20" doc:"Of an entry of the own, assisted or reported duties"`
	Kind       admission.Kind `json:"kind,omitempty" enum:"own,assist,report" doc:"As the list has it"`
	Text       admission.Text `json:"text,omitempty" doc:"As the list has it when the agreement is written"`
	Standard   string         `json:"standard" maxLength:"500" doc:"To which standard it is done"`
	Payer      string         `json:"payer,omitempty" maxLength:"100" doc:"Who pays; required of what the community helps with"`
	Amount     int64          `json:"amount,omitempty" minimum:"0" maximum:"100000000000" doc:"Fen for the year"`
	PayBy      string         `json:"payBy,omitempty" maxLength:"10" doc:"Last day of payment"`
	Conditions string         `json:"conditions,omitempty" maxLength:"500" doc:"Staff, premises, data or training that are given"`
}

// Terms is the text of an agreement.
type Terms struct {
	Items      []Item `json:"items" maxItems:"100"`
	Acceptance string `json:"acceptance" maxLength:"1000" doc:"How it is accepted (验收)"`
	Breach     string `json:"breach" maxLength:"1000" doc:"What follows from a breach (违约责任)"`
	Dispute    string `json:"dispute" maxLength:"1000" doc:"How a dispute is settled (争议解决)"`
}

// Bounds of the terms, in characters.
const (
	maxItems    = 100
	maxStandard = 500
	maxPayer    = 100
	maxClause   = 1000
)

// Signature is one side's: account, hour, and the digest of the text that it signed.
type Signature struct {
	By     string `json:"by" doc:"Name of the account; empty while the side has not signed"`
	At     int64  `json:"at"`
	Digest string `json:"digest"`

	account string
}

// Agreement is one community's for a year.
type Agreement struct {
	Shard     string     `json:"-"`
	ID        string     `json:"id"`
	Number    string     `json:"number"`
	Area      string     `json:"area" doc:"The community"`
	Year      int        `json:"year"`
	State     flow.State `json:"state" enum:"draft,negotiating,signed,force,ended,dropped,terminated"`
	Terms     Terms      `json:"terms"`
	Digest    string     `json:"digest" doc:"SHA-256 of number, area, year and terms, in hexadecimal"`
	Proposed  Side       `json:"proposed" enum:"street,community" doc:"Whose text it is"`
	Street    Signature  `json:"street"`
	Community Signature  `json:"community"`
	WrittenAt int64      `json:"writtenAt"`
	EndReason string     `json:"endReason"`
	Published int64      `json:"published" doc:"When the ratings of all sides were published; 0 before"`
	Version   int64      `json:"version"`

	today string // set where guards are asked
}

// From is the first day of the agreement: an agreement is for a calendar year.
func (a *Agreement) From() string { return fmt.Sprintf("%04d-01-01", a.Year) }

// Until is its last day.
func (a *Agreement) Until() string { return fmt.Sprintf("%04d-12-31", a.Year) }

// sum is the digest of what is signed.
func (a *Agreement) sum() string {
	raw, _ := json.Marshal(struct {
		Number, Area string
		Year         int
		Terms        Terms
	}{a.Number, a.Area, a.Year, a.Terms}) // texts and numbers
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Total is what is paid over the year, in fen.
func (t *Terms) Total() (fen int64) {
	for i := range t.Items {
		fen += t.Items[i].Amount
	}
	return fen
}

// tidy brings terms into the form in which they are kept.
func (t *Terms) tidy() {
	for i := range t.Items {
		it := &t.Items[i]
		it.Code, it.PayBy = fold.Compact(it.Code), fold.KeepDay(it.PayBy)
		for _, s := range []*string{&it.Standard, &it.Payer, &it.Conditions} {
			*s = fold.Line(*s)
		}
	}
	for _, s := range []*string{&t.Acceptance, &t.Breach, &t.Dispute} {
		*s = fold.Line(*s)
	}
}

const ruleFunds = "admission.agreement.funds"

// check refuses terms that are incomplete or over their bounds, naming every field: what a community helps with has
// somebody who pays for it, within the year.
func (a *Agreement) check() error {
	refused := errs.ErrInvalid
	bound := func(at, value string, most int, required bool) {
		if required && value == "" {
			refused = refused.At(at, "field.required")
		} else if !fold.Within(value, most) {
			refused = refused.At(at, "field.too_long", "max", most)
		}
	}
	t := &a.Terms
	if len(t.Items) == 0 || len(t.Items) > maxItems {
		refused = refused.At("terms.items", "admission.agreement.items", "max", maxItems)
	}
	seen := []string{}
	for i := range t.Items {
		it, at := &t.Items[i], fmt.Sprintf("terms.items[%d]", i)
		if slices.Contains(seen, it.Code) {
			refused = refused.At(at+".code", "admission.entry.twice", "code", it.Code)
		}
		seen = append(seen, it.Code)
		bound(at+".standard", it.Standard, maxStandard, true)
		bound(at+".conditions", it.Conditions, maxStandard, false)
		helps := it.Kind == admission.Assist
		bound(at+".payer", it.Payer, maxPayer, helps || it.Amount > 0)
		if it.Amount < 0 || helps && it.Amount == 0 {
			refused = refused.At(at+".amount", "admission.agreement.unpaid").By(ruleFunds)
		}
		if it.Amount > 0 && (it.PayBy < a.From() || it.PayBy > a.Until()) {
			refused = refused.At(at+".payBy", "admission.agreement.pay_by", "from", a.From(), "until", a.Until())
		}
	}
	bound("terms.acceptance", t.Acceptance, maxClause, true)
	bound("terms.breach", t.Breach, maxClause, true)
	bound("terms.dispute", t.Dispute, maxClause, true)
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}
