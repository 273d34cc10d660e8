package idcode_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"linli/internal/platform/idcode"
)

// spelt writes digits as somebody may: in a width, parted after groups of a size by a sign.
func spelt(t *rapid.T, digits string) string {
	wide := rapid.Bool().Draw(t, "wide")
	size := rapid.SampledFrom([]int{1, 3, 4, 19}).Draw(t, "size")
	sign := rapid.SampledFrom([]string{"", " ", ".", "-", "·", "　", "－", "．", "\u200b", "\u00a0", "–"}).Draw(t, "sign")
	var b strings.Builder
	for i, r := range digits {
		if i > 0 && i%size == 0 {
			b.WriteString(sign)
		}
		switch {
		case wide && r == 'X':
			r = 'Ｘ'
		case wide:
			r += '０' - '0'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func drawDigits(t *rapid.T, n int) string {
	return rapid.StringOfN(rapid.SampledFrom([]rune("0123456789")), n, n, -1).Draw(t, "digits")
}

// legible are the digits and letters of a text, in their one width.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r >= '0' && r <= '9', r == '*':
			return r
		}
		return -1
	}, text)
}

// However a number of a person is written among words, nobody reads it whole.
func TestNoNumberOfAPersonIsLegible(t *testing.T) {
	t.Parallel()
	prefixes := []string{"", "+86", "+86 ", "0086", "86-", "(+86)", "（86）", "＋86"}
	words := []string{"", "电话", "联系我：", "tel", "手机号", "，", "\n", "。 "}
	rapid.Check(t, func(t *rapid.T) {
		number, prefix := "", ""
		switch rapid.SampledFrom([]string{"mobile", "identity", "card"}).Draw(t, "kind") {
		case "mobile":
			number = "1" + rapid.SampledFrom([]string{"3", "5", "7", "8", "9"}).Draw(t, "second") + drawDigits(t, 9)
			prefix = rapid.SampledFrom(prefixes).Draw(t, "prefix")
		case "identity":
			number = "320703" + "19" + rapid.SampledFrom([]string{"491231", "900101", "640229"}).Draw(t, "born") + drawDigits(t,
				3) + rapid.SampledFrom([]string{"X", "0", "7"}).Draw(t, "check")
		case "card":
			number = "62" + drawDigits(t, rapid.SampledFrom([]int{14, 15, 17}).Draw(t, "length"))
		}
		text := rapid.SampledFrom(words).Draw(t, "before") + prefix + spelt(t,
			number) + rapid.SampledFrom(append(words[:1:1], "，谢谢", "。", "\n", "（李）")).Draw(t, "after")
		whole := strings.TrimRight(number, "X")
		for name, shown := range map[string]string{"masked": idcode.MaskNumbers(text), "text": idcode.MaskText(text),
			"hidden": idcode.HideNumbers(text)} {
			read := legible(shown)
			for i := 0; i+8 <= len(whole); i++ {
				if strings.Contains(read, whole[i:i+8]) {
					t.Fatalf("%s %q leaves %q", name, text, shown)
				}
			}
			if name == "hidden" && strings.ContainsFunc(strings.ReplaceAll(shown, "86", ""), unicode.IsDigit) {
				t.Fatalf("%q is hidden as %q", text, shown)
			}
		}
	})
}

// What is no number of a person stays as it is.
func TestOtherNumbersStay(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-11-23 10:30", "20261123-320703-00001", "3 号楼 502 室", "01a20790-635e-78b6-893e-139123456789",
		"320703001007", "1767196800000", "2026.11.23，2026.11.24", "共 1 2 3 4 项"} {
		if got := idcode.MaskNumbers(text); got != text {
			t.Errorf("%q: %q", text, got)
		}
	}
	for text, want := range map[string]string{"0518-85801234": "0518-****1234", "门牌 502 19900004321": "门牌 502 199****4321",
		"1.3.8.0.0.0.0.4.3.2.1": "138****4321", "卡号 6222 0213 1234 5678 903": "卡号 6222*************03"} {
		if got := idcode.MaskNumbers(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
