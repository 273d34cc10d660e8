package main

import (
	"fmt"
	"io"
	"os"

	"linli/internal/app"
	"linli/internal/council/bundle"
	"linli/internal/platform/fold"
)

// councilVerifyVerb asks package bundle: neither database nor network.
type councilVerifyVerb struct {
	File    string `arg:"" help:"Certificate bundle (JSON) of a vote, as downloaded. 投票凭证包文件。"`
	Earlier string `help:"Bundle of the same vote kept from before: the one given must contain it as its beginning. 先前留存的凭证包。"`
	Key     string `help:"Public key that the city has published elsewhere, hexadecimal; that of the file otherwise. 本市另行公布的公钥。"`
	Local   code   `help:"Province whose rules are asked too 省份: sichuan or hainan."`
	Format  string `help:"text or json." enum:"text,json" default:"text"`
}

// Help is said under the flags.
func (councilVerifyVerb) Help() string {
	return `Recomputes hashes, signature, roll, ballots, counts, result and thresholds. Exit 0: everything holds. Exit 1: something does not, with the
reasons. Exit 2: a file that cannot be read.

退出码 0：核验通过；1：未通过，列出原因；2：文件无法读取。`
}

// Run prints the report. Error: errFailed, or unreadable for a file that cannot be read.
func (v councilVerifyVerb) Run() error {
	var err error
	if words, err = app.Catalogue(); err != nil {
		return err
	}
	raw, err := readBundle(v.File)
	if err != nil {
		return unreadable{err}
	}
	o := bundle.Options{Key: fold.Compact(v.Key), Decide: bundle.Law(string(v.Local))}
	if v.Earlier != "" {
		if o.Earlier, err = readBundle(v.Earlier); err != nil {
			return unreadable{err}
		}
	}
	r := bundle.Verify(raw, o)
	if v.Format == "json" {
		err = printJSON(r)
	} else {
		printVerification(&r)
	}
	if err == nil && len(r.Findings) > 0 {
		err = errFailed
	}
	return err
}

func readBundle(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, bundle.MaxSize+1))
	if err == nil && len(raw) > bundle.MaxSize {
		err = fmt.Errorf("%s is larger than %d bytes", name, bundle.MaxSize)
	}
	return raw, err
}

func printVerification(r *bundle.Report) {
	say := func(key string, pairs ...any) string { return words.T(language(), "council.verify."+key, pairs...) }
	for _, f := range r.Findings {
		at := ""
		if f.Entry >= 0 {
			at = say("entry", "n", f.Entry+1)
		}
		fmt.Printf("%s\t%s%s\t%s\n", f.Code, at, say(f.Code), f.Text)
	}
	switch {
	case len(r.Findings) > 0:
		fmt.Println(say("failed"))
	case r.Snapshot == nil:
		fmt.Println(say("open", "entries", r.Entries))
	default:
		fmt.Println(say("ok", "entries", r.Entries))
	}
	if r.Root != "" {
		fmt.Println(say("root", "root", r.Root))
		fmt.Println(say("key", "fingerprint", r.Fingerprint))
	}
}
