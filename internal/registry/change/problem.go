package change

import (
	"fmt"
	"strings"
	"sync"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// Problem is one thing wrong with a file: where, and the key of the sentence that says what.
type Problem struct {
	File string
	Line int // from 1; 0 is the whole file
	Key  string
	Args errs.Args
}

func newProblem(file string, line int, key string, args ...any) Problem {
	p := Problem{File: file, Line: line, Key: key, Args: errs.Args{}}
	for i := 0; i+1 < len(args); i += 2 {
		p.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return p
}

// Location is the file and the line.
func (p Problem) Location() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// ImportError refuses files as a whole: nothing of them is loaded. It holds up to 20 problems.
type ImportError struct{ Problems []Problem }

// Error tells every problem in English, one a line, for logs and the command line.
func (e *ImportError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		sentence := english().Sentence(text.English, "error."+p.Key, p.Args)
		lines[i] = p.Location() + ": " + sentence
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the refusal that every face can word.
func (e *ImportError) Unwrap() error {
	refusal := errs.New(errs.Invalid, "registry.import.refused").With("count", len(e.Problems))
	for _, p := range e.Problems {
		refusal.Fields = append(refusal.Fields, errs.Field{Location: p.Location(), Key: p.Key, Args: p.Args})
	}
	return refusal
}

var english = sync.OnceValue(func() *text.Catalogue {
	c, err := text.New(Texts)
	if err != nil {
		panic(err)
	}
	return c
})
