package task

import (
	"embed"

	"linli/internal/platform/rule"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }
