package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"linli/internal/platform/fold"
)

// day is a day of the command line however it is written.
type day string

// UnmarshalText folds it to YYYY-MM-DD; what is no day is left to the check that names the flag.
func (d *day) UnmarshalText(raw []byte) error {
	*d = day(fold.KeepDay(string(raw)))
	return nil
}

// code is a code, a login or a name of a thing of the command line: full-width forms, blanks and marks that are
// not seen do not count.
type code string

// UnmarshalText folds it.
func (c *code) UnmarshalText(raw []byte) error {
	*c = code(fold.Compact(string(raw)))
	return nil
}

// instant is a day and a time of the command line, as clock.Parse reads them.
type instant string

// UnmarshalText folds the day to YYYY-MM-DD and the time as a code; what is none is left to the check.
func (i *instant) UnmarshalText(raw []byte) error {
	s := fold.Code(string(raw))
	if at := strings.LastIndexAny(s, "T "); at > 0 {
		s = fold.KeepDay(s[:at]) + "T" + s[at+1:]
	} else {
		s = fold.KeepDay(s)
	}
	*i = instant(s)
	return nil
}

// numbers reads the numbers of the command line folded: whole numbers and lengths of time.
func numbers() kong.Option {
	number := func(read func(string, reflect.Value) error) kong.Mapper {
		return kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
			t, err := ctx.Scan.PopValue("number")
			if err != nil {
				return err
			}
			return read(fold.Compact(fmt.Sprint(t.Value)), target)
		})
	}
	return kong.OptionFunc(func(k *kong.Kong) error {
		for _, o := range []kong.Option{
			kong.KindMapper(reflect.Int, number(func(s string, target reflect.Value) error {
				n, err := strconv.ParseInt(s, 10, 64)
				if err != nil {
					return fmt.Errorf("expected a whole number but got %q", s)
				}
				target.SetInt(n)
				return nil
			})),
			kong.KindMapper(reflect.Uint64, number(func(s string, target reflect.Value) error {
				n, err := strconv.ParseUint(s, 10, 64)
				if err != nil {
					return fmt.Errorf("expected a whole number from 0 but got %q", s)
				}
				target.SetUint(n)
				return nil
			})),
			kong.TypeMapper(reflect.TypeFor[time.Duration](), number(func(s string, target reflect.Value) error {
				d, err := time.ParseDuration(s)
				if err != nil {
					return fmt.Errorf("expected a length of time such as 10s or 24h but got %q", s)
				}
				target.SetInt(int64(d))
				return nil
			})),
		} {
			if err := o.Apply(k); err != nil {
				return err
			}
		}
		return nil
	})
}
