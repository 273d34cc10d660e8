package pdf

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// A document of several pages is valid by the reader that the storage uses.
func TestDocumentsAreValid(t *testing.T) {
	t.Parallel()
	d := New("选举结果")
	d.Heading("选举结果", 22)
	for range 80 {
		d.Text("参加投票的人员过半数 more than half of those who voted", 12)
		d.Row(10.5, []float64{1, 3}, "候选人", strings.Repeat("字", 60))
	}
	raw := d.Bytes()
	if err := api.Validate(bytes.NewReader(raw), model.NewDefaultConfiguration()); err != nil {
		t.Fatal(err)
	}
	n, err := api.PageCount(bytes.NewReader(raw), model.NewDefaultConfiguration())
	if err != nil || n < 3 || n != len(d.pages) {
		t.Fatal(n, err)
	}
	if !bytes.Equal(raw, d.Bytes()) {
		t.Fatal("written twice, the bytes differ")
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"一二三四五":        "一二三|四五",
		"ab cdefgh ij": "ab|cdefgh|ij",
		"abcdefghij":   "abcdef|ghij",
		"一二 abcd":      "一二|abcd",
		"一\n二":         "一|二",
		"":             "",
	} {
		if got := strings.Join(wrap(text, 3), "|"); got != want {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}
