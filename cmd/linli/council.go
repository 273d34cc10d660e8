package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"linli/internal/app"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
	"linli/internal/threshold"
)

type councilVerb struct {
	Decide councilDecideVerb `cmd:"" help:"Judge counts by the organic laws: pass or fail, the counts that are short, and the article. 按组织法判断人数是否达到。"`
	Verify councilVerifyVerb `cmd:"" help:"Verify the certificate bundle of a vote offline. 离线核验投票凭证包。"`
}

// councilDecideVerb asks package threshold. Its flags are texts, so that whatever is wrong with them ends with status 2.
type councilDecideVerb struct {
	Matter   code   `required:"" help:"What is decided 事项: election.valid, election.elected, runoff.valid, runoff.elected, recall.request, recall.valid, recall.passed, assembly.call, assembly.quorum, assembly.passed, representatives.call, representatives.quorum, representatives.passed, representatives.share, representatives.women, group.quorum, group.passed, nomination.joint, nomination.candidates, proxy.limit, audit.request, disclosure.request, primary.valid, committee.quorum, committee.passed, electioncommittee.quorum, party.quorum, party.passed."`
	Kind     code   `required:"" help:"residents 社区（居民委员会） or villagers 村（村民委员会）."`
	Mode     code   `required:"" help:"Who is counted 计数方式: voters 选民、居民或村民; households 户的代表; representatives 居民（村民）代表; groups 居民小组 (assembly.call by the law of 2018); members 组成人员 (committee, party)."`
	On       day    `required:"" help:"Day of the decision 日期, YYYY-MM-DD; the law in force on it applies."`
	Entitled code   `help:"On the roll 应到（应投）人数; members, of representatives.share and .women; seats 应选名额, of nomination.candidates."`
	Present  code   `help:"Attending 到会人数: of every .quorum, and the base of every .passed but recall.passed."`
	Cast     code   `help:"Ballots given 投票人数, valid or not: of every .valid, and the base of election.elected, runoff.elected and recall.passed."`
	Yes      code   `help:"In favour 赞成人数: votes of a candidate 得票, signatures of a request 联名人数 (recall.request, every .call, audit.request, nomination.joint: there --present or --cast is taken where --yes is not given), the part of representatives.share and .women, candidates of nomination.candidates, proxies of proxy.limit."`
	Local    code   `help:"Province whose rules are asked too 省份: sichuan or hainan."`
	Format   string `help:"text or json." default:"text"`
}

// Help is said under the flags.
func (councilDecideVerb) Help() string {
	return `Exit 0: pass. Exit 1: fail. Exit 2: a question that cannot be answered: an unknown matter, kind, mode or day; a mode that the law does not
allow for the matter; a count missing; counts that cannot be true together. A quorum or the validity of a vote is a precondition of its
.passed or .elected and is judged with it where both of its counts are given.

退出码 0：达到；1：未达到；2：无法判断（事项、类别、方式或日期有误，法律不采用该方式，缺少人数，人数互相矛盾）。到会人数、投票人数是否达到，是通过、当选的前提，给出有关人数时一并判断。`
}

// errFailed is a decision that did not pass.
var errFailed = errors.New("")

// Run prints the decision. Error: errFailed, or unreadable for what cannot be answered.
func (v councilDecideVerb) Run() error {
	var err error
	if words, err = app.Catalogue(); err != nil {
		return err
	}
	q := threshold.Question{Matter: string(v.Matter), Kind: string(v.Kind), Mode: string(v.Mode), On: string(v.On), Local: string(v.Local)}
	for _, c := range []struct {
		flag  string
		value code
		to    **int
	}{{"entitled", v.Entitled, &q.Counts.Entitled}, {"present", v.Present, &q.Counts.Present}, {"cast", v.Cast, &q.Counts.Cast},
		{"yes", v.Yes, &q.Counts.Yes}} {
		if c.value == "" {
			continue
		}
		n, err := strconv.Atoi(string(c.value))
		if err != nil {
			return unreadable{fmt.Errorf("--%s: %q", c.flag, c.value)}
		}
		*c.to = &n
	}
	if v.Format != "text" && v.Format != "json" {
		return unreadable{fmt.Errorf("--format: %q", v.Format)}
	}
	d, err := threshold.Decide(q)
	if err != nil {
		return unreadable{err}
	}
	if err := printDecision(&d, v.Format); err != nil {
		return err
	}
	if !d.Passes {
		return errFailed
	}
	return nil
}

// decided is a decision as it is printed as JSON.
type decided struct {
	Result    string         `json:"result"` // pass or fail
	Short     []decidedShort `json:"short"`
	Rule      string         `json:"rule"`
	Law       string         `json:"law"`
	Article   string         `json:"article"`
	Certainty string         `json:"certainty"`
}

type decidedShort struct {
	Count   string `json:"count"`
	Have    int    `json:"have"`
	Need    int    `json:"need"`
	Most    bool   `json:"most,omitempty"` // Need is the greatest allowed, not the least
	Rule    string `json:"rule"`
	Law     string `json:"law"`
	Article string `json:"article"`
}

func printDecision(d *threshold.Decision, format string) error {
	out := decided{Result: "fail", Short: []decidedShort{}, Rule: d.Rule, Law: d.Law, Article: d.Article, Certainty: d.Certainty}
	if d.Passes {
		out.Result = "pass"
	}
	for _, s := range d.Short {
		out.Short = append(out.Short, decidedShort{Count: string(s.Count), Have: s.Have, Need: s.Need, Most: s.Most, Rule: s.Rule, Law: s.Law,
			Article: s.Article})
	}
	if format == "json" {
		enc := json.NewEncoder(os.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	lang := language()
	fmt.Println(out.Result)
	for _, s := range out.Short {
		fmt.Println(shortLine(lang, s))
	}
	fmt.Println(words.T(lang, "threshold.by", "law", out.Law, "article", out.Article) + words.T(lang, "threshold.uncertain."+out.Certainty))
	return nil
}

// shortLine is a count that is short in words, with its flag.
func shortLine(lang text.Lang, s decidedShort) string {
	key := "threshold.short.least"
	if s.Most {
		key = "threshold.short.most"
	}
	return words.Sentence(lang, key, errs.Args{"count": errs.Key("threshold.count." + s.Count), "flag": s.Count, "have": s.Have,
		"need": s.Need, "law": s.Law, "article": s.Article})
}
