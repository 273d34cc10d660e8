package calendar

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	days, err := Parse(strings.NewReader("\ufeffdate,kind,notice\r\n2027-01-01,off,\"国办发明电〔2026〕9号\"\r\n2027-01-03,work, x \r\n"))
	want := []Day{{"2027-01-01", Off, "国办发明电〔2026〕9号"}, {"2027-01-03", Work, "x"}}
	if err != nil || len(days) != 2 || days[0] != want[0] || days[1] != want[1] {
		t.Fatalf("got %v, %v", days, err)
	}
}

func TestParseNamesTheLine(t *testing.T) {
	t.Parallel()
	const head = "date,kind,notice\n2027-01-01,off,n\n"
	for name, tt := range map[string]struct {
		text string
		line int
	}{
		"empty":      {"", 1},
		"header":     {"day,kind,notice\n", 1},
		"no header":  {"2027-01-01,off,n\n", 1},
		"date":       {head + "2027-02-29,off,n\n", 3},
		"kind":       {head + "2027-01-02,Off,n\n", 3},
		"twice":      {head + "2027-01-02,off,n\n2027-01-01,work,n\n", 4},
		"no notice":  {head + "2027-01-02,off, \n", 3},
		"no text":    {head + "2027-01-02,off,\xff\n", 1},
		"long":       {head + "2027-01-02,off," + strings.Repeat("文", 201) + "\n", 3},
		"columns":    {head + "2027-01-02,off\n", 3},
		"bare quote": {head + "2027-01-02,off,a\"b\n", 3},
		"blank line": {head + "\n2027-01-02,free,n\n", 4},
	} {
		_, err := Parse(strings.NewReader(tt.text))
		var e *ParseError
		if !errors.As(err, &e) || e.Line != tt.line {
			t.Errorf("%s: got %v, want an error on line %d", name, err, tt.line)
		}
	}
	if _, err := Parse(strings.NewReader(head + strings.Repeat("\n", maxFile))); err == nil {
		t.Error("a file over 1 MiB was accepted")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(specialDays[:200])
	f.Add([]byte("date,kind,notice\n2027-01-01,off,n\n2027-10-01,off,n\n2027-10-09,work,n\n"))
	f.Add([]byte("date,kind,notice\n2027-01-01,off,\"a\nb\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		days, err := Parse(bytes.NewReader(data))
		if err != nil {
			return
		}
		c, err := New(days, nil)
		if err != nil {
			t.Fatalf("parsed but not usable: %v", err)
		}
		for _, d := range days {
			work, err := c.IsWorkday(d.Date)
			if err == nil && work != (d.Kind == Work) {
				t.Fatalf("%+v is read as working day %v", d, work)
			}
		}
	})
}
