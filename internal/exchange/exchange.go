// Package exchange keeps the register of data elements (数据元素) and the forms that departments ask communities to fill
// (报表), and judges which of a form's fields are held already: what is held is never asked again.
package exchange

import (
	"embed"

	"linli/internal/platform/rule"
)

// Rules of the module.
const (
	ruleSharing    = "exchange.sharing"
	ruleCollect    = "exchange.collect"
	ruleProvide    = "exchange.provide"
	ruleConfidence = "exchange.held.confidence"
	ruleDuplicate  = "exchange.form.duplicate"
	ruleReason     = "exchange.form.reason"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }
