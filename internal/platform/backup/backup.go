// Package backup makes consistent copies of a city while it is served, proves them and restores
// them. A copy is a snapshot of the database, the uploaded files, and a manifest with the digest
// of each, written last. Keys are not part of it: with them the copy would open itself.
package backup

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/bucket"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/seal"
)

// Manifest describes one copy.
type Manifest struct {
	Name     string     `json:"name"`
	At       time.Time  `json:"at"`
	Version  string     `json:"version"` // of the program
	Engine   db.Dialect `json:"engine"`
	Database Part       `json:"database"`
	Files    []Part     `json:"files"`          // shared by all copies of a target, each under its digest
	Head     string     `json:"head"`           // signed head of the audit log
	Keys     string     `json:"keys,omitempty"` // fingerprint of the key file
	Mark     string     `json:"mark"`           // keyed digest of the manifest without it: who made it holds the keys
}

// Part is one file of a copy.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	Digest string `json:"digest"` // SHA-256, hex
}

// Source is the city to copy.
type Source struct {
	DB      *db.DB
	Address string // of the database
	Files   Files
	Empty   []string // tables whose rows are no part of a copy
	Work    string   // folder in which the database is copied before it is sent
	Ring    *seal.Ring
	Sealed  []fingerprint.Sealed // by which keys are tried where the database knows no fingerprint
	Version string
}

// Files are what was uploaded, each under its SHA-256 in hex. They never change.
type Files interface {
	// Each tells the digest and the size in bytes of all of them.
	Each(ctx context.Context, tell func(digest string, size int64) error) error
	Open(ctx context.Context, digest string) (io.ReadCloser, error)
	Put(ctx context.Context, digest string, r io.Reader) error
}

const manifestName = "manifest.json"

func (m *Manifest) mark(ring *seal.Ring) string {
	plain := *m
	plain.Mark = ""
	raw, _ := json.Marshal(plain) // texts, numbers and an instant
	return hex.EncodeToString(ring.Digest("backup manifest", string(raw)))
}

// Make copies the city. The database comes first: every file that it names is there by then, and
// files never change. Errors: those of fingerprint.Check, as a copy that other keys sign opens to nobody.
func Make(ctx context.Context, s Source, to bucket.Bucket) (Manifest, error) {
	if _, err := fingerprint.Check(ctx, s.DB, s.Ring, s.Sealed); err != nil {
		return Manifest{}, err
	}
	now := clock.Now(ctx).UTC()
	m := Manifest{Name: "linli-" + now.Format(nameLayout), At: now, Version: s.Version, Engine: s.DB.Dialect, Keys: fingerprint.Of(s.Ring)}
	if taken, err := names(ctx, to, m.Name+"/"); err != nil || len(taken) > 0 {
		return m, errors.Join(err, fmt.Errorf("a copy named %s is there already or its place cannot be read", m.Name))
	}
	head, err := (&audit.Log{DB: s.DB}).Head(ctx)
	if err != nil {
		return m, err
	}
	signed, err := head.Sign(s.Ring)
	if err != nil {
		return m, err
	}
	m.Head = string(signed)
	if err := copyDatabase(ctx, s, to, &m); err != nil {
		return m, fmt.Errorf("copy the database: %w", err)
	}
	if err := copyFiles(ctx, s, to, &m); err != nil {
		return m, fmt.Errorf("copy the files: %w", err)
	}
	m.Mark = m.mark(s.Ring)
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	return m, to.Put(ctx, path.Join(m.Name, manifestName), strings.NewReader(string(raw)), int64(len(raw)))
}

func copyDatabase(ctx context.Context, s Source, to bucket.Bucket, m *Manifest) error {
	dir, err := os.MkdirTemp(s.Work, "backup-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m.Database.Name = map[db.Dialect]string{db.SQLite: "linli.db", db.Postgres: "linli.dump"}[s.DB.Dialect]
	local := filepath.Join(dir, m.Database.Name)
	if err := s.DB.Copy(ctx, s.Address, local, s.Empty...); err != nil {
		return err
	}
	if m.Database.Digest, m.Database.Size, err = digest(local); err != nil {
		return err
	}
	return put(ctx, to, local, path.Join(m.Name, m.Database.Name), m.Database.Size)
}

// copyFiles puts the files that the target lacks, and refuses one that is not what its name says.
func copyFiles(ctx context.Context, s Source, to bucket.Bucket, m *Manifest) error {
	return s.Files.Each(ctx, func(name string, size int64) error {
		p := Part{Name: "files/" + name, Size: size, Digest: name}
		err := intact(ctx, s.Files, name)
		switch {
		case err != nil && errs.Of(err).Kind == errs.NotFound:
			return nil // nothing named it, and it was swept away since it was listed
		case err != nil:
			return err
		}
		m.Files = append(m.Files, p)
		there, err := to.Stat(ctx, p.Name)
		if err == nil && there.Size == p.Size || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		r, err := s.Files.Open(ctx, name)
		if err != nil {
			return err
		}
		return errors.Join(to.Put(ctx, p.Name, r, p.Size), r.Close())
	})
}

func intact(ctx context.Context, files Files, name string) error {
	r, err := files.Open(ctx, name)
	if err != nil {
		return err
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != name {
		return fmt.Errorf("the file %s is damaged", name)
	}
	return nil
}

func put(ctx context.Context, to bucket.Bucket, local, name string, size int64) error {
	f, err := os.Open(local)
	if err != nil {
		return err
	}
	return errors.Join(to.Put(ctx, name, f, size), f.Close())
}

func digest(local string) (string, int64, error) {
	f, err := os.Open(local)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	return hex.EncodeToString(sum.Sum(nil)), n, err
}

// prunedName marks a copy that is being removed: it is none any more, whatever is left of it.
const prunedName = "pruned"

// unfinishedFor is how long after it was begun a copy without manifest counts as one that is still
// being made; later it is what a maker that died has left.
const unfinishedFor = 48 * time.Hour

const nameLayout = "20060102T150405Z"

// names lists what lies below a folder of a target.
func names(ctx context.Context, t bucket.Bucket, folder string) ([]string, error) {
	var out []string
	err := t.Each(ctx, folder, func(e bucket.Entry) error { out = append(out, e.Name); return nil })
	slices.Sort(out)
	return out, err
}

// copies tells the parts of every copy of a target, by the copy's name.
func copies(ctx context.Context, t bucket.Bucket) (map[string][]string, error) {
	all, err := names(ctx, t, "")
	out := map[string][]string{}
	for _, name := range all {
		if folder, _ := path.Split(name); strings.HasPrefix(folder, "linli-") {
			folder = strings.TrimSuffix(folder, "/")
			out[folder] = append(out[folder], name)
		}
	}
	return out, err
}

// whole tells whether the parts of a copy are one that can be restored.
func whole(name string, parts []string) bool {
	return slices.Contains(parts, path.Join(name, manifestName)) && !slices.Contains(parts, path.Join(name, prunedName))
}

// Names lists the whole copies of a target, oldest first.
func Names(ctx context.Context, t bucket.Bucket) ([]string, error) {
	found, err := copies(ctx, t)
	var out []string
	for name, parts := range found {
		if whole(name, parts) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, err
}

// Prune removes all but the last copies (keep < 1 removes none), and what is left of those whose removal
// or making was interrupted. Files stay: later copies share them.
func Prune(ctx context.Context, t bucket.Bucket, keep int) error {
	found, err := copies(ctx, t)
	if err != nil {
		return err
	}
	kept, err := Names(ctx, t)
	if err != nil {
		return err
	}
	var gone []string
	if keep > 0 && len(kept) > keep {
		gone = kept[:len(kept)-keep]
	}
	for name, parts := range found {
		if leftover(ctx, name, parts) {
			gone = append(gone, name)
		}
	}
	for _, name := range gone {
		if err := remove(ctx, t, name, found[name]); err != nil {
			return err
		}
	}
	return nil
}

// leftover tells what is neither a whole copy nor one that may still be in the making.
func leftover(ctx context.Context, name string, parts []string) bool {
	if slices.Contains(parts, path.Join(name, prunedName)) {
		return true
	}
	begun, err := time.Parse("linli-"+nameLayout, name)
	return err == nil && !whole(name, parts) && clock.Now(ctx).Sub(begun) > unfinishedFor
}

// remove takes a copy away. It is marked first and the mark goes last: whoever is interrupted in between
// leaves a whole copy, or something that is seen to be none and that the next removal clears.
func remove(ctx context.Context, t bucket.Bucket, name string, parts []string) error {
	mark := path.Join(name, prunedName)
	if err := t.Put(ctx, mark, strings.NewReader("\n"), 1); err != nil {
		return err
	}
	manifest := path.Join(name, manifestName)
	slices.SortStableFunc(parts, func(a, b string) int { // the manifest first
		return cmp.Compare(b2i(a != manifest), b2i(b != manifest))
	})
	for _, p := range parts {
		if p == mark {
			continue
		}
		if err := t.Remove(ctx, p); err != nil {
			return err
		}
	}
	return t.Remove(ctx, mark)
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func readManifest(ctx context.Context, from bucket.Bucket, name string, ring *seal.Ring) (Manifest, error) {
	var m Manifest
	r, err := from.Get(ctx, path.Join(name, manifestName))
	if err != nil {
		return m, fmt.Errorf("no whole copy %s: %w", name, err)
	}
	defer r.Close()
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return m, fmt.Errorf("the manifest of %s: %w", name, err)
	}
	if own := fingerprint.Of(ring); m.Keys != "" && m.Keys != own {
		return m, fingerprint.ErrCopyOf.With("copy", name, "expected", m.Keys, "found", own, "file", ring.Path())
	}
	if !hmac.Equal([]byte(m.mark(ring)), []byte(m.Mark)) {
		return m, fmt.Errorf("the manifest of %s was altered, or belongs to other keys", name)
	}
	return m, nil
}
