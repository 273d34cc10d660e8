package bundle

// Mode is who votes.
type Mode string

// The modes of an election; a village's is always Voters.
const (
	Voters          Mode = "voters"          // all who are registered
	Households      Mode = "households"      // one of each household
	Representatives Mode = "representatives" // the residents' representatives
)

// Poll says what is voted on. It is fixed when the roll is posted; the questions follow when the candidates are final.
type Poll struct {
	ID        string `json:"id"`
	Area      string `json:"area"`      // code of the community
	Community string `json:"community"` // its name
	Title     string `json:"title"`
	Matter    string `json:"matter"`        // what the rules call it: election, runoff, recall, assembly, representatives, group
	Kind      string `json:"kind"`          // residents or villagers
	Mode      Mode   `json:"mode"`          //
	Day       string `json:"day"`           // of polling, YYYY-MM-DD: the law of that day decides
	Least     string `json:"least"`         // first day on which polling may open, by the posting of the roll
	Of        string `json:"of,omitempty"`  // for a run-off: root of the bundle of the first vote
	Ref       string `json:"ref,omitempty"` // what the poll belongs to, e.g. the id of an election

	Paper `json:"-"`
}

// Paper is what the ballot paper asks.
type Paper struct {
	Woman     string     `json:"woman"` // question of which a seat goes to a woman where none is elected; "" for none
	Questions []Question `json:"questions"`
}

// Question is one post to be filled, or one proposal to be decided.
type Question struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Seats   int      `json:"seats"` // most options that a ballot may be for; 1 for a proposal
	WriteIn bool     `json:"writeIn"`
	Options []Option `json:"options"`
}

// Option is a candidate, or the proposal.
type Option struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Woman bool   `json:"woman"`
}

// Line is one entitled person of the roll, without a name: the commitment is the SHA-256 of the code on the person's voter card,
// so that only its holder recognises the line.
type Line struct {
	No     int    `json:"no"`
	Commit string `json:"commit"`
}

// Roll is the list of entitled persons as posted.
type Roll struct {
	Posted string `json:"posted"` // first day of posting
	Lines  []Line `json:"lines"`
}

// Change is a change of the posted roll. Reason says why; the changed roll is posted anew on the day.
type Change struct {
	Version int    `json:"version"` // of the roll that results; the first posting is 1
	Reason  string `json:"reason"`
	Posted  string `json:"posted"`
	Added   []Line `json:"added"`
	Removed []int  `json:"removed"`
	Count   int    `json:"count"`  // entitled afterwards
	Digest  string `json:"digest"` // of all lines afterwards, see Digest
}

// Proxies is the published list of who votes for whom, by numbers of the roll.
type Proxies struct {
	List []Proxy `json:"list"`
}

// Proxy is one written delegation.
type Proxy struct {
	Principal int `json:"principal"`
	Agent     int `json:"agent"`
}

// Opened is the beginning of polling.
type Opened struct {
	Entitled int `json:"entitled"`
}

// Box is a ballot box: of a polling station or mobile.
type Box struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Mobile bool   `json:"mobile"`
	Issued int    `json:"issued"` // paper ballots handed out for it
}

// Shut is the end of polling: what was handed out, and every online ballot, ordered by its random key.
type Shut struct {
	Boxes    []Box    `json:"boxes"`
	Proxied  int      `json:"proxied"`  // ballots given or handed out to an agent for somebody
	Ballots  []Ballot `json:"ballots"`  // online
	Receipts []string `json:"receipts"` // of online ballots: SHA-256 of the receipt that the voter holds, sorted; no order of Ballots
}

// Ballot is one online ballot. Nothing of it says whose it is or when it was given.
type Ballot struct {
	Key     string     `json:"k"`           // random
	Marks   []string   `json:"m"`           // for each question one of y (for), n (against), a (abstain) for each option
	Written [][]string `json:"w,omitempty"` // for each question the names that were written in
}

// Count is the count of one box, ballot by ballot, by hand.
type Count struct {
	Box       string          `json:"box"`
	Found     int             `json:"found"` // ballots taken out of the box
	Questions []QuestionCount `json:"questions"`
}

// QuestionCount is what a count found for one question.
type QuestionCount struct {
	ID      string         `json:"id"`
	Valid   int            `json:"valid"`
	Invalid int            `json:"invalid"`
	Options []OptionCount  `json:"options"`
	Written []WrittenCount `json:"written,omitempty"`
}

// OptionCount is what a count found for one option, of the valid ballots.
type OptionCount struct {
	ID      string `json:"id"`
	Yes     int    `json:"yes"`
	No      int    `json:"no"`
	Abstain int    `json:"abstain"`
}

// WrittenCount is how many wrote in a name.
type WrittenCount struct {
	Name string `json:"name"`
	Yes  int    `json:"yes"`
}

// Explanation says why the ballots handed out, found and counted of a box differ.
type Explanation struct {
	Box     string `json:"box"`
	Issued  int    `json:"issued"`
	Found   int    `json:"found"`
	Counted int    `json:"counted"`
	Reason  string `json:"reason"`
}

// Snapshot is the result, frozen at the closing.
type Snapshot struct {
	Entitled  int               `json:"entitled"`
	Voted     int               `json:"voted"`     // ballots given: online and found in boxes
	Online    int               `json:"online"`    //
	HandedOut int               `json:"handedOut"` // paper ballots
	Returned  int               `json:"returned"`  // paper ballots found in boxes
	Proxied   int               `json:"proxied"`   // given or handed out to an agent
	Valid     bool              `json:"valid"`     // the vote as a whole
	Reasons   []string          `json:"reasons"`   // why it is not: turnout, excess
	Questions []QuestionOutcome `json:"questions"`
	Decisions []Decision        `json:"decisions"`
}

// QuestionOutcome is a question's total with what it decides.
type QuestionOutcome struct {
	ID        string          `json:"id"`
	Valid     int             `json:"valid"`
	Invalid   int             `json:"invalid"`
	Options   []OptionOutcome `json:"options"`   // candidates in the order of the ballot, then names written in, by votes
	Open      int             `json:"open"`      // seats that nobody has got
	WomanOpen bool            `json:"womanOpen"` // one of them is kept for a woman
}

// OptionOutcome is an option's total.
type OptionOutcome struct {
	ID      string `json:"id"` // w:NAME for a name written in
	Name    string `json:"name"`
	Yes     int    `json:"yes"`
	No      int    `json:"no"`
	Abstain int    `json:"abstain"`
	Result  Result `json:"result"`
}

// Result is what a total means.
type Result string

// The results of an option.
const (
	Elected    Result = "elected"    // or adopted, for a proposal
	Short      Result = "short"      // below the threshold
	Outvoted   Result = "outvoted"   // above it, and others have more votes
	Tied       Result = "tied"       // as many votes as another at the last seat: vote again between them
	NoDecision Result = "nodecision" // the vote as a whole is not valid
)

// Decision is a threshold as it was judged.
type Decision struct {
	Matter   string `json:"matter"`            // election.valid, election.elected, …
	Question string `json:"question"`          // "" for the vote as a whole
	Option   string `json:"option"`            //
	Entitled int    `json:"entitled"`          //
	Cast     int    `json:"cast"`              // ballots given
	Yes      int    `json:"yes"`               //
	Tests    []Test `json:"tests"`             // all that were needed
	Pass     bool   `json:"pass"`              //
	Law      string `json:"law"`               // name of the law
	Article  string `json:"article"`           //
	Rule     string `json:"rule"`              // key of the rule row
	From     string `json:"from"`              // first day of that row's validity
	Version  string `json:"version,omitempty"` // as the rule's publisher marks it
}

// Test is one comparison of whole numbers: Count against Num/Den of Base, more than it where strict, else at least it.
type Test struct {
	Of     string `json:"of"` // what is counted: cast, yes
	On     string `json:"on"` // what it is a part of: entitled, present, cast; "" for a number of its own
	Count  int    `json:"count"`
	Base   int    `json:"base"`
	Num    int    `json:"num"`
	Den    int    `json:"den"`
	Strict bool   `json:"strict"`
}

// Holds computes a test without division. A part of nobody holds never.
func (t Test) Holds() bool {
	if t.Base == 0 {
		return false
	}
	if t.Strict {
		return t.Count*t.Den > t.Base*t.Num
	}
	return t.Count*t.Den >= t.Base*t.Num
}
