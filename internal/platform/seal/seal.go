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
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/emmansun/gmsm/sm4"
)

// Ciphers that a key may be for, both in Galois/Counter Mode.
const (
	AES = "aes" // AES-256, the default
	SM4 = "sm4" // GB/T 32907
)

// keyLength is a key's length in bytes by its cipher.
var keyLength = map[string]int{AES: 32, SM4: 16}

// Ring is an open key file. It is safe for use by many.
type Ring struct {
	path string // "" for one that is kept nowhere
	root []byte

	subkeys sync.Map // label → key drawn from the root

	mu      sync.RWMutex
	file    file
	current string
	aeads   map[string]cipher.AEAD
	seen    os.FileInfo // of the file when it was last read anew
	reads   int         // how often it was
}

// Fresh is a ring of new keys that is kept nowhere, for tests.
func Fresh() *Ring {
	r, err := ring("", fresh())
	if err != nil {
		panic(err)
	}
	return r
}

func fresh() file {
	f := file{Current: "1", Keys: map[string][]byte{"1": make([]byte, keyLength[AES])}, Root: make([]byte, 32)}
	_, _ = rand.Read(f.Keys["1"])
	_, _ = rand.Read(f.Root)
	return f
}

func ring(path string, f file) (*Ring, error) {
	if len(f.Root) != 32 {
		return nil, errors.New("the key file lacks its root key")
	}
	r := &Ring{path: path, root: f.Root}
	return r, r.set(f)
}

// set takes the keys of a file into use.
func (r *Ring) set(f file) error {
	aeads := map[string]cipher.AEAD{}
	for name, key := range f.Keys {
		kind := f.cipher(name)
		if len(key) != keyLength[kind] {
			return fmt.Errorf("key %q does not have the length of %s", name, kind)
		}
		make := aes.NewCipher
		if kind == SM4 {
			make = sm4.NewCipher
		}
		block, err := make(key)
		if err != nil {
			return err
		}
		if aeads[name], err = cipher.NewGCM(block); err != nil {
			return err
		}
	}
	if aeads[f.Current] == nil || !hmac.Equal(f.Root, r.root) {
		return errors.New("the key file lacks its current key, or its root key was changed")
	}
	r.mu.Lock()
	r.file, r.current, r.aeads = f, f.Current, aeads
	r.mu.Unlock()
	return nil
}

// Path is where the key file is kept; "" for a ring that is kept nowhere.
func (r *Ring) Path() string { return r.path }

// Current is the name of the key that seals.
func (r *Ring) Current() string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.current
}

// Key is one key of a ring, without its secret.
type Key struct {
	Name    string
	Cipher  string
	Current bool
}

// Keys lists the ring's keys by name.
func (r *Ring) Keys() []Key {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []Key
	for name := range r.file.Keys {
		out = append(out, Key{name, r.file.cipher(name), name == r.current})
	}
	slices.SortFunc(out, func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// KeyOf is the name of the key that sealed a text.
func KeyOf(sealed string) string {
	name, _, _ := strings.Cut(sealed, ".")
	return name
}

// Seal makes plain unreadable. The place, e.g. the row's id, is bound in: a sealed text moved
// to another row does not open.
func (r *Ring) Seal(plain []byte, place string) string {
	r.mu.RLock()
	current, aead := r.current, r.aeads[r.current]
	r.mu.RUnlock()
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	_, _ = rand.Read(nonce)
	return current + "." + base64.RawStdEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, []byte(place)))
}

// ErrSealed says that a sealed text does not open: wrong key, wrong place, or altered.
var ErrSealed = errors.New("sealed text does not open")

// Open reads what Seal made for the same place.
func (r *Ring) Open(sealed, place string) ([]byte, error) {
	name, body, ok := strings.Cut(sealed, ".")
	aead := r.aead(name)
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

// aead is a key by its name; the file is read again for one that is not known, where another
// process may have added it since.
func (r *Ring) aead(name string) cipher.AEAD {
	r.mu.RLock()
	found := r.aeads[name]
	r.mu.RUnlock()
	if found != nil || r.path == "" || r.refreshChanged() != nil {
		return found
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.aeads[name]
}

// subkey is the key of a label, kept: labels are few, and the root never changes.
func (r *Ring) subkey(label string) []byte {
	if key, ok := r.subkeys.Load(label); ok {
		return key.([]byte)
	}
	key, err := hkdf.Key(sha256.New, r.root, nil, "linli "+label, 32)
	if err != nil {
		panic(err) // the lengths are constants
	}
	r.subkeys.Store(label, key)
	return key
}

// Digest is a keyed one-way mark of a value: equal values have equal marks, and without the
// key nobody can try values. The label keeps uses apart.
func (r *Ring) Digest(label, value string) []byte {
	m := hmac.New(sha256.New, r.subkey(label))
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
