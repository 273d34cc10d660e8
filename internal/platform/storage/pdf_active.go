package storage

import (
	"bytes"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// What a reader of PDF would run or unpack: scripts, programs that are started, files that lie inside,
// forms of XFA, films and sounds. A page that is only looked at needs none of it.

// activeEntries of a dictionary are taken away wherever they stand (ISO 32000-1, 12.6, 7.11.4, 12.7.8,
// 13.2 to 13.6; ISO 32000-2, 14.13).
var activeEntries = []string{"AA", "JS", "JavaScript", "EmbeddedFiles", "AF", "EF", "XFA", "Collection",
	"RichMediaContent", "RichMediaSettings", "3DD"}

// activeAnnotations are taken off their page.
var activeAnnotations = []string{"FileAttachment", "Movie", "RichMedia", "Screen", "Sound", "3D"}

// actionEntries of a dictionary may hold an action; idleActions are those that lead to a page.
var (
	actionEntries = []string{"A", "PA", "Next", "OpenAction"}
	idleActions   = []string{"GoTo", "Named", "SetOCGState", "Thread"}
)

// linkSchemes are the addresses to which a link of a page may lead.
var linkSchemes = []string{"http:", "https:", "mailto:", "tel:"}

// activeNames stand in the bytes of a PDF that runs something and packs its objects by no stream.
var activeNames = [][]byte{[]byte("/JavaScript"), []byte("/Launch"), []byte("/EmbeddedFile"), []byte("/RichMedia"), []byte("/XFA")}

// looksActive tells whether the bytes of a PDF name what would be run, in whatever part of it.
func looksActive(raw []byte) bool {
	return slices.ContainsFunc(activeNames, func(name []byte) bool { return bytes.Contains(raw, name) })
}

// disarm takes away what a reader would run, and tells whether there was any.
func disarm(doc *model.Context) bool {
	d := disarming{doc: doc}
	for name := range doc.Names {
		if slices.Contains(activeEntries, name) {
			delete(doc.Names, name)
			d.found = true
		}
	}
	for _, e := range doc.Table {
		if e != nil {
			d.object(e.Object, 0)
		}
	}
	return d.found
}

type disarming struct {
	doc   *model.Context
	found bool
}

const deepest = 100 // dictionaries within one another

func (d *disarming) object(o types.Object, depth int) {
	if depth > deepest {
		return
	}
	switch o := o.(type) {
	case types.Dict:
		d.dict(o, depth)
	case types.StreamDict:
		d.dict(o.Dict, depth)
	case *types.StreamDict:
		d.dict(o.Dict, depth)
	case types.Array:
		for _, item := range o {
			d.object(item, depth+1)
		}
	}
}

func (d *disarming) dict(o types.Dict, depth int) {
	drop := func(key string) { o.Delete(key); d.found = true }
	for _, key := range activeEntries {
		if _, ok := o.Find(key); ok {
			drop(key)
		}
	}
	for _, key := range actionEntries {
		if v, ok := o.Find(key); ok && d.runs(v) {
			drop(key)
		}
	}
	if v, ok := o.Find("Annots"); ok {
		if all, err := d.doc.DereferenceArray(v); err == nil && slices.ContainsFunc(all, d.activeAnnotation) {
			o.Update("Annots", slices.DeleteFunc(slices.Clone(all), d.activeAnnotation))
			d.found = true
		}
	}
	for _, v := range o {
		d.object(v, depth+1)
	}
}

func (d *disarming) activeAnnotation(o types.Object) bool {
	a, err := d.doc.DereferenceDict(o)
	if err != nil || a == nil {
		return false
	}
	kind := a.NameEntry("Subtype")
	return kind != nil && slices.Contains(activeAnnotations, *kind)
}

// runs tells an action that does more than lead to a page or a web address. What is no action
// (a destination, the attributes of a structure) runs nothing.
func (d *disarming) runs(o types.Object) bool {
	o, err := d.doc.Dereference(o)
	if err != nil {
		return true
	}
	if all, ok := o.(types.Array); ok {
		return slices.ContainsFunc(all, func(item types.Object) bool {
			action, err := d.doc.DereferenceDict(item)
			return err == nil && action != nil && d.runs(action)
		})
	}
	action, ok := o.(types.Dict)
	if !ok {
		return false
	}
	kind := action.NameEntry("S")
	switch {
	case kind == nil || slices.Contains(idleActions, *kind):
		return false
	case *kind != "URI":
		return true
	}
	v, _ := action.Find("URI")
	address, err := d.doc.DereferenceStringOrHexLiteral(v, model.V10, nil)
	if err != nil {
		return true
	}
	address = strings.ToLower(strings.TrimSpace(address))
	return !slices.ContainsFunc(linkSchemes, func(scheme string) bool { return strings.HasPrefix(address, scheme) })
}
