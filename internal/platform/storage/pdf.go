package storage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"linli/internal/platform/errs"
	"linli/internal/platform/sandbox"
)

// What a PDF says beside its pages: who wrote it, with which program, when, on which machine; and
// what the camera wrote into the pictures that were put into it. What it does beside showing them is in
// pdf_active.go.

const (
	pdfDecoded = 64 << 20 // bytes to which a stream of a PDF may grow when it is read
	pdfObjects = 500_000  // of a PDF; of one of 10 MiB there are some ten thousand
)

// besides are the entries of a PDF's objects that tell about its making.
var besides = []string{"Metadata", "PieceInfo", "LastModified"}

// signedRange stands in every signature, and never compressed: it is filled in when all else is written.
var signedRange = []byte("/ByteRange")

// pdfJob cleans a PDF in a process of its own.
var pdfJob = sandbox.Job{Name: "pdf", Do: func(f *os.File) (any, error) {
	api.DisableConfigDir() // the library writes nothing to disk
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return cleanPDF(raw)
}}

// cleanPDF writes a PDF anew from its pages, so that nothing of its making stays, nothing of what
// it was before its last change, and nothing that a reader would run. One that is signed or encrypted
// is left as it is, for to write it anew would break the signature that it is brought for. Errors:
// Invalid "file.pdf" for what has no pages, "file.locked" for what opens by a password alone,
// "file.active" for what would be left as it is and runs something.
func cleanPDF(raw []byte) ([]byte, error) {
	doc, err := readPDF(raw)
	if errors.Is(err, pdfcpu.ErrWrongPassword) {
		return nil, errs.ErrInvalid.At("file", "file.locked")
	}
	unreadable := errs.ErrInvalid.At("file", "file.pdf")
	if err != nil || doc.EnsurePageCount() != nil || doc.PageCount < 1 {
		return nil, unreadable
	}
	ran := disarm(doc)
	if doc.Encrypt != nil || doc.SignatureExist || len(doc.Signatures) > 0 || bytes.Contains(raw, signedRange) {
		if ran || looksActive(raw) {
			return nil, errs.ErrInvalid.At("file", "file.active")
		}
		return raw, nil
	}
	doc.Info = nil
	for _, e := range doc.Table {
		switch o := e.Object.(type) {
		case types.Dict:
			forgetMaking(o)
		case types.StreamDict:
			forgetMaking(o.Dict)
			if photograph(&o) {
				o.Raw = bareJPEG(o.Raw)
				n := int64(len(o.Raw))
				o.StreamLength = &n
				o.Update("Length", types.Integer(n))
				e.Object = o
			}
		}
	}
	var b bytes.Buffer
	if err := api.WriteContext(doc, &b); err != nil {
		return nil, unreadable
	}
	return b.Bytes(), nil
}

// readPDF reads a PDF. One that breaks rules of the format and has its pages is taken as it is read.
func readPDF(raw []byte) (*model.Context, error) {
	doc, err := api.ReadAndValidate(bytes.NewReader(raw), pdfRules())
	if err == nil || errors.Is(err, pdfcpu.ErrWrongPassword) {
		return doc, err
	}
	return api.ReadContext(bytes.NewReader(raw), pdfRules())
}

func pdfRules() *model.Configuration {
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode, conf.Offline, conf.Optimize = model.ValidationRelaxed, true, false
	conf.Limits.MaxStreamBytes, conf.Limits.MaxDecodeBytes = MaxFile, pdfDecoded
	conf.Limits.MaxObjectCount, conf.Limits.MaxXRefEntries, conf.Limits.MaxObjectStreamCount = pdfObjects, pdfObjects, pdfObjects
	return conf
}

func forgetMaking(d types.Dict) {
	for _, key := range besides {
		d.Delete(key)
	}
}

// photograph tells whether a stream is a JPEG file as a camera wrote it.
func photograph(o *types.StreamDict) bool {
	return len(o.FilterPipeline) == 1 && o.FilterPipeline[0].Name == "DCTDecode" && o.Content == nil
}

// keptSegments are the segments of a JPEG before its pixels that tell how to draw it: JFIF, colour
// profile, Adobe's colours. Others of their kind tell of the camera, its place, its owner.
var keptSegments = []byte{0xe0, 0xe2, 0xee}

// bareJPEG leaves out of a JPEG what does not tell how to draw it. What cannot be read stays.
func bareJPEG(raw []byte) []byte {
	const start, pixels, comment, first, last = 0xd8, 0xda, 0xfe, 0xe0, 0xef
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != start {
		return raw
	}
	out := slices.Clone(raw[:2])
	for at := 2; at+4 <= len(raw); {
		marker, end := raw[at+1], at+2+int(binary.BigEndian.Uint16(raw[at+2:]))
		switch {
		case raw[at] != 0xff || end > len(raw):
			return raw
		case marker == pixels:
			return append(out, raw[at:]...)
		case marker != comment && (marker < first || marker > last || slices.Contains(keptSegments, marker)):
			out = append(out, raw[at:end]...)
		}
		at = end
	}
	return raw
}
