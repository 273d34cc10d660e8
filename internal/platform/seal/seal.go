// Package seal keeps what is personal unreadable at rest. Keys live outside the database, in a
// file of their own; a sealed text names the key that sealed it, so that keys can be changed
// while serving.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Ring is an open key file.
type Ring struct {
	current string
	aeads   map[string]cipher.AEAD
	root    []byte
}

type file struct {
	Current string            `json:"current"`
	Keys    map[string][]byte `json:"keys"` // 32 bytes each: AES-256
	Root    []byte            `json:"root"` // 32 bytes: blind indexes and follow codes
}

// Open reads the key file, or makes one with fresh keys if there is none. The file is for its
// owner alone; a file that others can read is refused.
func Open(path string) (*Ring, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		raw, err = create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("key file %s can be read by others: chmod 600 it", path)
	}
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return ring(f)
}

// Fresh is a ring of new keys that is kept nowhere, for tests.
func Fresh() *Ring {
	r, err := ring(fresh())
	if err != nil {
		panic(err)
	}
	return r
}

func fresh() file {
	f := file{Current: "1", Keys: map[string][]byte{"1": make([]byte, 32)}, Root: make([]byte, 32)}
	_, _ = rand.Read(f.Keys["1"])
	_, _ = rand.Read(f.Root)
	return f
}

func create(path string) ([]byte, error) {
	raw, err := json.Marshal(fresh())
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, err
	}
	return raw, os.WriteFile(path, raw, 0o600)
}

func ring(f file) (*Ring, error) {
	r := &Ring{current: f.Current, aeads: map[string]cipher.AEAD{}, root: f.Root}
	for name, key := range f.Keys {
		block, err := aes.NewCipher(key)
		if err != nil || len(key) != 32 {
			return nil, fmt.Errorf("key %q is not 32 bytes", name)
		}
		if r.aeads[name], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	if r.aeads[f.Current] == nil || len(f.Root) != 32 {
		return nil, errors.New("the key file lacks its current or root key")
	}
	return r, nil
}

// Seal makes plain unreadable. The place, e.g. the row's id, is bound in: a sealed text moved
// to another row does not open.
func (r *Ring) Seal(plain []byte, place string) string {
	aead := r.aeads[r.current]
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	_, _ = rand.Read(nonce)
	return r.current + "." + base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, []byte(place)))
}

// ErrSealed says that a sealed text does not open: wrong key, wrong place, or altered.
var ErrSealed = errors.New("sealed text does not open")

// Open reads what Seal made for the same place.
func (r *Ring) Open(sealed, place string) ([]byte, error) {
	name, body, ok := strings.Cut(sealed, ".")
	aead := r.aeads[name]
	if !ok || aead == nil {
		return nil, ErrSealed
	}
	raw, err := base64.RawStdEncoding.DecodeString(body)
	if err != nil || len(raw) < aead.NonceSize() {
		return nil, ErrSealed
	}
	n := aead.NonceSize()
	plain, err := aead.Open(nil, raw[:n], raw[n:], []byte(place))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// Digest is a keyed one-way mark of a value: equal values have equal marks, and without the
// key nobody can try values. The label keeps uses apart.
func (r *Ring) Digest(label, value string) []byte {
	key, err := hkdf.Key(sha256.New, r.root, nil, "linli "+label, 32)
	if err != nil {
		panic(err) // the lengths are constants
	}
	m := hmac.New(sha256.New, key)
	m.Write([]byte(value))
	return m.Sum(nil)
}

// Signer is a key to sign with, the same for the same label as long as the root key stays.
func (r *Ring) Signer(label string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(r.Digest("sign "+label, ""))
}

// Index is a digest as text, to find a sealed value by; "" stays "".
func (r *Ring) Index(label, value string) string {
	if value == "" {
		return ""
	}
	return hex.EncodeToString(r.Digest(label, value)[:16])
}
