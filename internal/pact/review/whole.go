package review

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// whole finds what lies in the text rather than in a clause's rule: laws no longer in force, articles renumbered, another
// community's name, blanks of a template, verse, numbers that miss.
func whole(clauses []Clause, o Options) (out []Finding) {
	own := ownNames(clauses, o)
	lines, even, numbers, articles := 0, 0, []int{}, 0
	for i, c := range clauses {
		f := fold(c.Text)
		found := func(code, severity, law string, at []int) {
			from := utf8.RuneCountInString(string(f.runes)[:at[0]])
			s := f.span(from, from+utf8.RuneCountInString(string(f.runes)[at[0]:at[1]]))
			out = append(out, Finding{Clause: i, Number: c.Number, Code: code, Severity: severity, Law: law,
				Spans: []Span{s}, Words: []string{f.word(s)}})
		}
		text := string(f.runes)
		for _, at := range outdated(text, o.On) {
			found("REPEALED", Look, branch("bound", o.Village), at)
		}
		for _, at := range renumbered(text, o) {
			found("ARTICLE", Look, branch("bound", o.Village), at)
		}
		for _, at := range others(text, own) {
			found("OTHERNAME", Look, "form", at)
		}
		for _, at := range blanks.FindAllStringIndex(text, -1) {
			found("PLACEHOLDER", Look, "form", at)
		}
		if c.Kind == Article {
			articles++
			lines++
			if isVerse(text) {
				even++
			}
			if n, err := strconv.Atoi(c.Number); err == nil && c.Own {
				numbers = append(numbers, n)
			}
		}
	}
	mark := func(code string) {
		out = append(out, Finding{Clause: -1, Number: "0", Code: code, Severity: Look, Law: "form", Words: []string{}, Spans: []Span{}})
	}
	if lines >= 3 && even*10 >= lines*7 {
		mark("VERSE")
	}
	if articles > 1 && (len(numbers) < articles-1 || gaps(numbers)) {
		mark("NUMBERING")
	}
	return out
}

var blanks = regexp.MustCompile(`(?:[XxＸ×某*_○]{2,}|[□]+)(?:省|市|县|区|镇|乡|街道|村|社区|小区|年|月|日|元|组)|_{3,}|…{3,}元`)

// outdated finds the laws that were repealed on the day.
func outdated(text string, on time.Time) (out [][]int) {
	day := on.Format(time.DateOnly)
	for _, l := range repealed {
		if l.from > day {
			continue
		}
		for _, at := range l.name.FindAllStringIndex(text, -1) {
			// the name has to stand as that of a law, not inside a longer one
			if before := text[:at[0]]; strings.HasSuffix(before, "劳动") && strings.HasPrefix(text[at[0]:], "合同法") {
				continue
			}
			if strings.HasPrefix(text[at[1]:], "典") || strings.HasSuffix(text[:at[0]], "农村土地承包") || overlaps(out, at) {
				continue
			}
			out = append(out, at)
		}
	}
	return out
}

func overlaps(all [][]int, at []int) bool {
	for _, a := range all {
		if a[0] < at[1] && at[0] < a[1] {
			return true
		}
	}
	return false
}

var organic = regexp.MustCompile(`村民委员会组织法》?第?(?:二十七|27|二十二|22|二十四|24|二十|20)条|居民委员会组织法》?第?(?:十五|15|九|9)条`)

// renumbered finds articles of the organic laws by which a convention used to be made and which have other numbers since 2026.
func renumbered(text string, o Options) [][]int {
	if o.On.Format(time.DateOnly) < "2026-01-01" {
		return nil
	}
	return organic.FindAllStringIndex(text, -1)
}

var (
	place  = regexp.MustCompile(`([\p{Han}]{1,10})(村民委员会|居民委员会|村委会|居委会|村规民约|村民小组|社区居委会|社区居民公约|村全体村民|村村民|社区居民|村党支部|社区党委|村党委|村党总支)`)
	common = regexp.MustCompile(`(?:^|.*)(?:本|我|我们|各|全|农|乡|新农|该|此|外|邻|自然|行政|每|山|城中|城|文明|平安|美丽|卫生|示范|和谐|生态|幸福|一个|制定|修订|遵守|违反|制订|执行|落实|按照|根据|由|和|与|及|对|向|在|经|为|的|应|将|以|或|报|到|从|于|成立|配合|支持|服从|召开|告知|通知|联系|协助|申请|参加|原|是|其|者|上|下|等|同|给|被|让|请|找|归|交|使|可|须|要|需|说|社|提请|严格|认真|自觉|学习|宣传|特|共同|违|依|行|员|民|主|体|事|理|报告|属|出|入|进|回|接受|听从|并|且|有|无|管|户)$`)
)

// ownNames are the names under which a text may speak of its community: the given one, else that of the title or the first found.
func ownNames(clauses []Clause, o Options) []string {
	if o.Name != "" {
		return []string{trimName(o.Name)}
	}
	for _, c := range clauses {
		for _, m := range place.FindAllStringSubmatch(string(fold(c.Text).runes), -1) {
			if n := properName(m[1], m[2]); n != "" {
				return []string{n}
			}
		}
	}
	return nil
}

// others finds names of communities that are not the own one.
func others(text string, own []string) (out [][]int) {
	if len(own) == 0 {
		return nil
	}
	for _, m := range place.FindAllStringSubmatchIndex(text, -1) {
		name := properName(text[m[2]:m[3]], text[m[4]:m[5]])
		if name == "" || strings.HasSuffix(name, own[0]) || strings.HasSuffix(own[0], name) || strings.Contains(text[m[2]:m[3]], own[0]) {
			continue
		}
		end := m[5]
		start := m[3] - len(name)
		if strings.HasSuffix(text[m[2]:m[3]], "村") || strings.HasSuffix(text[m[2]:m[3]], "社区") {
			start = m[3] - len(name) - len("村")
		}
		out = append(out, []int{max(start, m[2]), end})
	}
	return out
}

var kindOfPlace = regexp.MustCompile(`^(?:村|社区|居)`)

var splitName = regexp.MustCompile(`.*(?:省|市|县|区|镇|乡|街道|是|为|由|经|对|向|在|与|和|及|的|根据|按照|违反|遵守|制定|我们|本)`)

// properName is the name of a village or community at the end of what stands before its committee or convention; "" where it is no name.
func properName(before, what string) string {
	n := splitName.ReplaceAllString(before, "")
	n = trimName(n)
	size := utf8.RuneCountInString(n)
	if size < 2 || size > 5 || common.MatchString(n) || strings.ContainsAny(n, "，。；：、“”《》0123456789XxＸ×某") {
		return ""
	}
	if !kindOfPlace.MatchString(what) && !strings.HasSuffix(before, "村") && !strings.HasSuffix(before, "社区") {
		return ""
	}
	return n
}

func trimName(s string) string {
	for _, end := range []string{"居民委员会", "村民委员会", "居委会", "村委会", "社区", "村", "居", "寨"} {
		if t := strings.TrimSuffix(s, end); t != s && utf8.RuneCountInString(t) >= 1 {
			return t
		}
	}
	return s
}

var foot = regexp.MustCompile(`[，。；！？、]`)

// isVerse tells whether a text is made of lines of three, four, five or seven characters each.
func isVerse(text string) bool {
	feet := foot.Split(strings.Trim(text, "，。；！？、"), -1)
	if len(feet) < 2 {
		return false
	}
	count := map[int]int{}
	for _, p := range feet {
		count[utf8.RuneCountInString(p)]++
	}
	for _, n := range []int{3, 4, 5, 7} {
		if count[n]*10 >= len(feet)*9 {
			return true
		}
	}
	return false
}

// gaps tells whether numbers miss or stand twice, where they do not begin anew with a chapter.
func gaps(numbers []int) bool {
	for i, n := range numbers {
		if i == 0 {
			if n != 1 {
				return true
			}
			continue
		}
		if n != numbers[i-1]+1 && n != 1 {
			return true
		}
	}
	return false
}
