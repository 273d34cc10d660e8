package application

import (
	"embed"
	"io/fs"

	"linli/internal/platform/rule"
)

//go:embed texts
var texts embed.FS

// Texts holds texts/zh.json and texts/en.json.
var Texts fs.FS = texts

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the room.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Rules of the room.
const (
	ruleDecide       = "admission.decide.days"
	ruleReturn       = "admission.return.once"
	ruleOpinions     = "admission.opinion.days"
	ruleLevels       = "admission.decide.levels"
	ruleReviewMonths = "admission.review.months"
	ruleGrace        = "admission.money.grace"
	ruleApplicant    = "admission.applicant"
	ruleSeparate     = "admission.separate"
	ruleGate         = "admission.gate"
)
