package idcode

import (
	"strings"
	"testing"
	"time"
)

func FuzzParseResident(f *testing.F) {
	for _, s := range []string{"11010519491231002X", "34052419800101001x", " 110105194912310021", "", "Ⅹ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseResident(s, "2026-03-02")
		if err != nil {
			return
		}
		// ISO 7064 MOD 11-2: the sum of a_i · 2^(18-i) over all eighteen places is 1 modulo 11.
		sum := 0
		for i := range 18 {
			value := int(r.Number[i] - '0')
			if r.Number[i] == 'X' {
				value = 10
			}
			sum = sum*2 + value
		}
		if sum%11 != 1 {
			t.Fatalf("%q is accepted with a sum of %d", s, sum%11)
		}
		if day, err := time.Parse("20060102", r.Number[6:14]); err != nil || day.Format(time.DateOnly) != r.Birth {
			t.Fatalf("%q is accepted with the birth %s", s, r.Birth)
		}
		if again, err := ParseResident(r.Number, "2026-03-02"); err != nil || again != r {
			t.Fatalf("%q reads differently the second time: %+v, %v", s, again, err)
		}
		if strings.Contains(MaskID(s), r.Number[6:14]) {
			t.Fatal("the mask shows the birth")
		}
	})
}

func FuzzParseCredit(f *testing.F) {
	for _, s := range []string{"91350100M000100Y43", "91350100m000100y43", "", "52320700MJ0000000X"} {
		f.Add(s)
	}
	values := map[rune]int{}
	for i, r := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		values[r] = i
	}
	powers := [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCredit(s)
		if err != nil {
			return
		}
		sum := values[rune(c.Code[17])]
		for i, p := range powers {
			sum += values[rune(c.Code[i])] * p
		}
		if sum%31 != 0 {
			t.Fatalf("%q is accepted with a sum of %d", s, sum%31)
		}
		if strings.ContainsAny(c.Code, "IOSVZ") || len(c.Organisation) != 9 {
			t.Fatalf("%q is accepted as %+v", s, c)
		}
		if again, err := ParseCredit(c.Code); err != nil || again != c {
			t.Fatalf("%q reads differently the second time: %+v, %v", s, again, err)
		}
	})
}

func FuzzParsePhoneAndArea(f *testing.F) {
	for _, s := range []string{"13812345678", "+86 518 8541 2345", "021-22345678-0123", "320703001007", "320703000000", "00", "+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := ParsePhone(s); err == nil {
			if again, err := ParsePhone(p.Number); err != nil || again != p {
				t.Fatalf("%q: %+v reads as %+v, %v", s, p, again, err)
			}
		}
		if a, err := ParseArea(s); err == nil {
			if again, err := ParseArea(a.Code); err != nil || again != a {
				t.Fatalf("%q: %+v reads as %+v, %v", s, a, again, err)
			}
		}
		MaskName(s)
		MaskPhone(s)
		MaskID(s)
	})
}
