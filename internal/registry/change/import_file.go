package change

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"path"
	"slices"
	"strings"

	"linli/internal/platform/errs"
)

// Bounds of what is uploaded: as sent, and unpacked.
const (
	MaxUpload       = 48 << 20
	maxUnpacked     = 128 << 20
	maxPackedFiles  = 50
	maxUploadsAtAll = 10
)

// Upload is one file as a browser sends it: CSV, or a ZIP of CSV files.
type Upload struct {
	Name string
	Raw  []byte
}

// FromUploads takes CSV files, and ZIP archives whose CSV files it takes in the order of levels.
// What cannot be unpacked is an *ImportError.
func FromUploads(files []Upload) ([]Source, error) {
	var out []Source
	left := int64(maxUnpacked)
	for _, f := range files {
		if !bytes.HasPrefix(f.Raw, []byte("PK\x03\x04")) {
			out = append(out, FromReader(f.Name, bytes.NewReader(f.Raw)))
			continue
		}
		packed, err := unpack(f, &left)
		if err != nil {
			return nil, err
		}
		out = append(out, packed...)
	}
	if len(out) == 0 {
		return nil, errs.New(errs.Invalid, "registry.import.empty")
	}
	return out, nil
}

// unpack reads the CSV files of an archive, wherever they lie in it. Left is how many bytes may
// still be unpacked: what an archive says of its own size is not believed.
func unpack(f Upload, left *int64) ([]Source, error) {
	wrong := func(key string, args ...any) error {
		return &ImportError{[]Problem{newProblem(f.Name, 0, key, args...)}}
	}
	archive, err := zip.NewReader(bytes.NewReader(f.Raw), int64(len(f.Raw)))
	if err != nil {
		return nil, wrong("registry.import.archive")
	}
	type packed struct {
		name string
		raw  []byte
	}
	var files []packed
	for _, entry := range archive.File {
		name := path.Base(entry.Name)
		if !strings.EqualFold(path.Ext(name), ".csv") || strings.HasPrefix(name, ".") {
			continue
		}
		if len(files) == maxPackedFiles {
			return nil, wrong("registry.import.archive_files", "limit", maxPackedFiles)
		}
		opened, err := entry.Open()
		if err != nil {
			return nil, wrong("registry.import.archive")
		}
		raw, err := io.ReadAll(io.LimitReader(opened, *left+1))
		opened.Close()
		switch {
		case err != nil:
			return nil, wrong("registry.import.archive")
		case int64(len(raw)) > *left:
			return nil, wrong("registry.import.too_large", "limit", maxUnpacked>>20)
		}
		*left -= int64(len(raw))
		files = append(files, packed{name, raw})
	}
	slices.SortStableFunc(files, func(a, b packed) int {
		return cmp.Compare(slices.Index(nationalFiles, a.name), slices.Index(nationalFiles, b.name))
	})
	out := make([]Source, len(files))
	for i, one := range files {
		out[i] = FromReader(one.name, bytes.NewReader(one.raw))
	}
	return out, nil
}

// keptRow is an areaRow as it is stored until the import is made.
type keptRow struct {
	Code, Name, Kind, Parent string
	Level                    int
	File                     string
	Line                     int
}

func packRows(rows []areaRow) (string, error) {
	kept := make([]keptRow, len(rows))
	for i, r := range rows {
		kept[i] = keptRow{r.code, r.name, r.kind, r.parent, r.level, r.file, r.line}
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if err := json.NewEncoder(w).Encode(kept); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

func unpackRows(stored string) ([]areaRow, error) {
	raw, err := base64.StdEncoding.DecodeString(stored)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	var kept []keptRow
	if err := json.NewDecoder(r).Decode(&kept); err != nil {
		return nil, err
	}
	rows := make([]areaRow, len(kept))
	for i, k := range kept {
		rows[i] = areaRow{code: k.Code, name: k.Name, kind: k.Kind, parent: k.Parent, level: k.Level, file: k.File, line: k.Line}
	}
	return rows, nil
}
