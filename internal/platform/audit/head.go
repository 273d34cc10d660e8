package audit

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/platform/clock"
	"linli/internal/platform/seal"
)

// Head says how the sealed log was at an instant: whoever keeps a head can tell later whether
// what it covers has been altered, even by somebody who holds database and keys.
type Head struct {
	Size int64     // records sealed
	Root tlog.Hash // of the Merkle tree over them
	At   time.Time // when the head was made
}

const (
	headOrigin = "linli audit log"
	headSigner = "linli-audit"
)

// Head reads the head of what is sealed now.
func (l *Log) Head(ctx context.Context) (Head, error) {
	h := Head{At: clock.Now(ctx)}
	var err error
	if h.Size, err = treeSize(ctx, l.DB); err != nil || h.Size == 0 {
		return h, err
	}
	h.Root, err = tlog.TreeHash(h.Size, l.hashReader(ctx, nil))
	return h, err
}

// Sign writes the head as a signed note (the form of Go's checksum database), in lines: origin,
// size, root, instant.
func (h Head) Sign(ring *seal.Ring) ([]byte, error) {
	signer, _, err := headKeys(ring)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n%s\n", headOrigin, h.Size, h.Root, h.At.UTC().Format(time.RFC3339))
	return note.Sign(&note.Note{Text: text}, signer)
}

// ErrHead says that a file is no head signed with this city's key.
var ErrHead = errors.New("the file is no tree head signed with this key")

// ParseHead reads what Sign wrote. Error: ErrHead.
func ParseHead(raw []byte, ring *seal.Ring) (Head, error) {
	_, verifier, err := headKeys(ring)
	if err != nil {
		return Head{}, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return Head{}, fmt.Errorf("%w: %v", ErrHead, err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 5 || lines[0] != headOrigin {
		return Head{}, ErrHead
	}
	var h Head
	if h.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || h.Size < 0 {
		return Head{}, ErrHead
	}
	if h.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return Head{}, ErrHead
	}
	if h.At, err = time.Parse(time.RFC3339, lines[3]); err != nil {
		return Head{}, ErrHead
	}
	return h, nil
}

// HeadKey is the public key by which others check heads, as note.NewVerifier reads it.
func HeadKey(ring *seal.Ring) (string, error) {
	return note.NewEd25519VerifierKey(headSigner, ring.Signer("audit head").Public().(ed25519.PublicKey))
}

func headKeys(ring *seal.Ring) (note.Signer, note.Verifier, error) {
	private := ring.Signer("audit head")
	public, err := HeadKey(ring)
	if err != nil {
		return nil, nil, err
	}
	const ed25519Note = 1 // the algorithm's number in golang.org/x/mod/sumdb/note
	marked := append([]byte{ed25519Note}, private.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte(headSigner+"\n"), marked...))
	secret := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", headSigner, binary.BigEndian.Uint32(sum[:4]),
		base64.StdEncoding.EncodeToString(append([]byte{ed25519Note}, private.Seed()...)))
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, nil, err
	}
	verifier, err := note.NewVerifier(public)
	return signer, verifier, err
}
