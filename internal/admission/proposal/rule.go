package proposal

// Rules that the service of applications applies too.
const (
	RuleAhead          = "admission.apply.days"
	RuleHearingMinutes = "admission.hearing.minutes"
	RuleListed         = "admission.listed"
	RuleRatify         = "admission.ratify.days"
	RuleTerm           = "admission.term.months"
)

const (
	ruleHearingAreas = "admission.hearing.communities"
	ruleMoney        = "admission.money.required"
	ruleBasis        = "admission.basis.required"
	ruleRole         = "admission.role.assist"
	ruleForbidden    = "admission.forbidden." // and the kind
	ruleAssessment   = "admission.assessment.none"
	ruleHeld         = "admission.held"
	ruleConsistency  = "admission.consistency"
)
