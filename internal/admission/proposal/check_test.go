package proposal_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"linli/internal/admission"
	"linli/internal/admission/application"
	"linli/internal/admission/proposal"
)

// wanted is an application that the rules admit, from a day on.
func wanted(from, until string) proposal.Proposal {
	return proposal.Proposal{Name: "独居老人走访", Ways: []string{"task"}, Basis: proposal.AdmissionBasis{Document: "《老年人权益保障法》",
		Article: "第七条", Certainty: "V"}, Areas: []string{"320703001007"}, Text: "每季度上门走访独居老人一次，发现困难及时报告。",
		Role: "assist", From: from, Until: until, Exit: until, Frequency: 2, Minutes: 60,
		Money: proposal.AdmissionMoney{Amount: 1000, Source: "区级财政", Line: "1号",
			Instalments: []proposal.AdmissionInstalment{{Amount: 1000, Due: from}}},
		OwnStaff: "本局人员不足以逐户到达，需要社区协助。", Assessment: "none"}
}

// judged is what the rules that ship say about an application handed in on 27 April 2026.
func judged(t *testing.T, c proposal.Proposal) []proposal.Finding {
	t.Helper()
	of := proposal.FileCase{Department: "civil_affairs", Applied: "2026-04-27", Communities: 3, Proposal: c}
	_, found, err := proposal.CheckFile(t.Context(), &of, append(admission.Rules(), application.Rules()...), nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func refusals(found []proposal.Finding) (out []string) {
	for _, f := range found {
		if f.Refused {
			out = append(out, f.Field+" "+strings.TrimPrefix(f.Key, "admission.check."))
		}
	}
	slices.Sort(out)
	return out
}

// What can never be admitted is found by its words, in either language, spaced out or in full width, and named with its rule.
func TestWordsThatAreNeverAdmitted(t *testing.T) {
	t.Parallel()
	for words, rule := range map[string]string{
		"协助办理行政许可初审": "permit", "请社区代收罚款并开具处罚决定": "penalty", "对占道物品予以扣押、查封": "coercion", "参加城管联合执法": "enforcement",
		"动员居民拆迁签约": "demolition", "完成招商引资任务三个": "investment", "开展协 税 护 税": "tax", "每个社区签订责任状": "liability",
		"配合房屋征收补偿入户": "demolition", "落实一票否决": "liability", "排查税源并催缴税款": "tax", "Help to impose fines on street vendors": "penalty",
		"Take part in law enforcement patrols": "enforcement", "Ｌａｗ　ｅｎｆｏｒｃｅｍｅｎｔ": "enforcement", "强拆违建": "coercion", "完成经济指标": "tax",
	} {
		c := wanted("2026-06-10", "2026-12-31")
		c.Text = "每季度一次，" + words + "，及时报告。"
		found := judged(t, c)
		i := slices.IndexFunc(found, func(f proposal.Finding) bool { return f.Refused && f.Rule == "admission.forbidden."+rule })
		if i < 0 || len(found[i].Words) == 0 {
			t.Errorf("%s: %v, want %s with its words", words, refusals(found), rule)
		}
	}
	for _, harmless := range []string{"宣传《中华人民共和国行政处罚法》，组织居民学习", "上门走访独居老人，了解取暖情况", "组织居民参加无偿献血，发放宣传册",
		"组织居民讲解行政许可法常识", "提醒居民防范冒充招商银行的诈骗电话"} {
		c := wanted("2026-06-10", "2026-12-31")
		c.Text = harmless
		if got := refusals(judged(t, c)); len(got) > 0 {
			t.Errorf("%s: refused: %v", harmless, got)
		}
	}
}

// Each lack is a finding of its field.
func TestEachLackIsNamed(t *testing.T) {
	t.Parallel()
	if got := refusals(judged(t, wanted("2026-06-10", "2026-12-31"))); len(got) > 0 {
		t.Fatalf("a whole application is refused: %v", got)
	}
	for want, change := range map[string]func(*proposal.Proposal){
		"money.amount amount":               func(c *proposal.Proposal) { c.Money.Amount = 0 },
		"money.instalments instalments":     func(c *proposal.Proposal) { c.Money.Amount = 2000 },
		"money.instalments instalment_late": func(c *proposal.Proposal) { c.Money.Instalments[0].Due = "2027-01-01" },
		"money.source source":               func(c *proposal.Proposal) { c.Money.Source = "" },
		"role role":                         func(c *proposal.Proposal) { c.Role = "lead" },
		"assessment assessment":             func(c *proposal.Proposal) { c.Assessment = "ranking" },
		"basis.document basis":              func(c *proposal.Proposal) { c.Basis.Document = "" },
		"basis.article article":             func(c *proposal.Proposal) { c.Basis.Article = "" },
		"ownStaff own_staff":                func(c *proposal.Proposal) { c.OwnStaff = "" },
		"heldCheck held_check":              func(c *proposal.Proposal) { c.Fields = []string{"姓名"} },
		"from ahead":                        func(c *proposal.Proposal) { c.From = "2026-06-09" },
		"until until": func(c *proposal.Proposal) {
			c.Until, c.Exit = "2026-06-01", "2026-06-01"
			c.Money.Instalments[0].Due = "2026-06-01"
		},
		"until term":          func(c *proposal.Proposal) { c.Until = "2029-06-10" },
		"exit exit":           func(c *proposal.Proposal) { c.Exit = "2027-01-01" },
		"frequency frequency": func(c *proposal.Proposal) { c.Frequency = 0 },
		"minutes minutes":     func(c *proposal.Proposal) { c.Minutes = 0 },
		"ways ways":           func(c *proposal.Proposal) { c.Ways = nil },
		"entry entry_unknown": func(c *proposal.Proposal) { c.Entry = "X99" },
		"entry entry_barred":  func(c *proposal.Proposal) { c.Entry = "N02" },
		"text barred_certificate": func(c *proposal.Proposal) {
			c.Text = "请社区为居民出具婚姻状况证明，交民政局存档。"
		},
		"why why": func(c *proposal.Proposal) { c.Emergency = true },
	} {
		c := wanted("2026-06-10", "2026-12-31")
		change(&c)
		if got := refusals(judged(t, c)); !slices.Contains(got, want) {
			t.Errorf("%v, want %s", got, want)
		}
	}
	c := wanted("2027-02-10", "2027-12-31")
	of := proposal.FileCase{Applied: "2026-12-31", Proposal: c}
	_, found, err := proposal.CheckFile(t.Context(), &of, append(admission.Rules(), application.Rules()...), nil)
	if err != nil || !slices.Contains(refusals(found), "from calendar") {
		t.Errorf("a year without a calendar: %v %v", refusals(found), err)
	}
}

// The examples of the documentation are judged as it says.
func TestTheExamplesOfTheCommandLine(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"admitted": false, "refused": true} {
		f, err := os.Open("testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		c, err := proposal.ReadCase(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		_, found, err := proposal.CheckFile(t.Context(), &c, append(admission.Rules(), application.Rules()...), nil)
		if err != nil || (proposal.Refusal(found) != nil) != refused {
			t.Errorf("%s: %v %v", name, refusals(found), err)
		}
	}
	if _, err := proposal.ReadCase(strings.NewReader(`{"name": "x", "areas": ["3207"], "nmae": "y"}`)); err == nil {
		t.Error("a name that is not known is read over")
	}
}
