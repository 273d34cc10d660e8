// Package bundle is the certificate of a poll: what happened from its opening to its closing as a chain of hashed entries, the
// frozen closing snapshot, and a signature over all of it. It needs neither database nor network, so that an outsider checks a
// published result with the file alone.
//
// A bundle has one encoding. Parse refuses every other one, each entry carries the SHA-256 of itself and of the entry before it,
// and the Ed25519 signature covers the number of entries and the hash of the last: no byte can change unnoticed.
package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Format names the encoding; a reader refuses others.
const Format = "linli-council-1"

// MaxSize bounds a bundle that is read, in bytes. One of 20,000 voters has about 6 MB.
const MaxSize = 64 << 20

// Bundle is a poll's certificate, or its state before the closing, when the last entry is no closing.
type Bundle struct {
	Format    string  `json:"format"`
	Entries   []Entry `json:"entries"`
	Size      int     `json:"size"`      // number of entries
	Root      string  `json:"root"`      // hash of the last entry
	Key       string  `json:"key"`       // Ed25519 public key, hexadecimal
	Signature string  `json:"signature"` // over Head, hexadecimal
}

// Entry is one event of a poll.
type Entry struct {
	Seq  int             `json:"seq"`  // 0, 1, 2 …
	Kind Kind            `json:"kind"` // says what the body is
	At   string          `json:"at"`   // RFC 3339 with the city's offset
	By   string          `json:"by"`   // who did it, as the public may know; "" for the platform
	Body json.RawMessage `json:"body"`
	Prev string          `json:"prev"` // hash of the entry before; of Format for the first
	Hash string          `json:"hash"`
}

// Kind is a kind of entry.
type Kind string

// The kinds, in the order in which they first come.
const (
	KindPoll        Kind = "poll"        // Poll: what is voted on
	KindRoll        Kind = "roll"        // Roll: the list as first posted
	KindChange      Kind = "change"      // Change: of the posted roll, and its new posting
	KindPaper       Kind = "paper"       // Paper: the ballot paper with the final candidates
	KindProxies     Kind = "proxies"     // Proxies: as published
	KindOpen        Kind = "open"        // Opened: polling begins
	KindShut        Kind = "shut"        // Shut: polling is over: paper ballots handed out of each box, online ballots
	KindCount       Kind = "count"       // Count: of a box; the last of a box counts, all stay
	KindExplanation Kind = "explanation" // Explanation: why handed out, found and counted differ
	KindClosing     Kind = "closing"     // Snapshot: the result
)

var first = sum([]byte(Format))

func sum(raw []byte) string {
	h := sha256.Sum256(raw)
	return hex.EncodeToString(h[:])
}

// sum is the hash of an entry: SHA-256 over its JSON with an empty hash.
func (e Entry) sum() string {
	e.Hash = ""
	raw, err := json.Marshal(e)
	if err != nil {
		return "" // the body is no JSON: never equal to a hash
	}
	return sum(raw)
}

// Next is the entry that follows the last of a chain (nil for none) with a body of its kind.
func Next(last *Entry, kind Kind, at, by string, body any) (Entry, error) {
	e := Entry{Kind: kind, At: at, By: by, Prev: first}
	if last != nil {
		e.Seq, e.Prev = last.Seq+1, last.Hash
	}
	raw, err := json.Marshal(body)
	e.Body = raw
	e.Hash = e.sum()
	return e, err
}

// Head is the text that is signed.
func (b *Bundle) Head() string { return fmt.Sprintf("%s\n%d\n%s\n", b.Format, b.Size, b.Root) }

// Sign makes the bundle of a chain with the platform's key. The chain has at least one entry.
func Sign(entries []Entry, key ed25519.PrivateKey) Bundle {
	b := Bundle{Format: Format, Entries: entries, Size: len(entries), Root: entries[len(entries)-1].Hash}
	b.Key = hex.EncodeToString(key.Public().(ed25519.PublicKey))
	b.Signature = hex.EncodeToString(ed25519.Sign(key, []byte(b.Head())))
	return b
}

// Encode is the one encoding of a bundle.
func (b *Bundle) Encode() []byte {
	raw, err := json.Marshal(b)
	if err != nil {
		return nil // a body that is no JSON
	}
	return append(raw, '\n')
}

// ErrForm says that a file is no bundle, or not in its one encoding.
var ErrForm = errors.New("the file is no certificate bundle in its own encoding")

// Parse reads what Encode wrote, and nothing else. Error: ErrForm.
func Parse(raw []byte) (*Bundle, error) {
	b := &Bundle{}
	if len(raw) > MaxSize {
		return nil, ErrForm
	}
	if err := strict(raw, b); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrForm, err)
	}
	if b.Format != Format || len(b.Entries) == 0 || !bytes.Equal(b.Encode(), raw) {
		return nil, ErrForm
	}
	return b, nil
}

// strict decodes JSON without unknown fields and without anything behind it.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something follows")
	}
	return nil
}

// Fingerprint is the short form of a key by which people compare it with the one that the city has published: SHA-256 in
// groups of four.
func Fingerprint(key string) string {
	raw, err := hex.DecodeString(key)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return ""
	}
	h := strings.ToUpper(sum(raw))[:40]
	var groups []string
	for i := 0; i < len(h); i += 4 {
		groups = append(groups, h[i:i+4])
	}
	return strings.Join(groups, " ")
}
