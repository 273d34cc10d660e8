// Package assessment is how communities, streets and departments are judged (考核评价): by what residents say, and
// by figures that the platform counted, never by ledgers, plaques, signs, bodies, venues or traces. lint.go judges
// the wording of an indicator by the declared words of lexicon.tsv; scheme.go what a scheme must be; flow.go is its
// lifecycle. Results are made from inputs that are kept with them (result.go).
//
// Tables: assessment_scheme, assessment_event, assessment_appeal. The room survey asks residents.
package assessment

import (
	"embed"

	"linli/internal/platform/rule"
)

//go:embed rules.csv
var shippedRules []byte

// Rules are the rules that ship with the module and its room.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS
