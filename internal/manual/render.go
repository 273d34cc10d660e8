package manual

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"linli/docs"
)

// Manual is one manual as HTML.
type Manual struct {
	Slug     string // in its address, /manual/<slug>
	Title    string // its first heading, which Body leaves out
	Contents []Heading
	Anchors  []string // of every heading, in order
	Body     template.HTML
}

// Heading is a line of the table of contents.
type Heading struct{ Anchor, Title string }

// All renders the manuals when they are first asked for. An error is a fault of the program's own files.
var All = sync.OnceValues(func() ([]Manual, error) {
	all := make([]Manual, 0, len(shelf))
	for _, b := range shelf {
		source, err := docs.Files.ReadFile("zh/" + b.file)
		if err != nil {
			return nil, err
		}
		m, err := render(source)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", b.file, err)
		}
		m.Slug = b.slug
		all = append(all, m)
	}
	return all, nil
})

// markdown leaves out raw HTML and addresses of scripts, which is how goldmark comes. A line that ends in a
// Chinese character goes on without a blank.
var markdown = goldmark.New(goldmark.WithExtensions(extension.Table, extension.NewCJK(extension.WithEastAsianLineBreaks())),
	goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithHeadingAttribute()))

func render(source []byte) (Manual, error) {
	root := markdown.Parser().Parse(text.NewReader(source), parser.WithContext(parser.NewContext(parser.WithIDs(anchors{}))))
	var m Manual
	var title ast.Node
	var unserved []*ast.Link
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			if n.Level == 1 && title == nil {
				title, m.Title = n, words(n, source)
				return ast.WalkContinue, nil
			}
			id, _ := n.AttributeString("id")
			anchor, _ := id.([]byte)
			m.Anchors = append(m.Anchors, string(anchor))
			if n.Level == 2 {
				m.Contents = append(m.Contents, Heading{string(anchor), words(n, source)})
			}
		case *ast.Image:
			n.Destination = []byte(address(string(n.Destination)))
		case *ast.Link:
			if n.Destination = []byte(address(string(n.Destination))); len(n.Destination) == 0 {
				unserved = append(unserved, n)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return m, err
	}
	if title == nil {
		return m, fmt.Errorf("no heading of level 1")
	}
	root.RemoveChild(root, title)
	for _, link := range unserved {
		unwrap(link)
	}
	var b bytes.Buffer
	err = markdown.Renderer().Render(&b, source, root)
	m.Body = template.HTML(b.String()) //nolint:gosec // our own files, without raw HTML
	return m, err
}

// address is where the program serves what a manual names, or "" for what it does not: papers for developers.
func address(to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return ""
	}
	if u.IsAbs() || u.Path == "" {
		return to
	}
	if folder, file := path.Split(u.Path); folder == "../pictures/" {
		return "/manual/pictures/" + file
	}
	for _, b := range shelf {
		if u.Path == b.file {
			u.Path = "/manual/" + b.slug
			return u.String()
		}
	}
	return ""
}

// unwrap leaves the words of a link without the link.
func unwrap(link ast.Node) {
	parent := link.Parent()
	for child := link.FirstChild(); child != nil; child = link.FirstChild() {
		parent.InsertBefore(parent, link, child)
	}
	parent.RemoveChild(parent, link)
}

// words is the text below a node.
func words(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// anchors are those of one manual: of a heading that names none, its letters and digits, Chinese ones too.
type anchors map[string]bool

// Generate is part of parser.IDs.
func (a anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	base := strings.Join(strings.FieldsFunc(string(bytes.ToLower(value)), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
	if base == "" {
		base = "section"
	}
	id := base
	for n := 2; a[id]; n++ {
		id = base + "-" + strconv.Itoa(n)
	}
	a[id] = true
	return []byte(id)
}

// Put is part of parser.IDs.
func (a anchors) Put(value []byte) { a[string(value)] = true }
