// Package pdf writes plain A4 documents of text, tables and rules. Text is set in the predefined Chinese font STSong-Light
// (宋体, ISO 32000-1 section 9.7.5), which every reader of PDF replaces by a font of its own: a document needs no font file and has some
// kilobytes. The same calls give the same bytes.
package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// Measures of a page in points (1/72 inch); margins follow GB/T 9704.
const (
	width, height = 595.28, 841.89
	left, right   = 79.4, 73.7
	top, bottom   = 104.9, 99.2
	inner         = width - left - right
)

// Document is written from top to bottom. The zero value is not usable: see New.
type Document struct {
	title string
	pages []*bytes.Buffer
	y     float64
}

// New begins a document; title is told to readers, not shown.
func New(title string) *Document {
	d := &Document{title: title}
	d.page()
	return d
}

func (d *Document) page() {
	d.pages = append(d.pages, &bytes.Buffer{})
	d.y = height - top
}

func (d *Document) last() *bytes.Buffer { return d.pages[len(d.pages)-1] }

// need begins a page where less than h points are left.
func (d *Document) need(h float64) {
	if d.y-h < bottom {
		d.page()
	}
}

// Gap leaves some points empty.
func (d *Document) Gap(h float64) { d.y -= h }

// Heading is a centred line.
func (d *Document) Heading(text string, size float64) {
	for _, line := range wrap(text, inner/size) {
		d.need(size * 1.8)
		d.y -= size * 1.8
		d.put(left+(inner-measure(line)*size)/2, d.y, size, line)
	}
}

// Text is a paragraph.
func (d *Document) Text(text string, size float64) {
	for _, line := range wrap(text, inner/size) {
		d.need(size * 1.6)
		d.y -= size * 1.6
		d.put(left, d.y, size, line)
	}
}

// Row is a row of a table. Shares are the widths of its cells, as parts of the sum; a rule is drawn below.
func (d *Document) Row(size float64, shares []float64, cells ...string) {
	total := 0.0
	for _, s := range shares {
		total += s
	}
	lines, most := make([][]string, len(cells)), 1
	for i, c := range cells {
		lines[i] = wrap(c, shares[i]/total*inner/size-0.6)
		most = max(most, len(lines[i]))
	}
	h := float64(most)*size*1.35 + size*0.6
	d.need(h)
	x := left
	for i := range cells {
		for k, line := range lines[i] {
			d.put(x+size*0.3, d.y-size*1.2-float64(k)*size*1.35, size, line)
		}
		x += shares[i] / total * inner
	}
	d.y -= h
	fmt.Fprintf(d.last(), "0.4 w %.2f %.2f m %.2f %.2f l S\n", left, d.y, left+inner, d.y)
}

func (d *Document) put(x, y, size float64, text string) {
	fmt.Fprintf(d.last(), "BT /F %.1f Tf %.2f %.2f Td <%s> Tj ET\n", size, x, y, encode(text))
}

// encode is UTF-16, big endian, in hexadecimal.
func encode(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// advance is the width of a character in parts of the size: half for ASCII.
func advance(r rune) float64 {
	if r >= ' ' && r <= '~' {
		return 0.5
	}
	return 1
}

func measure(s string) (w float64) {
	for _, r := range s {
		w += advance(r)
	}
	return w
}

// wrap breaks a text into lines of at most a width: after Chinese characters and at spaces; a longer word is cut.
func wrap(s string, most float64) []string {
	var out []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		line, w := []rune{}, 0.0
		for _, r := range paragraph {
			if w+advance(r) > most && len(line) > 0 {
				rest := []rune{}
				if cut := wordStart(line); r != ' ' && advance(r) < 1 && cut > 0 {
					rest, line = append(rest, line[cut:]...), line[:cut]
				}
				out = append(out, strings.TrimRight(string(line), " "))
				line, w = rest, measure(string(rest))
				if r == ' ' {
					continue
				}
			}
			line, w = append(line, r), w+advance(r)
		}
		out = append(out, string(line))
	}
	return out
}

// wordStart is where the word begins with which a line ends, of letters and digits of half width.
func wordStart(line []rune) int {
	i := len(line)
	for i > 0 && line[i-1] != ' ' && advance(line[i-1]) < 1 {
		i--
	}
	return i
}

// Bytes is the file.
func (d *Document) Bytes() []byte {
	var out bytes.Buffer
	offsets := []int{}
	object := func(body string) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", len(offsets), body)
	}
	const fixed = 6 // objects before the pages
	kids := []string{}
	for i := range d.pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", fixed+1+2*i))
	}
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	object("<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) /ViewerPreferences << /DisplayDocTitle true >> >>")
	object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " ")))
	object("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>")
	object("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >>" +
		" /FontDescriptor 5 0 R /DW 1000 /W [1 95 500 814 939 500] >>")
	object("<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120" +
		" /CapHeight 880 /StemV 93 >>")
	object("<< /Title <FEFF" + encode(d.title) + "> >>")
	for i, p := range d.pages {
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Resources << /Font << /F 3 0 R >> >> /Contents %d 0 R >>",
			width, height, fixed+2+2*i))
		number := fmt.Sprintf("- %d / %d -", i+1, len(d.pages))
		body := p.String() + fmt.Sprintf("BT /F 10.5 Tf %.2f %.2f Td <%s> Tj ET\n", left+(inner-measure(number)*10.5)/2, bottom-40, encode(number))
		object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(body), body))
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return out.Bytes()
}
