package assessment

import (
	"slices"
	"strings"
)

// Kinds of what a community, street or department is never judged by.
const (
	Ledger = "ledger" // 台账: files, records, reports, materials
	Plaque = "plaque" // 奖牌: honours, titles, model sites
	Sign   = "sign"   // 挂牌: signs, boards, slogans on walls
	Body   = "body"   // 组织机构: groups, committees, posts set up
	Venue  = "venue"  // 活动阵地: rooms, centres, floor space
	Trace  = "trace"  // 留痕: photos, likes, check-ins, hours, points, counts of meetings and documents
	Veto   = "veto"   // 一票否决, 责任状
	Input  = "input"  // 工作投入: anything else that is neither what residents say nor what they get
)

// Kinds lists them in the order of the documents.
func Kinds() []string { return []string{Ledger, Plaque, Sign, Body, Venue, Trace, Veto, Input} }

// Verdicts on a wording.
const (
	Refuse = "refuse"
	Accept = "accept"
)

// Span is a run of characters of the phrase, counted in runes: from the first to before the last.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Judgement is what the wording of an indicator amounts to. Kind, Words, Spans and Rule are empty for what is accepted.
type Judgement struct {
	Verdict string   `json:"verdict" enum:"refuse,accept"`
	Kind    string   `json:"kind" doc:"ledger, plaque, sign, body, venue, trace, veto or input; empty when accepted"`
	Words   []string `json:"words" doc:"The offending words as they stand in the phrase"`
	Spans   []Span   `json:"spans" doc:"Where they stand, in characters"`
	Rule    string   `json:"rule" doc:"Key of the rule that refuses"`
	Reason  string   `json:"reason" doc:"measured: the means itself is measured; proof: a means is asked for as proof; input: nothing tells what residents say or get; satisfaction, result or dropped: why it is accepted; free: no words"`
}

// Lint judges what an indicator measures. What is measured decides, not which words occur: of a ledger, plaque,
// sign, body, venue or trace it is refused; what residents say or get is accepted also where it is about one of
// these, and so is a means that the wording takes away. A means that is asked for as proof is refused in every case.
func Lint(phrase string) Judgement {
	w := read(phrase)
	if len(w.runes) == 0 {
		return Judgement{Verdict: Accept, Reason: "free"}
	}
	s := newSentence(w)
	out, live := s.means()
	if len(live) == 0 && out.Reason == "free" {
		out.Reason, live = s.rest()
	}
	for _, m := range live {
		word, from, to := w.original(m.start, m.end)
		out.Words, out.Spans = append(out.Words, word), append(out.Spans, Span{from, to})
		if out.Kind == "" || m.kind == Veto || !m.latin && out.Kind != Veto {
			out.Kind = m.kind
		}
	}
	if out.Reason == "input" && out.Kind == "" {
		out.Kind = Input
	}
	if out.Kind != "" {
		out.Verdict, out.Rule = Refuse, "assessment.banned."+out.Kind
	}
	return out
}

// means finds the means that the wording measures or asks for as proof.
func (s sentence) means() (out Judgement, live []token) {
	out = Judgement{Verdict: Accept, Reason: "free"}
	for _, m := range s.of(tagMeans) {
		reason, refused := s.judge(m)
		switch {
		case refused && out.Reason != "proof":
			out.Reason, live = reason, append(live, m)
		case refused:
			live = append(live, m)
		case len(live) == 0:
			out.Reason = reason
		}
	}
	return out, live
}

// rest judges a wording that names no means: what residents say or get is accepted, and so are things that it takes away;
// of anything else, words of work and things refuse it, and so does that nothing tells of residents.
func (s sentence) rest() (reason string, live []token) {
	for _, t := range s.tokens {
		switch {
		case t.tag == tagFeeling && s.counts(t):
			return "satisfaction", nil
		case t.tag == tagResult && s.reached(t):
			return "result", nil
		}
	}
	things := s.of(tagInput)
	for _, t := range things {
		if !s.dropped(t) {
			live = append(live, t)
		}
	}
	switch {
	case len(live) == 0 && len(things) > 0:
		return "dropped", nil
	case len(live) == 0 && (s.residents || s.asks()):
		return "result", nil
	}
	return "input", append(live, s.of(tagCount)...)
}

// reached tells whether a result is one: that something is used or known is none where the quality of the use is measured.
func (s sentence) reached(t token) bool {
	return t.kind != "reach" || !s.has(tagMeasure, t.end, len(s.runes), "quality")
}

// sentence is a wording with its tokens.
type sentence struct {
	wording
	tokens, beside    []token
	residents, office bool // a resident judges or gets; a superior judges
}

func newSentence(w wording) sentence {
	s := sentence{wording: w}
	s.tokens, s.beside = scan(w)
	for _, t := range s.beside {
		s.residents = s.residents || t.tag == tagPeople
		s.office = s.office || t.tag == tagSuperior
	}
	return s
}

func (s sentence) of(tag string) (out []token) {
	for _, t := range s.tokens {
		if t.tag == tag {
			out = append(out, t)
		}
	}
	return out
}

// judge tells whether a means is what the sentence measures or asks for as proof, or why not.
func (s sentence) judge(m token) (reason string, live bool) {
	if s.dropped(m) {
		return "dropped", false
	}
	if s.proves(m) {
		return "proof", true
	}
	for _, t := range s.tokens {
		switch {
		case t.tag == tagFeeling && s.counts(t) && s.about(m, t):
			return "satisfaction", false
		case t.tag == tagResult && m.kind != Veto && s.about(m, t):
			return "result", false
		}
	}
	return "measured", true
}

// counts tells whether a feeling is that of residents: one that is only a judgement needs somebody who judges,
// and that of superiors is none.
func (s sentence) counts(f token) bool {
	if f.kind == "weak" || s.office {
		return s.residents
	}
	return true
}

// about tells whether the means m is only what t, a feeling or result, is about.
func (s sentence) about(m, t token) bool {
	if m.latin && t.latin {
		return s.aboutLatin(m, t)
	}
	return s.aboutChinese(m, t)
}

// aboutChinese: the head of a Chinese phrase stands last, so a means before it belongs to it; a means behind
// it does where a verb asks or a word of relation joins them.
func (s sentence) aboutChinese(m, t token) bool {
	soft := m.kind != Ledger && m.kind != Trace && m.kind != Veto
	if t.start >= m.end {
		return t.kind != "reach" && !s.ended(m.end, t.start) || t.kind == "reach" && soft && s.reached(t)
	}
	cut := s.cut(t.end, m.start)
	sized := s.has(tagMeasure, m.end, len(s.runes), "")
	switch {
	case t.kind == "verb":
		return !cut || !sized
	case t.kind == "reach":
		return soft && !cut && !s.has(tagMeasure, m.end, len(s.runes), "quality")
	case cut:
		return soft && !sized
	default:
		return s.linked(t.end, m.start)
	}
}

// aboutLatin: the head of an English phrase stands before its preposition, and last among nouns that follow each other.
func (s sentence) aboutLatin(m, t token) bool {
	soft := m.kind != Ledger && m.kind != Trace && m.kind != Veto
	if t.start >= m.end {
		joined := s.linked(m.end, t.start)
		return !s.ended(m.end, t.start) && (!joined && t.kind != "reach" || soft && t.kind == "verb")
	}
	if t.kind == "verb" {
		return !s.cut(t.end, m.start) || !s.has(tagMeasure, m.end, len(s.runes), "")
	}
	if t.kind == "reach" {
		return soft && !s.cut(t.end, m.start)
	}
	return !s.cut(t.end, m.start) && s.linked(t.end, m.start)
}

// linked tells whether a word of relation begins between two places.
func (s sentence) linked(from, to int) bool {
	return slices.ContainsFunc(s.beside, func(t token) bool { return t.tag == tagLink && t.start >= from && t.start < to })
}

// asks tells whether the wording asks by a verb and its negation (亮不亮, 远不远).
func (s sentence) asks() bool {
	for i := 1; i+1 < len(s.runes); i++ {
		if s.runes[i] == '不' && s.runes[i-1] == s.runes[i+1] {
			return true
		}
	}
	return false
}

// has tells whether a token of a tag, and of a kind where one is given, lies between two places.
func (s sentence) has(tag string, from, to int, kind string) bool {
	return slices.ContainsFunc(s.beside, func(t token) bool {
		return t.tag == tag && t.start >= from && t.end <= to && (kind == "" || t.kind == kind)
	})
}

// cut tells whether a clause ends between two places.
func (s sentence) cut(from, to int) bool { return strings.ContainsRune(string(s.runes[from:to]), '|') }

// ended tells whether what stands before is an indicator by itself: a measure, and behind it the end of a clause or an "and".
func (s sentence) ended(from, to int) bool {
	for _, t := range s.beside {
		if t.tag == tagMeasure && t.start >= from && t.end <= to && (s.cut(t.end, to) || s.has(tagAnd, t.end, to, "")) {
			return true
		}
	}
	return false
}

// dropped tells whether the wording takes the means away: 取消台账, 台账精简, without ledgers. Where its
// quality is measured all the same (合并台账完整率), it does not.
func (s sentence) dropped(m token) bool {
	for _, d := range s.of(tagDrop) {
		before := d.kind != "after" && d.end <= m.start && s.near(d.end, m.start, d.latin)
		after := d.kind != "before" && d.start >= m.end && s.near(m.end, d.start, d.latin)
		if before && !s.qualified(m.end) || after {
			return true
		}
	}
	return false
}

// near tells whether at most four characters, or three Latin words, lie between two places of one clause.
func (s sentence) near(from, to int, latin bool) bool {
	between := string(s.runes[from:to])
	if strings.ContainsRune(between, '|') {
		return false
	}
	if latin {
		return len(strings.Fields(between)) <= 3
	}
	return to-from <= 4 && !s.has(tagPart, from, from+1, "")
}

// qualified tells whether a measure of quality follows at once.
func (s sentence) qualified(at int) bool {
	return slices.ContainsFunc(s.beside, func(t token) bool {
		return t.tag == tagMeasure && t.kind == "quality" && t.start >= at && t.start <= at+1
	})
}

// proves tells whether the means is what the judgement is to rest on: 须附照片, evidenced by photos.
func (s sentence) proves(m token) bool {
	for _, p := range s.beside {
		if p.tag != tagProof || p.end > m.start {
			continue
		}
		gap := strings.TrimSpace(string(s.runes[p.end:m.start]))
		switch {
		case p.latin && len(strings.Fields(gap)) > 2, !p.latin && m.start-p.end > 1, strings.ContainsRune(gap, '|'):
		case m.kind != Ledger && m.kind != Trace:
		case s.within(p):
		default:
			return true
		}
	}
	return false
}

// within tells whether a word of proof is none here: part of another word, "satisfied with", or inside 对…是否满意.
func (s sentence) within(p token) bool {
	for _, t := range s.tokens {
		if t.tag == tagFeeling && (t.end <= p.start && p.start-t.end <= 1 && p.latin || t.start >= p.end && s.linked(0, p.start)) {
			return true
		}
		if t.start < p.end && p.start < t.end {
			return true
		}
	}
	return false
}
