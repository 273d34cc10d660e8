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
	ruleAhead          = "admission.apply.days"
	ruleDecide         = "admission.decide.days"
	ruleReturn         = "admission.return.once"
	ruleOpinions       = "admission.opinion.days"
	ruleHearingAreas   = "admission.hearing.communities"
	ruleHearingMinutes = "admission.hearing.minutes"
	ruleLevels         = "admission.decide.levels"
	ruleTerm           = "admission.term.months"
	ruleReviewMonths   = "admission.review.months"
	ruleRatify         = "admission.ratify.days"
	ruleMoney          = "admission.money.required"
	ruleGrace          = "admission.money.grace"
	ruleBasis          = "admission.basis.required"
	ruleRole           = "admission.role.assist"
	ruleForbidden      = "admission.forbidden." // and the kind
	ruleListed         = "admission.listed"
	ruleAssessment     = "admission.assessment.none"
	ruleHeld           = "admission.held"
	ruleConsistency    = "admission.consistency"
	ruleApplicant      = "admission.applicant"
	ruleSeparate       = "admission.separate"
	ruleGate           = "admission.gate"
)
