// Package money writes amounts. Money is whole fen (1/100 yuan) everywhere; only a face shows yuan.
package money

import "strconv"

// Yuan is an amount of fen as people write it in yuan: 1,234.50, -0.05.
func Yuan(fen int64) string {
	s, sign := strconv.FormatInt(fen, 10), ""
	if fen < 0 {
		sign, s = "-", s[1:]
	}
	for len(s) < 3 {
		s = "0" + s
	}
	whole, rest := s[:len(s)-2], s[len(s)-2:]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + "." + rest
}
