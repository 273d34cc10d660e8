package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// A follow code such as 320706-7K3M-9QPT-X2VD lets its holder see and answer one case without
// an account. The six digits say in which county to look; the twelve characters are 60 bits
// that only the holder of the platform's root key can make, so nobody can guess them and the
// database, which keeps a hash, does not know them.
const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford: no I L O U

func (s *Service) codeOf(c *Case) string {
	sum := s.People.Ring.Digest("follow code", c.ID)
	var b strings.Builder
	b.WriteString(c.Shard)
	var bits uint64
	for _, x := range sum[:8] {
		bits = bits<<8 | uint64(x)
	}
	for i := range 12 {
		if i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[bits>>(59-5*i)&31])
	}
	return b.String()
}

// parseCode reads a code as people type it: any case, spaces or none, O for 0, I and L for 1.
func parseCode(s string) (shard, code string, ok bool) {
	if len(s) > 64 {
		return "", "", false
	}
	s = strings.ToUpper(s)
	var clean strings.Builder
	for _, r := range s {
		switch {
		case r == 'O':
			clean.WriteByte('0')
		case r == 'I' || r == 'L':
			clean.WriteByte('1')
		case strings.ContainsRune(codeAlphabet, r):
			clean.WriteRune(r)
		case r == '-' || r == ' ' || r == '–' || r == '—' || r == '－' || r == '\u3000':
		default:
			return "", "", false
		}
	}
	t := clean.String()
	if len(t) != 18 {
		return "", "", false
	}
	return t[:6], t[:6] + "-" + t[6:10] + "-" + t[10:14] + "-" + t[14:], true
}

// codeHash is what is stored of a code: keyed, so that whoever holds the database alone cannot try
// codes against it.
func (s *Service) codeHash(code string) string {
	return hex.EncodeToString(s.People.Ring.Digest("follow code hash", code))
}

// formerHash is what was stored of codes before their hash was keyed.
func formerHash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

func numberOf(day, shard string, n int) string {
	return fmt.Sprintf("%s-%s-%05d", strings.ReplaceAll(day, "-", ""), shard, n)
}
