package bundle

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// Finding is one thing that is wrong with a bundle.
type Finding struct {
	Code  string `json:"code"`  // form, chain, signature, key_other, order, body, roll, ballots, counts, explanation, result, rule, prefix
	Entry int    `json:"entry"` // number of the entry, -1 for the bundle as a whole
	Text  string `json:"text"`
}

func (f Finding) String() string {
	if f.Entry < 0 {
		return f.Code + ": " + f.Text
	}
	return fmt.Sprintf("%s: entry %d: %s", f.Code, f.Entry, f.Text)
}

// Report is the outcome of a verification.
type Report struct {
	Findings    []Finding `json:"findings"`
	Entries     int       `json:"entries"`
	Root        string    `json:"root"`
	Key         string    `json:"key"`
	Fingerprint string    `json:"fingerprint"`
	Poll        *Poll     `json:"poll,omitempty"`
	Snapshot    *Snapshot `json:"snapshot,omitempty"` // nil for a poll that is not closed
}

// Options are what a verification compares with beside the file itself.
type Options struct {
	Earlier []byte // a bundle of the same poll, kept from before; nil for none
	Key     string // public key, hexadecimal, that the city has published elsewhere; "" to take that of the file
	Decide  Decide // the thresholds that the program ships; nil to recompute from the fractions in the file alone
}

// Verify recomputes a bundle: hashes, chain, signature, roll, ballots, counts, result and thresholds. Findings is empty when
// everything holds.
func Verify(raw []byte, o Options) Report {
	r := Report{Findings: []Finding{}}
	b, err := Parse(raw)
	if err != nil {
		r.find("form", -1, "%v", err)
		return r
	}
	r.Entries, r.Root, r.Key, r.Fingerprint = len(b.Entries), b.Root, b.Key, Fingerprint(b.Key)
	r.chain(b)
	r.signature(b, o.Key)
	v := &replay{report: &r, decide: o.Decide}
	for i := range b.Entries {
		v.entry(&b.Entries[i])
	}
	r.Poll, r.Snapshot = v.poll, v.snapshot
	if o.Earlier != nil {
		r.prefix(b, o.Earlier)
	}
	return r
}

func (r *Report) find(code string, entry int, text string, args ...any) {
	if len(r.Findings) < 1000 {
		r.Findings = append(r.Findings, Finding{code, entry, fmt.Sprintf(text, args...)})
	}
}

func (r *Report) chain(b *Bundle) {
	prev := first
	for i := range b.Entries {
		e := &b.Entries[i]
		switch {
		case e.Seq != i:
			r.find("chain", i, "it claims number %d", e.Seq)
		case e.Prev != prev:
			r.find("chain", i, "it does not follow the entry before it")
		case e.sum() != e.Hash:
			r.find("chain", i, "its hash is not that of its content")
		}
		if i > 0 && e.At < b.Entries[i-1].At {
			r.find("chain", i, "it is dated before the entry before it")
		}
		prev = e.Hash
	}
	if b.Size != len(b.Entries) || b.Root != prev {
		r.find("chain", -1, "number of entries or hash of the last one are not those that are signed")
	}
}

func (r *Report) signature(b *Bundle, published string) {
	key, err := hex.DecodeString(b.Key)
	signature, err2 := hex.DecodeString(b.Signature)
	if err != nil || err2 != nil || hex.EncodeToString(key) != b.Key || hex.EncodeToString(signature) != b.Signature ||
		len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, []byte(b.Head()), signature) {
		r.find("signature", -1, "the signature is not that of the key over these entries")
	}
	if published != "" && published != b.Key {
		r.find("key_other", -1, "it is signed with another key than the published one")
	}
}

func (r *Report) prefix(b *Bundle, earlier []byte) {
	was, err := Parse(earlier)
	if err != nil {
		r.find("prefix", -1, "the earlier file: %v", err)
		return
	}
	old := Report{}
	if old.chain(was); len(old.Findings) > 0 {
		r.find("prefix", -1, "the earlier file itself does not verify: %v", old.Findings[0])
		return
	}
	if was.Key != b.Key {
		r.find("prefix", -1, "the earlier file is signed with another key")
	}
	if len(was.Entries) > len(b.Entries) {
		r.find("prefix", -1, "the earlier file has %d entries, this one %d", len(was.Entries), len(b.Entries))
		return
	}
	for i := range was.Entries {
		if was.Entries[i].Hash != b.Entries[i].Hash {
			r.find("prefix", i, "it is another one in the earlier file")
			return
		}
	}
}

// replay goes through the entries of a poll and judges each by what came before.
type replay struct {
	report   *Report
	decide   Decide
	poll     *Poll
	roll     []Line
	version  int
	proxies  []Proxy
	open     bool
	shut     *Shut
	counts   []Count
	explains []Explanation
	snapshot *Snapshot
}

// opens reads the body of an entry strictly. A body in another encoding than its own is refused, too.
func opens[T any](v *replay, e *Entry) (*T, bool) {
	body := new(T)
	if err := strict(e.Body, body); err != nil {
		v.find(e, "body", "%v", err)
		return nil, false
	}
	if again, err := json.Marshal(body); err != nil || !bytes.Equal(again, e.Body) {
		v.find(e, "body", "it is not in its own encoding")
		return nil, false
	}
	return body, true
}

func (v *replay) find(e *Entry, code, text string, args ...any) {
	v.report.find(code, e.Seq, text, args...)
}

// expected tells whether a kind of entry may come now.
func (v *replay) expected(kind Kind) bool {
	posted := v.roll != nil
	switch kind {
	case KindPoll:
		return v.poll == nil
	case KindRoll:
		return v.poll != nil && !posted
	case KindChange, KindProxies:
		return posted && v.shut == nil
	case KindPaper:
		return posted && !v.open && v.poll.Questions == nil
	case KindOpen:
		return posted && !v.open && v.poll.Questions != nil
	case KindShut:
		return v.open && v.shut == nil
	case KindCount, KindExplanation, KindClosing:
		return v.shut != nil && v.snapshot == nil
	}
	return false
}

func (v *replay) entry(e *Entry) {
	if !v.expected(e.Kind) {
		v.find(e, "order", "%q cannot come here", e.Kind)
		return
	}
	switch e.Kind {
	case KindPoll:
		if p, ok := opens[Poll](v, e); ok {
			v.poll = p
		}
	case KindRoll:
		if r, ok := opens[Roll](v, e); ok {
			v.roll, v.version = append([]Line{}, r.Lines...), 1
			v.lines(e)
		}
	case KindChange:
		if c, ok := opens[Change](v, e); ok {
			v.change(e, c)
		}
	case KindPaper:
		if p, ok := opens[Paper](v, e); ok {
			v.poll.Paper = *p
		}
	case KindProxies:
		if p, ok := opens[Proxies](v, e); ok {
			v.proxies = p.List
		}
	case KindOpen:
		v.opened(e)
	case KindShut:
		if s, ok := opens[Shut](v, e); ok {
			v.shut = s
			v.ballots(e)
		}
	case KindCount:
		v.count(e)
	case KindExplanation:
		if x, ok := opens[Explanation](v, e); ok {
			v.explains = append(v.explains, *x)
		}
	case KindClosing:
		if s, ok := opens[Snapshot](v, e); ok {
			v.snapshot = s
			v.closing(e, s)
		}
	}
}

// lines refuses a roll with a number or a commitment twice.
func (v *replay) lines(e *Entry) {
	commits := map[string]bool{}
	for i, l := range v.roll {
		if l.No < 1 || i > 0 && v.roll[i-1].No >= l.No || len(l.Commit) != 64 || commits[l.Commit] {
			v.find(e, "roll", "line %d is out of order, or stands there twice", l.No)
			return
		}
		commits[l.Commit] = true
	}
}

func (v *replay) change(e *Entry, c *Change) {
	if c.Version != v.version+1 || c.Reason == "" {
		v.find(e, "roll", "a change has a version of its own and a reason")
	}
	v.version = c.Version
	lines, ok := Apply(v.roll, c)
	v.roll = lines
	if !ok || c.Count != len(lines) || c.Digest != Digest(lines) {
		v.find(e, "roll", "the changed roll is not the one before it with these changes")
	}
	v.lines(e)
}

// Apply makes the roll that results from a change, ordered by number. It is not ok when a line is removed that is not there.
func Apply(lines []Line, c *Change) (out []Line, ok bool) {
	gone := 0
	for _, l := range lines {
		if slices.Contains(c.Removed, l.No) {
			gone++
		} else {
			out = append(out, l)
		}
	}
	out = append(out, c.Added...)
	slices.SortFunc(out, func(a, b Line) int { return a.No - b.No })
	return out, gone == len(c.Removed)
}

// Digest is SHA-256 of a roll's lines as JSON.
func Digest(lines []Line) string {
	raw, _ := json.Marshal(lines) // numbers and texts
	return sum(raw)
}

func (v *replay) opened(e *Entry) {
	v.open = true
	o, ok := opens[Opened](v, e)
	if !ok {
		return
	}
	if o.Entitled != len(v.roll) {
		v.find(e, "roll", "%d are entitled by the roll, %d by the opening", len(v.roll), o.Entitled)
	}
	if len(e.At) < 10 || e.At[:10] < v.poll.Least {
		v.find(e, "order", "polling opened before %s, the first day by the posting of the roll", v.poll.Least)
	}
}

// ballots refuses more ballots than entitled persons, and a ballot, receipt or box that stands there twice.
func (v *replay) ballots(e *Entry) {
	s := v.shut
	issued := 0
	for i, b := range s.Boxes {
		issued += b.Issued
		if b.Issued < 0 || slices.ContainsFunc(s.Boxes[:i], func(o Box) bool { return o.ID == b.ID }) {
			v.find(e, "ballots", "box %q", b.ID)
		}
	}
	for i := range s.Ballots {
		if i > 0 && s.Ballots[i-1].Key >= s.Ballots[i].Key || !v.poll.WellFormed(&s.Ballots[i]) {
			v.find(e, "ballots", "ballot %s is out of order, or does not answer the questions", s.Ballots[i].Key)
		}
	}
	for i := 1; i < len(s.Receipts); i++ {
		if s.Receipts[i-1] >= s.Receipts[i] {
			v.find(e, "ballots", "receipt %s is out of order, or stands there twice", s.Receipts[i])
		}
	}
	if len(s.Receipts) != len(s.Ballots) {
		v.find(e, "ballots", "%d receipts were given for %d ballots", len(s.Receipts), len(s.Ballots))
	}
	if issued+len(s.Ballots) > len(v.roll) {
		v.find(e, "ballots", "%d ballots for %d entitled persons", issued+len(s.Ballots), len(v.roll))
	}
	if s.Proxied < 0 || s.Proxied > len(v.proxies) {
		v.find(e, "ballots", "%d ballots by proxy, %d proxies published", s.Proxied, len(v.proxies))
	}
}

func (v *replay) count(e *Entry) {
	c, ok := opens[Count](v, e)
	if !ok {
		return
	}
	if fault := v.poll.Fault(c); fault != "" || !slices.ContainsFunc(v.shut.Boxes, func(b Box) bool { return b.ID == c.Box }) {
		v.find(e, "counts", "the count of box %q does not add up (%s)", c.Box, fault)
		return
	}
	v.counts = slices.DeleteFunc(v.counts, func(o Count) bool { return o.Box == c.Box })
	v.counts = append(v.counts, *c)
}

// closing recomputes the result.
func (v *replay) closing(e *Entry, s *Snapshot) {
	for _, b := range v.shut.Boxes {
		i := slices.IndexFunc(v.counts, func(c Count) bool { return c.Box == b.ID })
		if i < 0 {
			v.find(e, "counts", "box %q was not counted", b.ID)
			continue
		}
		c := &v.counts[i]
		if !Explained(b, c, v.explains) {
			v.find(e, "explanation", "box %q: %d handed out, %d found, %d counted, and nobody explains why", b.ID, b.Issued, c.Found, c.Counted())
		}
	}
	for _, d := range s.Decisions {
		for _, t := range d.Tests {
			if t.Den < 1 || t.Num < 0 {
				v.find(e, "result", "%s: the fraction %d/%d", d.Matter, t.Num, t.Den)
				return
			}
		}
	}
	recorded, _ := json.Marshal(s)
	again, _ := json.Marshal(v.poll.Close(len(v.roll), v.shut, v.counts, s.recorded))
	if !bytes.Equal(recorded, again) {
		v.find(e, "result", "counted again, the ballots give another result")
	}
	if v.decide == nil {
		return
	}
	for _, d := range s.Decisions {
		own := v.decide(v.poll, d.Matter, d.Entitled, d.Cast, d.Yes)
		if own.Pass != d.Pass || !slices.Equal(own.Tests, d.Tests) {
			v.find(e, "rule", "%s %s: the law of %s as this program has it decides otherwise", d.Matter, d.Option, v.poll.Day)
		}
	}
}

// Explained tells whether a box's three numbers agree, or the difference as it now stands is explained.
func Explained(b Box, c *Count, explains []Explanation) bool {
	if b.Issued == c.Found && c.Found == c.Counted() {
		return true
	}
	return slices.ContainsFunc(explains, func(x Explanation) bool {
		return x.Box == b.ID && x.Issued == b.Issued && x.Found == c.Found && x.Counted == c.Counted() && x.Reason != ""
	})
}

// recorded judges by the fractions that the snapshot names for the same matter, with the numbers at hand.
func (s *Snapshot) recorded(_ *Poll, matter string, entitled, cast, yes int) Decision {
	for _, d := range s.Decisions {
		if d.Matter != matter || d.Yes != yes {
			continue
		}
		d.Question, d.Option, d.Entitled, d.Cast = "", "", entitled, cast
		d.Tests = slices.Clone(d.Tests)
		d.Pass = len(d.Tests) > 0
		of := map[string]int{"entitled": entitled, "present": entitled, "cast": cast, "yes": yes}
		for i := range d.Tests {
			t := &d.Tests[i]
			t.Count, t.Base = of[t.Of], of[t.On]
			if t.On == "" {
				t.Base = 1
			}
			d.Pass = d.Pass && t.Holds()
		}
		return d
	}
	return Decision{}
}
