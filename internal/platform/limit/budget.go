package limit

// Budget says how often one caller may do one act. Amount and period are the dated rule of the
// same name: its value is the amount, its unit the period (per_minute, per_ten_minutes, per_hour,
// per_day). The whole amount may be used at once; it grows back evenly over the period.
type Budget struct {
	Rule     string
	Shared   bool // counted in the database, for all processes together; else in the memory of each
	Failures bool // guards a secret: wrong tries alone are counted, by Check and Fail
}

// Budgets by what they bound. The last part of the rule's name says who counts as one caller:
// a network address (see httpx.Peer), an account, a visitor's browser, a telephone number or mail
// address, or everybody together. Portal and API use the same budget for the same act.
var (
	SignIn       = Budget{"limit.sign_in.address", true, true}         // password or passkey refused
	SignInOffer  = Budget{"limit.sign_in_offer.address", false, false} // a sign-in by passkey or identity system begun
	Factor       = Budget{"limit.factor.account", true, true}          // second factor or confirmation code refused
	FollowCode   = Budget{"limit.follow_code.address", true, true}     // a follow code that opens nothing
	ResidentCode = Budget{"limit.resident_code.address", true, true}   // a telephone code refused
	PeopleSearch = Budget{"limit.people_search.account", true, true}   // a search by a whole number that finds nobody
	Unmask       = Budget{"limit.unmask.account", true, false}         // a personal field shown in full

	Report        = Budget{"limit.report.address", false, false} // an incident reported or an application submitted
	ReportVisitor = Budget{"limit.report.visitor", false, false}
	SurveyAnswer  = Budget{"limit.survey_answer.address", false, false} // one answer sent by a survey's code, taken or refused
	PactOpinion   = Budget{"limit.pact_opinion.address", false, false}  // one opinion on a draft convention
	MatterVoice   = Budget{"limit.matter_voice.address", false, false}  // a matter proposed, supported or appraised, or an opinion on one
	Visit         = Budget{"limit.visit.address", false, false}         // a visit begun that keeps something
	Candidates    = Budget{"limit.candidates.address", false, false}    // a look for duplicates
	Upload        = Budget{"limit.upload.address", false, false}        // one file stored
	UploadVisitor = Budget{"limit.upload.visitor", false, false}

	CodeAsk        = Budget{"limit.code_ask.address", true, false} // a telephone code asked for and not yet used
	CodeAll        = Budget{"limit.code_ask.all", true, false}     // telephone codes sent
	MessageAddress = Budget{"limit.message.address", true, false}  // first message of a case, by where it was opened from
	MessageNumber  = Budget{"limit.message.number", true, false}   // message about a case, by whom it goes to
	MessageAll     = Budget{"limit.message.all", true, false}      // messages about cases
	BulkNumber     = Budget{"limit.bulk.number", true, false}      // message to many, by whom it goes to
	BulkAll        = Budget{"limit.bulk.all", true, false}         // messages to many
)

// All lists every budget.
var All = []Budget{SignIn, SignInOffer, Factor, FollowCode, ResidentCode, PeopleSearch, Unmask, Report, ReportVisitor,
	SurveyAnswer, PactOpinion, MatterVoice, Visit, Candidates,
	Upload, UploadVisitor, CodeAsk, CodeAll, MessageAddress, MessageNumber, MessageAll, BulkNumber, BulkAll}

// Everybody is the one caller of a budget for all together.
const Everybody = "all"
