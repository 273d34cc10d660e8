package review

import (
	"strings"
	"unicode/utf8"
)

// circumstances answers, of a place in a clause, who acts there, what sets it off and whether it is forbidden, quoted or free.
type circumstances struct {
	text   string
	led    bool    // what stands above says that breaches are dealt with here
	plains [][]int // where a dangerous word is part of a harmless one
}

func newCircumstances(text string) circumstances {
	return circumstances{text: text, plains: plainWords.FindAllStringIndex(text, -1)}
}

const (
	stops  = "。；！？"
	pauses = stops + "，："
)

// since is where the part of the text that holds at began: behind the last of the marks before it.
func (c circumstances) since(at int, marks string) int {
	i := strings.LastIndexAny(c.text[:at], marks)
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(c.text[i:])
	return i + size
}

// until is where that part ends.
func (c circumstances) until(at int, marks string) int {
	if i := strings.IndexAny(c.text[at:], marks); i >= 0 {
		return at + i
	}
	return len(c.text)
}

// judge weighs a rule's match: "" where the circumstances make it lawful.
//
// Guards: own (the rule holds its own negation), any (whoever acts), trigger (only as a consequence), strong (only as a consequence
// in the same sentence), free (lawful where voluntary), reward (lawful where residents are given something), law (lawful where the
// law is said to be followed), contract (borderline in a contract), village (only of villages), residents (only of residents), tight
// (what makes it lawful counts in the match alone).
func (c circumstances) judge(r reading, from, to int, o Options) string {
	has := func(g string) bool { return r.guards[g] != "" }
	for _, p := range c.plains {
		if from < p[1] && p[0] < to && (p[0] <= from || p[1] >= to) {
			return ""
		}
	}
	segment, sentence := c.text[c.since(from, pauses):from], c.text[c.since(from, stops):from]
	whole := c.text[c.since(from, stops):c.until(to, stops)]
	switch {
	case has("village") && !o.Village, has("residents") && o.Village:
		return ""
	case r.unless != nil && r.unless.MatchString(whole), r.inside != nil && r.inside.MatchString(c.text[from:to]):
		return ""
	case !has("own") && c.negated(from, to):
		return ""
	case !has("any") && c.state(from, to):
		return ""
	case has("trigger") && !c.led && !triggerWords.MatchString(c.text[:from]) && !negWords.MatchString(c.text[:from]),
		has("strong") && !c.led && !triggerWords.MatchString(sentence):
		return ""
	case has("free") && freeWords.MatchString(segment):
		return ""
	case has("reward") && rewardWords.MatchString(c.text[c.since(from, pauses):c.until(to, pauses)]):
		return ""
	}
	severity := r.severity
	lawful := lawWords.MatchString(segment) || lawWords.MatchString(c.text[from:to])
	if lawful && !villageWords.MatchString(segment) && !moneyWords.MatchString(c.text[from:c.until(to, pauses)]) && !has("any") {
		if has("law") {
			return ""
		}
		severity = Look
	}
	if has("contract") && contractWords.MatchString(whole) {
		severity = Look
	}
	return severity
}

// negated tells whether what stands there is forbidden or denied: 不得罚款, 严禁以停水停电等方式, 不罚款.
func (c circumstances) negated(from, to int) bool {
	before := c.text[c.since(from, pauses):from]
	for _, adjacent := range []string{"不", "勿", "免于", "未", "没有", "不以", "不搞", "不乱", "不滥", "不私自", "莫", "别", "不非法", "不擅自", "不随意"} {
		if strings.HasSuffix(before, adjacent) {
			return true
		}
	}
	for _, m := range negWords.FindAllStringIndex(before, -1) {
		between := before[m[1]:]
		if !cutWords.MatchString(between) && utf8.RuneCountInString(between) <= 40 {
			return true
		}
	}
	// said to be void behind it: 罚款一律无效, 罚款条款予以废止
	after := c.text[to:c.until(to, stops)]
	for _, end := range []string{"一律无效", "均属无效", "予以废止", "一律废止", "于法无据", "没有法律依据", "是违法的", "属于违法"} {
		if strings.Contains(after, end) && !strings.Contains(after, "否则") && utf8.RuneCountInString(after) < 30 {
			return true
		}
	}
	return false
}

// state tells whether an authority acts there: 由公安机关依法处以拘留. A case handed over is closed by its verb; what follows is
// the village's own again: 移交公安机关处理，并罚款.
func (c circumstances) state(from, to int) bool {
	start := c.since(from, stops)
	acting := false
	for at := start; at < from; {
		end := min(c.until(at, pauses), from)
		part := c.text[at:end]
		last := stateWords.FindAllStringIndex(part, -1)
		village := villageWords.FindAllStringIndex(part, -1)
		switch {
		case len(last) > 0:
			m := last[len(last)-1]
			rest := part[m[1]:]
			acting = !doneWords.MatchString(rest) && (len(village) == 0 || village[len(village)-1][0] < m[0])
			if end < from && doneWords.MatchString(rest) {
				acting = false
			}
		case len(village) > 0 || strings.HasPrefix(part, "并处") || strings.HasPrefix(part, "同时") || strings.HasPrefix(part, "并由"):
			acting = false
		}
		at = end
		if at < from {
			_, size := utf8.DecodeRuneInString(c.text[at:])
			at += size
		}
	}
	after := c.text[to:c.until(to, pauses)]
	if m := stateWords.FindStringIndex(after); m != nil && (strings.HasSuffix(after[:m[0]], "由") || strings.HasSuffix(after[:m[0]], "归")) {
		return true
	}
	return acting
}
