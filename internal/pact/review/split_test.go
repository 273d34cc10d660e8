package review

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// numbers are the numbers of a text's clauses.
func numbers(text string) string {
	var out []string
	for _, c := range Split(text) {
		if c.Kind == Article {
			out = append(out, c.Number)
		}
	}
	return strings.Join(out, " ")
}

// Each way of numbering that conventions use gives the numbers that stand in the text.
func TestSplitNumbersClauses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"articles":          {"某村村规民约\n为了治村，制定本约。\n第一章 总则\n第一条 甲。\n第二条 乙：\n（一）丙；\n（二）丁。\n第二章 分则\n第三条 戊。", "1 2 3"},
		"articles in words": {"第一条、甲甲。\n第十条、乙乙。\n第二十一条 丙丙。\n第一百零二条 丁丁。", "1 10 21 102"},
		"han":               {"居民公约\n一、爱国守法，明礼诚信。\n二、团结友善，勤俭自强。\n三、爱护公物，讲究卫生。", "1 2 3"},
		"han as headings":   {"一、社会治安\n1、不偷盗，不赌博。\n2、不打架。\n二、环境卫生\n1、不乱扔垃圾。\n2、门前三包。", "1 2 1 2"},
		"round below han":   {"一、社会治安\n（一）不偷盗，不赌博。\n（二）不打架。\n二、环境卫生\n（三）不乱扔垃圾。", "1 2 3"},
		"digits":            {"村规民约\n1.热爱祖国。\n2.遵纪守法。\n3. 不超过1.5米。", "1 2 3"},
		"one line":          {"村规民约 第一条 热爱祖国，遵纪守法。第二条 依照《组织法》第二十七条办理。第三条 讲究卫生。", "1 2 3"},
		"han on one line":   {"一、热爱祖国，遵纪守法。二、讲究卫生，爱护环境。三、团结邻里。", "1 2 3"},
		"no numbers":        {"爱祖国，爱家乡。\n讲卫生，树新风。\n不赌博，不偷盗。", "1 2 3"},
		"closing":           {"一、甲甲甲，乙乙。\n二、丙丙丙，丁丁。\n以上各条，望全体村民遵守。", "1 2 3"},
		"circled":           {"①爱国守法，明礼。\n②团结友善，互助。", "1 2"},
		"full-width":        {"１、爱国守法，明礼。\n２、团结友善，互助。", "1 2"},
		"blank between":     {"第 一 条  爱国守法，明礼。\n\n第 二 条  团结友善。", "1 2"},
		"parts of a clause": {"一、严禁下列行为，违者教育：\n1.偷盗财物；\n2.聚众赌博。\n二、讲究卫生，爱护环境。", "1 2"},
	} {
		if got := numbers(c.text); got != c.want {
			t.Errorf("%s: clauses %s, want %s: %+v", name, got, c.want, Split(c.text))
		}
	}
}

// A part of a clause that takes what it may not is found as of its clause.
func TestFindingsStandAtTheirClause(t *testing.T) {
	t.Parallel()
	r := Check("第一条 讲究卫生。\n第七条 违者：\n（一）批评教育；\n（二）停水停电。", Options{On: today})
	if len(r.Findings) == 0 || r.Findings[0].Number != "7" && r.Findings[len(r.Findings)-1].Number != "7" {
		t.Fatalf("%+v", r.Findings)
	}
	for _, f := range r.Findings {
		if f.Code != "UTILITY" {
			continue
		}
		text := []rune(r.Clauses[f.Clause].Text)
		if got := string(text[f.Spans[0].From:f.Spans[0].To]); got != "停水停电" {
			t.Errorf("marked is %q", got)
		}
		return
	}
	t.Errorf("停水停电 is not found: %+v", r.Findings)
}

// What lies in the whole is found: repealed laws, renumbered articles, names of others, blanks, verse, numbers that miss.
func TestWholeTextIsRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, name, code string
		want             bool
	}{
		"repealed":           {"根据《婚姻法》制定。\n一、甲甲甲甲，乙。\n二、丙丙丙丙，丁。", "", "REPEALED", true},
		"in force":           {"根据《中华人民共和国民法典》《劳动合同法》《农村土地承包法》制定。\n一、甲甲甲，乙。\n二、丙丙，丁。", "", "REPEALED", false},
		"renumbered":         {"根据《中华人民共和国村民委员会组织法》第二十七条制定。\n一、甲甲甲，乙。\n二、丙丙，丁。", "", "ARTICLE", true},
		"another name":       {"杏花村村规民约\n一、遵守桃源村村规民约，互助。\n二、丙丙，丁。", "杏花", "OTHERNAME", true},
		"other without name": {"杏花村村规民约\n一、服从柳湾村村委会安排，互助。\n二、丙丙，丁。", "", "OTHERNAME", true},
		"own name":           {"杏花村村规民约\n一、杏花村村民委员会组织实施，我村村民遵守，各村村委会配合。\n二、全体村民，本村村规民约。", "杏花村", "OTHERNAME", false},
		"blank":              {"一、XX村村民应当遵守，互助。\n二、丙丙，丁。", "", "PLACEHOLDER", true},
		"verse":              {"爱祖国，爱家乡。\n讲卫生，树新风。\n不赌博，不偷盗。", "", "VERSE", true},
		"prose":              {"一、热爱祖国，热爱社会主义制度。\n二、讲究卫生，保持道路清洁。", "", "VERSE", false},
		"missing number":     {"一、热爱祖国，守法。\n三、讲究卫生，清洁。", "", "NUMBERING", true},
		"without numbers":    {"热爱祖国，遵守国家法律法规。\n讲究卫生，保持道路清洁。", "", "NUMBERING", true},
		"in order":           {"一、热爱祖国，守法。\n二、讲究卫生，清洁。", "", "NUMBERING", false},
	} {
		found := false
		for _, f := range Check(c.text, Options{On: today, Name: c.name}).Findings {
			found = found || f.Code == c.code
		}
		if found != c.want {
			t.Errorf("%s: %s found is %v, want %v", name, c.code, found, c.want)
		}
	}
}

// Citations are those of the day and of the kind of community.
func TestCitationsAreOfTheDay(t *testing.T) {
	t.Parallel()
	text := "一、本村规民约由村委会制定，无需备案。\n二、团结互助，讲卫生。"
	for _, c := range []struct{ kind, day, want string }{
		{Villagers, "2026-01-01", "《村民委员会组织法》第二十六条、第三十一条"},
		{Villagers, "2025-12-31", "《村民委员会组织法》第二十二条、第二十七条"},
		{Residents, "2026-01-01", "《城市居民委员会组织法》第二十七条、第三十条"},
		{Residents, "2025-12-31", "《城市居民委员会组织法》第九条、第十五条"},
	} {
		on, _ := timeOf(c.day)
		r := Check(text, Options{Kind: c.kind, On: on})
		if len(r.Findings) == 0 || r.Findings[0].Citation != c.want {
			t.Errorf("%s on %s: %+v, want %s", c.kind, c.day, r.Findings, c.want)
		}
	}
	for _, r := range readings {
		if Cite(branch(r.law, true), today) == "" || Cite(branch(r.law, false), today) == "" {
			t.Errorf("%s has no citation %s", r.code, r.law)
		}
		if c := CodeOf(r.code); c.NameZh == "" || c.NameEn == "" || c.SuggestZh == "" || c.SuggestEn == "" {
			t.Errorf("%s has no name or suggestion", r.code)
		}
	}
}

// FuzzSplit proves of any text that it is taken apart without loss and that every mark lies in its clause.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"第一条 甲。\n第二条 罚款200元。", "一、甲\n1.乙\n（一）丙", "(1)a 1. b", "第条", "①", "\u200b一、违者，罚 款", "一、一、一、", "第十百千条x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.RuneCountInString(text) > 2000 || !utf8.ValidString(text) {
			t.Skip()
		}
		r := Check(text, Options{On: today, Name: "杏花"})
		var kept strings.Builder
		for _, c := range r.Clauses {
			kept.WriteString(c.Label + c.Text)
			if c.Number == "" || c.Kind == Article && c.Number == "0" {
				t.Errorf("a clause without a number: %+v", c)
			}
		}
		if got, want := bare(kept.String()), bare(text); got != want {
			t.Errorf("kept %q of %q", got, want)
		}
		for _, found := range r.Findings {
			for i, s := range found.Spans {
				if found.Clause < 0 {
					continue
				}
				words := []rune(r.Clauses[found.Clause].Text)
				if s.From < 0 || s.From >= s.To || s.To > len(words) || string(words[s.From:s.To]) != found.Words[i] {
					t.Errorf("span %v of %q", s, string(words))
				}
			}
		}
	})
}

// bare is a text without blanks and what a line may be dressed with.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("#*\ufeff", r) || strings.TrimSpace(string(r)) == "" {
			return -1
		}
		return r
	}, s)
}
