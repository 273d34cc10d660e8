package ballot

import (
	"strconv"

	"linli/internal/council/bundle"
	"linli/internal/platform/pdf"
	"linli/internal/platform/text"
)

// Figure is a number of a result as every face shows it: console, room screen, print, certificate and table take the same text.
type Figure struct {
	Group string `json:"group" doc:"Question that it belongs to; empty for the vote as a whole"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// Figures are the numbers of a frozen result, in the order in which they are announced; none before.
func (s *Service) Figures(lang text.Lang, p *Poll) []Figure {
	out := []Figure{}
	if p.Snapshot == nil {
		return out
	}
	word := func(key string) string { return s.Texts.T(lang, "council.portal.tally."+key) }
	n := strconv.Itoa
	x := p.Snapshot
	for _, f := range []struct {
		key string
		n   int
	}{{"entitled", x.Entitled}, {"voted", x.Voted}, {"online", x.Online}, {"handed_out", x.HandedOut}, {"returned", x.Returned},
		{"proxied", x.Proxied}} {
		out = append(out, Figure{Label: word(f.key), Value: n(f.n)})
	}
	verdict := word("valid_vote")
	if !x.Valid {
		verdict = word("void_vote")
		for _, r := range x.Reasons {
			verdict += " · " + word("reason."+r)
		}
	}
	out = append(out, Figure{Label: word("validity"), Value: verdict})
	for i, q := range x.Questions {
		group := s.question(lang, &p.Questions[i])
		out = append(out, Figure{group, word("valid"), n(q.Valid)}, Figure{group, word("invalid"), n(q.Invalid)})
		for _, o := range q.Options {
			value := s.Texts.T(lang, "council.portal.tally.option", "yes", n(o.Yes), "no", n(o.No), "abstain", n(o.Abstain),
				"result", s.Texts.T(lang, "council.result."+string(o.Result)))
			out = append(out, Figure{group, o.Name, value})
		}
		if q.Open > 0 && x.Valid {
			key := "open"
			if q.WomanOpen {
				key = "open_woman"
			}
			out = append(out, Figure{group, word(key), n(q.Open)})
		}
	}
	return out
}

// question is the title of a question: posts have words in both languages.
func (s *Service) question(lang text.Lang, q *bundle.Question) string {
	key := "registry.post." + q.ID
	if word := s.Texts.T(lang, key); word != key {
		return word
	}
	return q.Title
}

// law are the thresholds by which a result was judged, each once, in words.
func (s *Service) law(lang text.Lang, x *bundle.Snapshot) []string {
	out, seen := []string{}, map[string]bool{}
	for _, d := range x.Decisions {
		if seen[d.Matter] || len(d.Tests) == 0 {
			continue
		}
		seen[d.Matter] = true
		t := d.Tests[0]
		key := "council.portal.tally.least"
		if t.Strict {
			key = "council.portal.tally.more"
		}
		out = append(out, s.Texts.T(lang, key, "what", s.Texts.T(lang, "council.portal.tally.matter."+d.Matter), "share", strconv.Itoa(t.Num)+"/"+strconv.Itoa(t.Den),
			"law", d.Law, "article", d.Article))
	}
	return out
}

// Certificate is the printed form of a closed poll's bundle, A4.
func (s *Service) Certificate(lang text.Lang, p *Poll) []byte {
	word := func(key string, pairs ...any) string { return s.Texts.T(lang, "council.certificate."+key, pairs...) }
	d := pdf.New(p.Title)
	d.Heading(word("heading"), 22)
	d.Heading(p.Title, 16)
	d.Gap(12)
	shares := []float64{2, 3}
	for _, row := range [][2]string{{word("community"), p.Community}, {word("day"), p.Day}, {word("mode"), s.Texts.T(lang, "council.mode."+string(p.Mode))},
		{word("posted"), p.Posted}} {
		d.Row(12, shares, row[0], row[1])
	}
	group := ""
	for _, f := range s.Figures(lang, p) {
		if f.Group != group {
			group = f.Group
			d.Gap(10)
			d.Text(group, 14)
		}
		d.Row(12, shares, f.Label, f.Value)
	}
	if p.Snapshot != nil {
		d.Gap(12)
		for _, line := range s.law(lang, p.Snapshot) {
			d.Text(line, 10.5)
		}
	}
	_, fingerprint := s.Key()
	d.Gap(12)
	for _, line := range []string{word("root", "root", p.Root, "entries", strconv.Itoa(p.Size)), word("key", "fingerprint", fingerprint), word("verify")} {
		d.Text(line, 10.5)
	}
	d.Gap(30)
	d.Text(word("seal"), 12)
	return d.Bytes()
}
