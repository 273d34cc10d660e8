package review

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a piece of a text is.
const (
	Title    = "title"
	Preamble = "preamble"
	Heading  = "heading"
	Article  = "clause"
)

// Clause is one piece of a convention.
type Clause struct {
	Kind   string `json:"kind" enum:"title,preamble,heading,clause"`
	Number string `json:"number" doc:"Own number in digits, running number where it has none; 0 for title, preamble and headings"`
	Own    bool   `json:"own" doc:"Whether the number is written in the text"`
	Label  string `json:"label" doc:"The number as written: 第三条, 三、, (3)"`
	Text   string `json:"text" doc:"Without the label"`
	Line   int    `json:"line" doc:"Line of the text where it begins, from 1"`
}

// Levels of numbering from the outermost. A text uses some of them; the outermost that is not merely headings numbers
// the clauses, deeper ones are parts of a clause.
const (
	levelNone = iota
	levelChapter
	levelArticle
	levelHan
	levelHanRound
	levelDigit
	levelDigitRound
)

const hanDigits = "〇零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾"

var markers = []struct {
	level   int
	pattern *regexp.Regexp
}{
	{levelChapter, regexp.MustCompile(`^第\s*([` + hanDigits + `\d]+)\s*[章节篇部分编]{1,2}[\s:：、.．]*`)},
	{levelArticle, regexp.MustCompile(`^(?:第\s*)([` + hanDigits + `\d]+)\s*[条款項项则][\s:：、.．,，]*`)},
	{levelHanRound, regexp.MustCompile(`^[（(]\s*([` + hanDigits + `]+)\s*[)）][\s、.．:：]*`)},
	{levelHanRound, regexp.MustCompile(`^([㈠-㈩])[\s、.．]*`)},
	{levelHan, regexp.MustCompile(`^([` + hanDigits + `]{1,4})\s*[、.．:：,，]\s*`)},
	{levelDigitRound, regexp.MustCompile(`^[（(]\s*(\d{1,3})\s*[)）][\s、.．]*`)},
	{levelDigitRound, regexp.MustCompile(`^([①-⑳⑴-⒇])[\s、.．]*`)},
	{levelDigit, regexp.MustCompile(`^(\d{1,3})\s*(?:[、．:：,，]|\.(?:\D|$)|[)）]|\s)[\s、.．]*`)},
	{levelDigit, regexp.MustCompile(`^([⒈-⒛])[\s、]*`)},
}

// piece is a line, or a part of one, with its marker.
type piece struct {
	level, line int
	number      int
	label, text string
	headed      bool // short and unpunctuated
}

// Split takes a text apart. It never fails: what has no numbers is one clause a paragraph.
func Split(text string) []Clause {
	pieces := cut(text)
	level := clauseLevel(pieces)
	var out []Clause
	running, started := 0, false
	add := func(c Clause) { out = append(out, c) }
	numbered := level != levelNone
	for i, p := range pieces {
		switch {
		case len(out) == 0 && p.level == levelNone && isTitle(p.text, pieces):
			add(Clause{Kind: Title, Number: "0", Text: p.text, Line: p.line})
		case p.level == levelChapter || p.level != levelNone && p.headed && leads(pieces, i):
			add(Clause{Kind: Heading, Number: "0", Label: p.label, Text: p.text, Line: p.line})
		case p.level != levelNone && opens(pieces, i, level):
			running, started = max(running+1, p.number), true
			add(Clause{Kind: Article, Number: strconv.Itoa(p.number), Own: true, Label: p.label, Text: p.text, Line: p.line})
		case numbered && !started && p.headed && p.level == levelNone && heads(p.text):
			add(Clause{Kind: Heading, Number: "0", Text: p.text, Line: p.line})
		case numbered && !started:
			add(Clause{Kind: Preamble, Number: "0", Text: p.label + p.text, Line: p.line})
		case numbered && p.level == levelNone && p.headed && heads(p.text):
			add(Clause{Kind: Heading, Number: "0", Text: p.text, Line: p.line})
		case numbered && p.level == levelNone && closes.MatchString(p.text):
			running++
			add(Clause{Kind: Article, Number: strconv.Itoa(running), Text: p.text, Line: p.line})
		case numbered && signed.MatchString(p.text):
			add(Clause{Kind: Preamble, Number: "0", Text: p.text, Line: p.line})
		case numbered:
			last := &out[len(out)-1]
			if last.Kind != Article { // a paragraph below a heading that numbers it
				running++
				add(Clause{Kind: Article, Number: strconv.Itoa(running), Text: p.label + p.text, Line: p.line})
				continue
			}
			last.Text = strings.TrimPrefix(last.Text+"\n"+p.label+p.text, "\n")
		case p.headed && heads(p.text):
			add(Clause{Kind: Heading, Number: "0", Text: p.text, Line: p.line})
		case signed.MatchString(p.text):
			add(Clause{Kind: Preamble, Number: "0", Text: p.text, Line: p.line})
		default:
			running++
			add(Clause{Kind: Article, Number: strconv.Itoa(running), Text: p.label + p.text, Line: p.line})
		}
	}
	return out
}

var (
	closes = regexp.MustCompile(`^(以上|上述|凡违反|对违反|如违反|违反以上|违反本|本(村规民约|村民公约|居民公约|公约|规约|民约|守则|章程|约)|此(公约|规约)|希望|望|请)`)
	signed = regexp.MustCompile(`^[^，。；]{0,30}(村民?委员会|居民?委员会|村委会|居委会|村民小组|社区)(（章）|\(章\))?$|^[\d〇零一二三四五六七八九十×xX*_ ]{2,4}年[^，。；]{0,12}$`)
	titled = regexp.MustCompile(`(公约|规约|民约|章程|守则|村规|办法|规定|细则|约定|三字经|制度|条例|规范|方案)(（[^）]*）|\([^)]*\)|〔[^〕]*〕)?$`)
	ending = regexp.MustCompile(`[。；;！!？?，,、：:]`)
	named  = regexp.MustCompile(`(总则|附则|分则|前言|治安|公德|村风|民俗|村貌|邻里|家庭|婚姻|卫生|环境|消防|安全|管理|建设|关系|文明|公约|教育|处理|奖惩|罚则|权利|义务|其他|其它|制度|事业|计生|计划生育|生产|风尚|秩序|责任|执行|保护|道德|监督|财务|土地|资源|行为|规范|平安|诚信|美德|组织|选举)$`)
)

// isTitle tells whether the first piece names the text.
func isTitle(text string, all []piece) bool {
	return len(all) > 1 && utf8.RuneCountInString(text) <= 40 &&
		!ending.MatchString(strings.TrimSuffix(text, "：")) && titled.MatchString(strings.TrimSpace(text))
}

// heads tells whether an unnumbered short line is a heading.
func heads(text string) bool {
	return utf8.RuneCountInString(text) <= 12 && named.MatchString(strings.TrimRight(text, ":： "))
}

// cut makes pieces of lines, and of lines that hold several numbered clauses.
func cut(text string) (out []piece) {
	for n, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u3000", " ", "\u00a0", " ", "\t", " ").Replace(text), "\n") {
		rest := strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "#*\ufeff"))
		for rest != "" {
			p := mark(rest)
			p.line = n + 1
			rest = ""
			if at := within(p); at >= 0 {
				p.text, rest = strings.TrimSpace(p.text[:at]), strings.TrimSpace(p.text[at:])
			}
			p.headed = utf8.RuneCountInString(p.text) <= 20 && !ending.MatchString(strings.TrimRight(p.text, "：: "))
			if p.text != "" || p.label != "" {
				out = append(out, p)
			}
		}
	}
	return out
}

// mark reads the marker at the beginning of a line.
func mark(line string) piece {
	for _, m := range markers {
		at := m.pattern.FindStringSubmatchIndex(line)
		if at == nil {
			continue
		}
		label := line[:at[1]]
		if m.level == levelDigit && strings.HasSuffix(m.pattern.String(), `[\s、.．]*`) {
			// what the pattern had to look at behind a point belongs to the text
			if r, size := utf8.DecodeLastRuneInString(label); !strings.ContainsRune(" 、.．:：,，)）", r) {
				label = label[:len(label)-size]
			}
		}
		n, ok := number(line[at[2]:at[3]])
		if !ok {
			continue
		}
		return piece{level: m.level, number: n, label: strings.TrimSpace(label), text: strings.TrimSpace(line[len(label):])}
	}
	return piece{text: line}
}

var inner = regexp.MustCompile(`第\s*[` + hanDigits + `\d]+\s*[条章]|[` + hanDigits + `]{1,3}、|[（(][` + hanDigits + `\d]{1,3}[)）]|\d{1,2}[、.．]`)

// within finds where the next number of the same kind begins inside a piece, behind an end of a sentence or a blank; -1 if nowhere.
func within(p piece) int {
	for _, at := range inner.FindAllStringIndex(p.text, -1) {
		before, _ := utf8.DecodeLastRuneInString(p.text[:at[0]])
		if at[0] == 0 || !strings.ContainsRune("。；;！!？? ", before) {
			continue
		}
		next := mark(p.text[at[0]:])
		switch {
		case next.level == levelNone || utf8.RuneCountInString(next.text) < 2:
		case next.level == levelArticle && (p.level != levelArticle || next.number == p.number+1),
			next.level == levelChapter && before == ' ',
			next.level == p.level && next.number == p.number+1,
			p.level == levelNone && next.number == 1:
			return at[0]
		}
	}
	return -1
}

// clauseLevel is the level that numbers clauses: articles where there are some, else the outermost that holds more than headings.
func clauseLevel(all []piece) int {
	texts := map[int]int{}
	for i, p := range all {
		if p.level > levelChapter && !(p.headed && leads(all, i)) {
			texts[p.level]++
		}
	}
	if texts[levelArticle] > 1 {
		return levelArticle
	}
	for _, p := range all {
		if texts[p.level] > 0 {
			return p.level
		}
	}
	return levelNone
}

// leads tells whether what stands below a short line makes a heading of it: a deeper number.
func leads(all []piece, i int) bool {
	if i+1 == len(all) {
		return false
	}
	next := all[i+1]
	if all[i].level == levelHan && next.level == levelArticle {
		return true
	}
	return next.level > all[i].level && all[i].level != levelArticle
}

// opens tells whether a numbered piece begins a clause: it has the level of clauses, or stands below a heading that has it.
func opens(all []piece, i, level int) bool {
	p := all[i]
	if p.level == level {
		return true
	}
	if level == levelArticle || p.level == levelChapter {
		return false
	}
	if p.level < level {
		return true
	}
	for j := i - 1; j >= 0; j-- { // deeper: only where the number above it is a heading
		if all[j].level != levelNone && all[j].level < p.level {
			return all[j].headed && leads(all, j) && all[j].level >= levelHan
		}
	}
	return false
}

// number reads a number of a marker.
func number(s string) (int, bool) {
	if n, err := strconv.Atoi(s); err == nil {
		return n, n > 0
	}
	r := []rune(s)
	for _, run := range []struct{ first, last rune }{{'①', '⑳'}, {'⑴', '⒇'}, {'⒈', '⒛'}, {'㈠', '㈩'}} {
		if len(r) == 1 && r[0] >= run.first && r[0] <= run.last {
			return int(r[0]-run.first) + 1, true
		}
	}
	n, digit, places := 0, 0, true
	for _, c := range r {
		switch v := hanValue(c); {
		case v < 0:
			return 0, false
		case v >= 10:
			if digit == 0 {
				digit = 1
			}
			n, digit, places = n+digit*v, 0, false
		case places && digit > 0: // 二一 for 21
			digit = digit*10 + v
		default:
			digit = v
		}
		if n > 100_000 || digit > 100_000 {
			return 0, false
		}
	}
	return n + digit, n+digit > 0
}

func hanValue(c rune) int {
	for v, set := range []string{"〇零", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖", "十拾"} {
		if strings.ContainsRune(set, c) {
			return v
		}
	}
	switch c {
	case '百':
		return 100
	case '千':
		return 1000
	}
	return -1
}

// NumberOf is the number that a label tells, in digits, or the running number where it tells none.
func NumberOf(label string, running int) string {
	if p := mark(label + " x"); p.level > levelChapter {
		return strconv.Itoa(p.number)
	}
	return strconv.Itoa(running)
}
