package seal

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// file is what a key file holds.
type file struct {
	Current string            `json:"current"`
	Keys    map[string][]byte `json:"keys"`
	Ciphers map[string]string `json:"ciphers,omitempty"` // of keys that are not for AES
	Root    []byte            `json:"root"`              // 32 bytes: blind indexes, follow codes and signatures
}

func (f *file) cipher(name string) string {
	if c, ok := f.Ciphers[name]; ok {
		return c
	}
	return AES
}

// Open reads the key file, or makes one with fresh keys if there is none. The file is for its
// owner alone; a file that others can read is refused.
func Open(path string) (*Ring, error) {
	f, err := read(path)
	if errors.Is(err, os.ErrNotExist) {
		f = fresh()
		err = write(path, f)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return ring(path, f)
}

func read(path string) (f file, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return f, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return f, fmt.Errorf("%s can be read by others: chmod 600 it", path)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// write puts the file in place whole or not at all, and waits for the disk: a key that is lost
// loses what it sealed.
func write(path string, f file) error {
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(path), ".keys-*") // for its owner alone
	if err != nil {
		return err
	}
	defer os.Remove(part.Name()) // gone already once it was renamed
	if _, err = part.Write(raw); err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// refreshChanged is Refresh when the file is another than the one that was read last. Anybody can ask
// for a key that is not there, so that costs a look at the file's date, and no reading.
func (r *Ring) refreshChanged() error {
	info, err := os.Stat(r.path)
	if err != nil {
		return err
	}
	r.mu.RLock()
	last := r.seen
	r.mu.RUnlock()
	if last != nil && os.SameFile(last, info) && last.ModTime().Equal(info.ModTime()) && last.Size() == info.Size() {
		return nil
	}
	return r.Refresh()
}

// Refresh takes into use what another process has written into the key file.
func (r *Ring) Refresh() error {
	if r.path == "" {
		return nil
	}
	if info, err := os.Stat(r.path); err == nil { // before it is read: what is put in place meanwhile is another
		r.mu.Lock()
		r.seen = info
		r.reads++
		r.mu.Unlock()
	}
	f, err := read(r.path)
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return r.set(f)
}

// Rotate adds a new key for a cipher and seals with it from now on; what earlier keys sealed
// still opens. It tells the new key's name. The file is on disk when it returns.
func (r *Ring) Rotate(cipher string) (string, error) {
	length, ok := keyLength[cipher]
	if !ok {
		return "", fmt.Errorf("%q is no cipher: %s or %s", cipher, AES, SM4)
	}
	if err := r.Refresh(); err != nil {
		return "", err
	}
	r.mu.RLock()
	f := file{Root: r.root, Keys: map[string][]byte{}, Ciphers: map[string]string{}}
	last := 0
	for name, key := range r.file.Keys {
		f.Keys[name] = key
		if c := r.file.cipher(name); c != AES {
			f.Ciphers[name] = c
		}
		if n, err := strconv.Atoi(name); err == nil {
			last = max(last, n)
		}
	}
	r.mu.RUnlock()
	f.Current = strconv.Itoa(last + 1)
	f.Keys[f.Current] = make([]byte, length)
	_, _ = rand.Read(f.Keys[f.Current])
	if cipher != AES {
		f.Ciphers[f.Current] = cipher
	}
	if r.path != "" {
		if err := write(r.path, f); err != nil {
			return "", err
		}
	}
	return f.Current, r.set(f)
}
