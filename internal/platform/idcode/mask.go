package idcode

import (
	"strings"
	"unicode/utf8"

	"linli/internal/platform/fold"
)

// MaskName hides a person's name: 王五 as 王*, 张小三 as 张*三, and a longer name, which may be of
// a compound surname, another people or country, as its first character and two stars.
func MaskName(name string) string {
	name = strings.TrimSpace(name)
	first, last, n := fold.Ends(name)
	if first == "" || !utf8.ValidString(first) {
		return strings.Repeat("*", min(len(name), 1))
	}
	switch n {
	case 1:
		return "*"
	case 2:
		return first + "*"
	case 3:
		return first + "*" + last
	default:
		return first + "**"
	}
}

// MaskPhone hides the middle of a telephone number: 138****5678, 0518-****2345. What is no mainland
// number is hidden whole.
func MaskPhone(phone string) string {
	if strings.TrimSpace(phone) == "" {
		return ""
	}
	p, err := ParsePhone(phone)
	if err != nil {
		return "****"
	}
	if p.Kind == Mobile {
		return p.Number[:3] + "****" + p.Number[7:]
	}
	area, local, _ := strings.Cut(p.Number, "-")
	local, _, _ = strings.Cut(local, "-")
	return area + "-****" + local[len(local)-4:]
}

// MaskMail hides a mail address but for its first letter and its domain: l****@example.cn.
func MaskMail(address string) string {
	name, domain, ok := strings.Cut(address, "@")
	if !ok || name == "" {
		return strings.Repeat("*", min(4, len(address)))
	}
	first, _, _ := fold.Ends(name)
	return first + "****@" + domain
}

// MaskID hides an identity number or another code: the first four and the last two characters stay,
// and nothing of a code under ten characters.
func MaskID(id string) string {
	if len(id) <= maxInput {
		id = fold.Compact(id)
	}
	if id == "" {
		return ""
	}
	r := []rune(id)
	if len(r) < 10 || len(r) > maxInput {
		return "****"
	}
	return string(r[:4]) + strings.Repeat("*", len(r)-6) + string(r[len(r)-2:])
}
