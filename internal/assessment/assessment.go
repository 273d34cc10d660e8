// Package assessment is how communities, streets and departments are judged (考核评价): by what residents say, and
// by figures that the platform counted, never by ledgers, plaques, signs, bodies, venues or traces. lint.go judges
// the wording of an indicator by the declared words of lexicon.tsv.
package assessment

import (
	_ "embed"

	"linli/internal/platform/rule"
)

//go:embed rules.csv
var shippedRules []byte

// Rules are the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }
