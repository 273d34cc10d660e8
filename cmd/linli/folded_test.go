package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// unfolded are the flags and arguments whose texts are taken as they are, each with the reason.
var unfolded = map[string]string{
	"data": "a path", "db": "an address", "files": "an address", "out": "a path", "head": "a path",
	"to": "a path", "from": "a path", "keys-to": "a path",
	"keys": "a path", "file": "a path", "decisions": "a path", "questions": "a path", "source": "words", "backup-to": "a path",
	"addr": "an address", "url": "an address", "proxies": "addresses", "oidc-issuer": "an address",
	"oidc-client": "a secret's other half", "oidc-secret": "a secret",
	"oidc-name": "words", "oidc-claim": "a name of another system", "sms-url": "an address",
	"sms-token": "a secret", "wecom-url": "an address",
	"wecom-token": "a secret", "mail-url": "an address", "mail-from": "an address", "log-level": "a word of the program",
	"earlier": "a path", "key": "a key as it was printed", "name": "words",
	"help": "nothing is given", "format": "a word of the program",
}

func parser(t *testing.T) *kong.Kong {
	t.Helper()
	k, err := kong.New(&cli, kong.Name("linli"), numbers(), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Every flag and argument that takes a day, a code or a number is folded as everywhere; what is not is named.
func TestEveryValueOfTheCommandLineIsFoldedOrNamed(t *testing.T) {
	folded := []reflect.Type{reflect.TypeFor[day](), reflect.TypeFor[code](), reflect.TypeFor[instant](), reflect.TypeFor[time.Duration](),
		reflect.TypeFor[int](), reflect.TypeFor[uint64](), reflect.TypeFor[bool]()}
	n, seen := 0, map[string]bool{}
	check := func(command string, v *kong.Value) {
		switch {
		case slices.Contains(folded, v.Target.Type()):
			n++
		case unfolded[v.Name] == "":
			t.Errorf("%s %s takes %s: fold it or name it", command, v.Name, v.Target.Type())
		default:
			seen[v.Name] = true
		}
	}
	var walk func(*kong.Node)
	walk = func(node *kong.Node) {
		for _, f := range node.Flags {
			check(node.Name, f.Value)
		}
		for _, p := range node.Positional {
			check(node.Name, p)
		}
		for _, c := range node.Children {
			walk(c)
		}
	}
	walk(parser(t).Model.Node)
	if n < 10 {
		t.Errorf("only %d values are folded", n)
	}
	for name := range unfolded {
		if !seen[name] && name != "help" {
			t.Errorf("%s is named and taken by no command", name)
		}
	}
}

func TestDaysCodesAndNumbersAreReadHoweverTheyAreWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	days := []string{"2026-03-02", "２０２６－０３－０２", "2026.3.2", "2026/3/2", "2026年3月2日", "二〇二六年三月二日", "20260302", " 2026-3-2 "}
	cases := []struct {
		args  func(string) []string
		given []string
		got   func() any
		want  any
	}{
		{func(s string) []string { return []string{"draw", "verify", s} }, days, func() any { return cli.Draw.Verify.Day }, day("2026-03-02")},
		{func(s string) []string { return []string{"audit", "forget", "--before=" + s} }, days,
			func() any { return cli.Audit.Forget.Before }, day("2026-03-02")},
		{func(s string) []string { return []string{"import", "areas", file, "--effective=" + s} }, days,
			func() any { return cli.Import.Areas.Effective }, day("2026-03-02")},
		{func(s string) []string { return []string{"calendar", "deadline", "--workdays=1", "--from=" + s} }, days,
			func() any { return cli.Calendar.Deadline.From }, day("2026-03-02")},
		{func(s string) []string {
			return []string{"calendar", "deadline", "--from=2026-03-02", "--workdays=" + s}
		}, []string{"15", "１５", " 15 ", "\u202d15"}, func() any { return cli.Calendar.Deadline.Workdays }, 15},
		{func(s string) []string { return []string{"account", "recover", s} }, []string{"zhang.san", "ｚｈａｎｇ．ｓａｎ", "zhang.san\u200b"},
			func() any { return cli.Account.Recover.Login }, code("zhang.san")},
		{func(s string) []string { return []string{"import", "outlines", file, "--source=x", "--crs=" + s} },
			[]string{"GCJ02", "ＧＣＪ０２", " GCJ02"}, func() any { return cli.Import.Outlines.CRS }, code("GCJ02")},
		{func(s string) []string { return []string{"restore", "x", "--keys=" + file, "--name=" + s} }, []string{"20260302-1", "２０２６０３０２—１"},
			func() any { return cli.Restore.Name }, code("20260302-1")},
		{func(s string) []string { return []string{"keys", "rotate", "--cipher=" + s} }, []string{"sm4", "ｓｍ４"},
			func() any { return cli.Keys.Rotate.Cipher }, code("sm4")},
		{func(s string) []string { return []string{"backup", "x", "--keep=" + s} }, []string{"7", "７"}, func() any { return cli.Backup.Keep }, 7},
		{func(s string) []string { return []string{"serve", "--memory=" + s} }, []string{"512", "５１２"},
			func() any { return cli.Serve.Memory }, uint64(512)},
		{func(s string) []string { return []string{"serve", "--db-silence=" + s} }, []string{"10s", "１０ｓ"},
			func() any { return cli.Serve.Silence }, 10 * time.Second},
		{func(s string) []string { return []string{"serve", "--test-clock=" + s} },
			[]string{"2027-01-02T09:00", "２０２７年１月２日　09：00", "2027.1.2 09:00"}, func() any { return cli.Serve.Clock }, instant("2027-01-02T09:00")},
		{func(s string) []string { return []string{"serve", "--test-clock=" + s} }, days,
			func() any { return cli.Serve.Clock }, instant("2026-03-02")},
	}
	for _, c := range cases {
		for _, given := range c.given {
			if _, err := parser(t).Parse(c.args(given)); err != nil {
				t.Errorf("%q: %v", c.args(given), err)
			} else if got := c.got(); got != c.want {
				t.Errorf("%q is read as %v, want %v", c.args(given), got, c.want)
			}
		}
	}
	for _, wrong := range [][]string{{"calendar", "deadline", "--from=2026-03-02", "--workdays=x"}, {"serve", "--memory=-1"},
		{"serve", "--db-silence=10"}, {"keys", "rotate", "--cipher=des"}} {
		if _, err := parser(t).Parse(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}
